"""The clocks of a case as people are shown them: due, days left, whether it may still move, and why."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.base.clock import OFFICE_ZONE, office_date
from tongban.base.compiled import together
from tongban.base.templatetags.words import date_words, labelled, limit_words
from tongban.calendar import queries as calendar
from tongban.calendar.rules import Explanation, Limit, Policy, Stop, WorkingCalendar, days_left, explain, sentences
from tongban.cases.kinds import clock_words
from tongban.cases.models import Case, Clock, ClockExtension, ClockInterval
from tongban.cases.queries.clock_tables import rules_of
from tongban.cases.queries.dossier import clock_rows, extension_rows, stop_rows
from tongban.cases.queries.finishing import ClockEnd
from tongban.cases.rules import counting
from tongban.cases.rules.clock_table import FEE_UNPAID

if TYPE_CHECKING:
    from tongban.papers.models import Paper

OPEN = frozenset({"running", "stopped"})


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock: its label, due date, days left, and the sentences that explain it.

    While it stands, `days_left` is what is left of the limit when it runs on, in `unit`; else working days.
    """

    kind: str
    label: str
    due_on: date
    days_left: int | None
    provisional: bool
    state: str
    limit: str
    basis: str
    sentences: tuple[str, ...]
    is_superseded: bool = False
    """Whether a later clock of its kind has taken its place: it is explained, but not shown as a date."""
    unit: str = "working_day"
    stands_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """What has moved the ends of clocks: their stops and their extensions, by clock."""

    stops: dict[UUID, list[ClockInterval]]
    extensions: dict[UUID, list[ClockExtension]]

    def stops_until(self, clock: Clock, today: date, policy: Policy) -> list[Stop]:
        """Return the stops of a clock; one that is not over yet, as if it ended when today does."""
        tonight, rows = policy.end_of(today), self.stops.get(clock.id, ())
        return [Stop(row.since, row.until or max(tonight, row.since), ground_words(row)) for row in rows]

    def added(self, clock: Clock) -> list[Limit]:
        """Return what was added to a clock."""
        rows = self.extensions.get(clock.id, ())
        return [Limit(row.value, row.unit) for row in rows]  # type: ignore[arg-type]  # written from a Limit only

    def stood(self, clock: Clock) -> list[counting.Stood]:
        """Return the stops of a clock for people."""
        return [
            counting.Stood(row.since, row.until, suspension_words(row), ground_words(row), _number(stop_paper(row)))
            for row in self.stops.get(clock.id, ())
        ]

    def lengthened(self, clock: Clock) -> list[counting.Lengthened]:
        """Return the extensions of a clock for people."""
        rows = self.extensions.get(clock.id, ())
        return [counting.Lengthened(row.granted_at, row.reasons, _number(row.paper)) for row in rows]

    def stands_since(self, clock: Clock) -> datetime | None:
        """Return since when a clock stands; None when it does not."""
        return next((row.since for row in self.stops.get(clock.id, ()) if row.until is None), None)

    def before(self, at: datetime) -> "Moves":
        """Return what had moved them before an instant; a stop that was not over then stands."""
        stops = {
            clock_id: [_as_open_at(row, at) for row in rows if row.since < at] for clock_id, rows in self.stops.items()
        }
        added = {clock_id: [row for row in rows if row.granted_at < at] for clock_id, rows in self.extensions.items()}
        return Moves(stops, added)


def _as_open_at(row: ClockInterval, at: datetime) -> ClockInterval:
    if row.until is None or row.until < at:
        return row
    standing = copy(row)
    standing.until = None
    return standing


def suspension_words(row: ClockInterval) -> str:
    """Return which special procedure a clock stood for, or that a law ordered it; else it waited for the applicant."""
    suspension = row.suspension
    if suspension is None and row.ground == FEE_UNPAID:
        return _("Waiting for the fee to be paid")
    if suspension is None:
        return _("Waiting for what was missing")
    return str(suspension.get_procedure_display() or suspension.get_kind_display())


def ground_words(row: ClockInterval) -> str:
    """Return why a clock stood: an official's words, or that a fee was owed in the reader's language."""
    return _("a fee was still to be paid") if row.suspension_id is None and row.ground == FEE_UNPAID else row.ground


def stop_paper(row: ClockInterval) -> "Paper | None":
    """Return the paper that told of a stop."""
    return row.suspension.paper if row.suspension else None


def _number(paper: "Paper | None") -> str:
    return paper.number if paper else ""


