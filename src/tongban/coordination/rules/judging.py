"""What stands against a case, by the facts and the table. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tongban.base.clock import office_date
from tongban.calendar.rules import WorkingCalendar, working_days_between
from tongban.cases.queries import RunningClock, Watched
from tongban.coordination.rules.table import BY_CLOCK, Rules, WatchRule
from tongban.coordination.rules.thresholds import behind, cutoff


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something a rule finds wrong: about what, since when if it is known, at which post, with which due day."""

    rule: WatchRule
    about_id: UUID
    since: datetime | None = None
    post_id: UUID | None = None
    official_id: UUID | None = None
    due_on: date | None = None

    @property
    def name(self) -> tuple[str, UUID]:
        """What makes it the same on the next look."""
        return self.rule.key, self.about_id


def wrongs(case: Watched, rules: Rules, today: date, calendar: WorkingCalendar) -> list[Wrong]:
    """Return all that stands against a case today."""
    found = list(_of_clocks(case, rules.active, today, calendar))
    for rule in rules.active:
        judge = _JUDGES.get(rule.watch)
        if judge is not None:
            found += judge(rule, case, calendar)
    return [*found, *_bad_rating(case, rules.active, today, calendar)]


def _of_clocks(case: Watched, rules: Iterable[WatchRule], today: date, calendar: WorkingCalendar) -> Iterator[Wrong]:
    """Go through the clocks: of several rules that a clock has crossed the furthest one counts."""
    watching = [rule for rule in rules if rule.watch in BY_CLOCK]
    for clock in case.clocks:
        over = [
            (before, rule.watch == "near_due", place, rule)
            for place, rule in enumerate(watching)
            if rule.is_about_clock(clock.kind)
            and (before := cutoff(rule, clock.limits, today, calendar)) is not None
            and clock.due_on < before
        ]
        if over:
            rule = min(over, key=lambda one: one[:3])[-1]
            post_id, official_id = _who(case, clock)
            yield Wrong(rule, clock.id, post_id=post_id, official_id=official_id, due_on=clock.due_on)


def _who(case: Watched, clock: RunningClock) -> tuple[UUID | None, UUID | None]:
    """Return the post and the official a clock measures: of its step, else of the first task that is open."""
    tasks = [task for task in case.tasks if clock.task_id in (None, task.id)] or case.tasks
    return (tasks[0].post_id, tasks[0].holder_id) if tasks else (None, None)


def _bad_rating(case: Watched, rules: Iterable[WatchRule], today: date, calendar: WorkingCalendar) -> Iterator[Wrong]:
    if case.bad_rating is None:
        return
    rating_id, at = case.bad_rating
    over = [
        rule for rule in rules if rule.watch == "bad_rating" and office_date(at) < behind(today, rule.value, calendar)
    ]
    if over:
        yield Wrong(max(over, key=lambda rule: rule.value), rating_id)


Judge = Callable[[WatchRule, Watched, WorkingCalendar], Iterable[Wrong]]


def _second_supplement(rule: WatchRule, case: Watched, _calendar: WorkingCalendar) -> Iterator[Wrong]:
    for request_id, at, post_id in case.second_supplements:
        yield Wrong(rule, request_id, at, post_id)


def _passed_around(rule: WatchRule, case: Watched, _calendar: WorkingCalendar) -> Iterator[Wrong]:
    if case.passed_around > rule.value:
        task = case.tasks[0] if case.tasks else None
        yield Wrong(rule, case.id, case.last_passed_at, task.post_id if task else None)


def _passed_on_late(rule: WatchRule, case: Watched, calendar: WorkingCalendar) -> Iterator[Wrong]:
    for task_id, came, went, post_id in case.passed_on:
        if working_days_between(office_date(came), office_date(went), calendar) > rule.value:
            yield Wrong(rule, task_id, went, post_id)


def _no_reasons(rule: WatchRule, case: Watched, _calendar: WorkingCalendar) -> Iterator[Wrong]:
    for refusal in case.refusals:
        if refusal.characters < rule.value:
            yield Wrong(rule, refusal.id, refusal.at, refusal.post_id, refusal.official_id)


def _step_skipped(rule: WatchRule, case: Watched, _calendar: WorkingCalendar) -> Iterator[Wrong]:
    for task_id, at, post_id in case.skipped:
        yield Wrong(rule, task_id, at, post_id)


def _deemed_accepted(rule: WatchRule, case: Watched, _calendar: WorkingCalendar) -> Iterator[Wrong]:
    if case.acceptance_is_deemed:
        yield Wrong(rule, case.id)


_JUDGES: Mapping[str, Judge] = {
    "second_supplement": _second_supplement,
    "passed_around": _passed_around,
    "passed_on_late": _passed_on_late,
    "no_reasons": _no_reasons,
    "step_skipped": _step_skipped,
    "deemed_accepted": _deemed_accepted,
}