def moves_of(stops: Iterable[ClockInterval], extensions: Iterable[ClockExtension]) -> Moves:
    """Sort stops and extensions by their clock."""
    moves = Moves({}, {})
    for stop in stops:
        moves.stops.setdefault(stop.clock_id, []).append(stop)
    for extension in extensions:
        moves.extensions.setdefault(extension.clock_id, []).append(extension)
    return moves


def clocks_of(case: Case, *, today: date, for_applicant: bool) -> list[ClockShown]:
    """Return the clocks of a case, the running ones first. Applicants are not shown limits for supervision."""
    rows, stops, extensions, content = together(
        clock_rows.asking(case.id),
        stop_rows.asking(case.id),
        extension_rows.asking(case.id),
        calendar.calendar_content.asking(),
    )
    moves = moves_of(stops, extensions)
    return clocks_shown(case, rows, moves, calendar.calendar_of(content), today=today, for_applicant=for_applicant)


def clocks_shown(
    case: Case,
    rows: Sequence[Clock],
    moves: Moves,
    reckoned: WorkingCalendar,
    *,
    today: date,
    for_applicant: bool,
    steps: Mapping[UUID, str] | None = None,
) -> list[ClockShown]:
    """Return the same of rows that are at hand; `steps` are the names of tasks, for clocks of a step."""
    standing = told_to(case, rows, for_applicant=for_applicant)
    latest = {(clock.kind, clock.task_id): clock.id for clock in standing}
    shown = [
        replace(
            clock_shown(case, clock, moves, counted_by(clock, moves, reckoned, today=today), today=today, steps=steps),
            is_superseded=latest[clock.kind, clock.task_id] != clock.id or _is_past_step(clock),
        )
        for clock in standing
    ]
    return sorted(shown, key=_order)


def _with_joint_rule(case: Case, shown: ClockShown) -> ClockShown:
    """Tell which limit was taken where several offices handle the case together."""
    rule = rules_of(case).rule_of(shown.kind, "acceptance") if case.is_joint else None
    if rule is None or rule.joint is None:
        return shown
    joint = limit_words(rule.joint.value, rule.joint.unit)
    if shown.limit == joint:
        said = _("Several offices handle it together, so their limit of %(limit)s applies.") % {"limit": joint}
    else:
        said = _("Several offices handle it together; another law's own limit goes before that of %(limit)s.") % {
            "limit": joint
        }
    first, *others = shown.sentences
    return replace(shown, sentences=(first, said, *others))


def _order(clock: ClockShown) -> tuple[bool, date]:
    return clock.state not in OPEN, clock.due_on


def _is_past_step(clock: Clock) -> bool:
    """Whether it is a step's that is over: there may be many, so they are explained and not shown as dates."""
    return clock.kind == Clock.Kind.STEP and clock.state == Clock.State.ENDED


def told_to(case: Case, rows: Sequence[Clock], *, for_applicant: bool) -> list[Clock]:
    """Return the clocks that a reader is shown."""
    told = rules_of(case).told if for_applicant else frozenset()
    return [clock for clock in rows if not for_applicant or clock.kind in told]


@dataclass(frozen=True, slots=True)
class Counted:
    """How a clock is counted: by which calendar, to which end, and how much of its limit is used up."""

    calendar: WorkingCalendar
    explanation: Explanation
    use: counting.Use | None


def counted_by(clock: Clock, moves: Moves, reckoned: WorkingCalendar, *, today: date) -> Counted:
    """Return how a clock is counted by a calendar as a day ends, or was when it ended.

    A clock that had ended before the calendar was corrected keeps its end, and the days of the calendar that was known
    when it ended.
    """
    explanation = explanation_of(clock, moves, reckoned, today=today)
    if clock.state != Clock.State.ENDED or clock.ended_at is None:
        at = reckoned.policy_on(clock.started_at).end_of(today)
        return _counted(clock, explanation, reckoned, today, at)
    if explanation.due.day != clock.due_on:
        reckoned = calendar.calendar_as_of(clock.ended_at)
        explanation = explanation_of(clock, moves, reckoned, today=today)
    return _counted(clock, explanation, reckoned, office_date(clock.ended_at), clock.ended_at)


def _counted(clock: Clock, explanation: Explanation, reckoned: WorkingCalendar, day: date, at: datetime) -> Counted:
    policy = reckoned.policy_on(clock.started_at)
    return Counted(reckoned, explanation, counting.use_of(explanation, clock.started_at, day, at, reckoned, policy))


def clock_shown(
    case: Case, clock: Clock, moves: Moves, counted: Counted, *, today: date, steps: Mapping[UUID, str] | None = None
) -> ClockShown:
    """Return one clock of a case as people are shown it; `steps` are the names of tasks."""
    use, names = counted.use, steps or {}
    stands_since = moves.stands_since(clock) if clock.state == Clock.State.STOPPED else None
    running = clock.state == Clock.State.RUNNING
    left = days_left(today, clock.due_on, counted.calendar) if running else use.left if use and stands_since else None
    shown = ClockShown(
        kind=clock.kind,
        label=labelled(clock_words(clock.kind), names.get(clock.task_id, "") if clock.task_id else ""),
        due_on=clock.due_on,
        days_left=left,
        provisional=clock.provisional,
        state=state_of(clock),
        limit=limit_words(clock.limit_value, clock.limit_unit),
        basis=clock.basis,
        sentences=tuple(_sentences(clock, moves, counted, today)),
        unit=use.unit if use and stands_since else "working_day",
        stands_since=stands_since,
    )
    return _with_joint_rule(case, shown)


def state_of(clock: Clock) -> str:
    """Return whether a clock runs, stands, or ended in time or not: running, stopped, met, missed.

    One whose end had an effect by law tells that: deemed_accepted, deemed_renewed.
    """
    if clock.state != Clock.State.ENDED:
        return str(clock.state)
    if clock.ended_by and clock.ended_by == clock.at_end:
        return clock.ended_by
    if clock.ended_at is None:
        return "met"
    return "met" if ClockEnd(clock.due_on, clock.due_at).met_by(clock.ended_at) else "missed"


def explanation_of(clock: Clock, moves: Moves, reckoned: WorkingCalendar, *, today: date) -> Explanation:
    """Return how the end of a clock came about, day by day; of a clock that stands, as if it ran on from tomorrow."""
    policy = reckoned.policy_on(clock.started_at)
    return explain(
        Limit(clock.limit_value, clock.limit_unit),  # type: ignore[arg-type]  # written from a Limit only
        clock.started_at,
        reckoned,
        policy,
        stops=moves.stops_until(clock, today, policy),
        extensions=moves.added(clock),
    )


def _sentences(clock: Clock, moves: Moves, counted: Counted, today: date) -> list[str]:
    stands = clock.state == Clock.State.STOPPED
    day = office_date(clock.ended_at) if clock.state == Clock.State.ENDED and clock.ended_at else today
    found = [_rule(clock), *sentences(counted.explanation, until=today if stands else None)]
    found += counting.moved_sentences(moves.stood(clock), moves.lengthened(clock))
    found += [counting.use_sentence(counted.use, str(clock.state), day), _late(clock, counted.calendar)]
    return [said for said in found if said]


def _late(clock: Clock, reckoned: WorkingCalendar) -> str:
    """Tell by how much a clock was late that ended so."""
    if clock.ended_at is None or state_of(clock) != "missed":
        return ""
    return counting.late_sentence(clock.ended_at, -days_left(office_date(clock.ended_at), clock.due_on, reckoned))


def _rule(clock: Clock) -> str:
    """Tell the limit and its basis; from when it runs is told by how it is counted."""
    values = {
        "name": clock_words(clock.kind),
        "limit": limit_words(clock.limit_value, clock.limit_unit),
        "basis": clock.basis,
    }
    if clock.limit_unit == "fixed_day":
        return _("%(name)s: %(due)s, by %(basis)s.") % {**values, "due": date_words(clock.due_on)}
    if clock.basis:
        return _("%(name)s: %(limit)s, by %(basis)s.") % values
    return _("%(name)s: %(limit)s.") % values


def clock_as_of(clock: Clock, moves: Moves, reckoned: WorkingCalendar, *, day: date) -> Clock:
    """Return a clock as it stood when a day was over, never to be saved: `moves` are those from before its end."""
    at = end_of_date(day)
    then = copy(clock)
    if then.ended_at is not None and then.ended_at >= at:
        then.ended_at, then.ended_by, then.state = None, "", Clock.State.RUNNING
    if then.state != Clock.State.ENDED:
        then.state = Clock.State.STOPPED if moves.stands_since(clock) else Clock.State.RUNNING
        ends = explanation_of(then, moves, reckoned, today=day).due
        then.due_on, then.due_at, then.provisional = ends.day, ends.at, ends.provisional
    return then


def end_of_date(day: date) -> datetime:
    """Return the midnight with which a date is over: all that happened on it has happened before."""
    return datetime.combine(day + timedelta(days=1), time(), OFFICE_ZONE)
