"""Look for what is late or wrong, and settle what stands against cases. A second look changes nothing.

Thresholds become days once for a look. Read are only the clocks whose threshold has been crossed since the last one
(`Look.reached`), by their index; for percentages, all that run, once a day. What moves a clock meanwhile comes as an
event and settles its case at once. A look at the whole, each night and after a change of the rules, reads all that is
over.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from tongban.base.actor import SYSTEM
from tongban.base.clock import midnight, office_date
from tongban.base.compiled import compiled_once, together
from tongban.base.rows import changed_alike, new, write
from tongban.calendar import queries as calendar
from tongban.calendar.rules import WorkingCalendar
from tongban.cases import actions as case_actions
from tongban.cases import queries as cases
from tongban.cases.kinds import CLOCKS
from tongban.coordination.events import WarningEnded, WarningRaised
from tongban.coordination.models import Finding, Look, RuleTable
from tongban.coordination.queries import in_force, rules_in
from tongban.coordination.rules.judging import Wrong, wrongs
from tongban.coordination.rules.table import BY_CLOCK, WatchRule
from tongban.coordination.rules.thresholds import behind, cutoff, cutoff_of_days
from tongban.ledger import actions as ledger

BATCH = 200
"""Cases that are settled in one transaction."""
ONE_DAY = timedelta(days=1)


def look(*, now: datetime, whole: bool = False) -> int:
    """Look at what has come due since the last look, or at the whole; returns how many cases were settled."""
    table = in_force()
    if table is None:
        return 0
    today, days = office_date(now), calendar.working_calendar()
    known = None if whole else Look.objects.filter(table=table).first()
    reached: dict[str, str] = dict(known.reached) if known else {}
    seen: set[UUID] = set()
    for rule in rules_in(table).active:
        before = _before(rule, today, days)
        if before is None:
            continue
        since = date.fromisoformat(reached[rule.key]) if rule.key in reached else None
        if since is None or since < before:
            for some in _crossed(rule, before, since, days):
                _settle_new(some, seen, now)
            reached[rule.key] = before.isoformat()
    if known is None:
        for some in _warned():
            _settle_new(some, seen, now)
    Look.objects.update_or_create(table=table, defaults={"reached": reached, "looked_at": now})
    return len(seen)


def _settle_new(case_ids: Iterable[UUID], seen: set[UUID], now: datetime) -> None:
    """Settle those that this look has not settled yet: a case is judged by all rules at once."""
    fresh = [case_id for case_id in case_ids if case_id not in seen]
    if fresh:
        settle(case_ids=fresh, now=now)
        seen.update(fresh)


def _before(rule: WatchRule, today: date, days: WorkingCalendar) -> date | None:
    """Return how far a rule looks today: before which due day, or day of rating; for percentages, tomorrow."""
    if rule.unit == "percent":
        return today + ONE_DAY
    if rule.watch in BY_CLOCK:
        return cutoff_of_days(rule, today, days)
    return behind(today, rule.value, days) if rule.watch == "bad_rating" else None


def _crossed(rule: WatchRule, before: date, since: date | None, days: WorkingCalendar) -> Iterator[Collection[UUID]]:
    """Go through the cases that have crossed a threshold which they had not crossed at the last look."""
    if rule.watch == "bad_rating":
        rated = cases.cases_badly_rated_before(midnight(before), since=midnight(since) if since else None)
        yield from (rated[place : place + BATCH] for place in range(0, len(rated), BATCH))
        return
    kinds = [kind for kind in CLOCKS if rule.is_about_clock(kind)]
    if rule.unit == "percent":
        yield from _crossed_shares(rule, kinds, before - ONE_DAY, since - ONE_DAY if since else None, days)
        return
    yield from cases.cases_of_clocks(cases.clocks_due_before(before, kinds, since=since), batch=BATCH)


def _crossed_shares(
    rule: WatchRule, kinds: Collection[str], today: date, last: date | None, days: WorkingCalendar
) -> Iterator[Collection[UUID]]:
    """Go through all running clocks, once a day: each limit has a cutoff of its own, by what was added to it."""
    now_before = cache(lambda limits: cutoff(rule, limits, today, days))
    then_before = cache(lambda limits: cutoff(rule, limits, last, days) if last else None)
    found: list[UUID] = []
    for case_id, due_on, limits in cases.running_clocks(kinds):
        before, was = now_before(limits), then_before(limits)
        if before is not None and due_on < before and (was is None or due_on >= was):
            found.append(case_id)
    yield from (found[place : place + BATCH] for place in range(0, len(found), BATCH))


def _warned() -> Iterator[Collection[UUID]]:
    """Go through the cases against which something stands that may be over."""
    standing = Finding.objects.filter(ended_at__isnull=True, lasting=False).order_by("case_id")
    place = UUID(int=0)
    while ids := list(standing.filter(case_id__gt=place).values_list("case_id", flat=True).distinct()[:BATCH]):
        yield ids
        place = ids[-1]


@transaction.atomic
def settle(*, case_ids: Iterable[UUID], now: datetime) -> int:
    """Put what stands against cases in order: raise what is new, end what is no longer so; returns how many cases.

    The cases are locked first: nobody moves a clock between looking and writing.
    """
    table = in_force()
    held = case_actions.hold_cases(case_ids) if table else []
    if table is None or not held:
        return 0
    ended: list[Finding] = []
    raised: list[Finding] = []
    happened: list[ledger.Entry] = []
    for case, over, fresh in _changes(held, table, now):
        findings = [_finding(case, wrong, table, now) for wrong in fresh]
        ended += over
        raised += findings
        happened += [ledger.Entry(event=_ended(finding, now), actor=SYSTEM) for finding in over]
        happened += [ledger.Entry(event=_raised(finding, table), actor=SYSTEM) for finding in findings]
    if happened:
        write(*changed_alike(ended, "ended_at", "ended_why"), *new(*raised), ledger.recorded(*happened, now=now))
    return len(held)


def unsettled(*, case_ids: Iterable[UUID], now: datetime) -> list[UUID]:
    """Return those of the cases that `settle` would write something about. Two statements, and nothing is locked."""
    table, ids = in_force(), sorted(set(case_ids))
    if table is None or not ids:
        return []
    return [case.id for case, over, fresh in _changes(ids, table, now) if over or fresh]


def _changes(
    case_ids: Collection[UUID], table: RuleTable, now: datetime
) -> Iterator[tuple[cases.Watched, list[Finding], list[Wrong]]]:
    """Go through cases with the warnings that are over, and what is newly wrong."""
    today, days, rules = office_date(now), calendar.working_calendar(), rules_in(table)
    standing, *facts = together(_known.asking(case_ids), *cases.facts_asked(case_ids))
    known: dict[UUID, dict[tuple[str, UUID], Finding]] = {}
    for row in standing:
        known.setdefault(row.case_id, {})[row.rule, row.about_id] = row
    for case in cases.watched_from(facts):
        before = known.get(case.id, {})
        found = {wrong.name: wrong for wrong in wrongs(case, rules, today, days)}
        over = [finding for name, finding in before.items() if _is_over(finding, found.get(name))]
        fresh = [wrong for name, wrong in found.items() if not _stands(before.get(name), wrong)]
        yield case, over, fresh


@compiled_once
def _known(case_ids: Collection[UUID]) -> QuerySet[Finding]:
    """Return what stands against cases, and what stood and stays so; what is open comes last."""
    known = Finding.objects.filter(Q(ended_at__isnull=True) | Q(lasting=True), case_id__in=case_ids)
    return known.order_by(F("ended_at").asc(nulls_last=True))


def _is_over(finding: Finding, wrong: Wrong | None) -> bool:
    return not finding.lasting and (wrong is None or not _stands(finding, wrong))


def _stands(known: Finding | None, wrong: Wrong) -> bool:
    return known is not None and (known.lasting or known.colour == wrong.rule.colour)


def _ended(finding: Finding, now: datetime) -> WarningEnded:
    """End a warning that is over, not written yet, and return what has happened with it."""
    finding.ended_at, finding.ended_why = now, Finding.Ended.OVER
    return WarningEnded(
        subject_id=finding.case_id,
        organisation_id=finding.organisation_id,
        finding_id=finding.id,
        watch=finding.watch,
        why=finding.ended_why,
    )


def _raised(finding: Finding, table: RuleTable) -> WarningRaised:
    return WarningRaised(
        subject_id=finding.case_id,
        organisation_id=finding.organisation_id,
        finding_id=finding.id,
        rule=finding.rule,
        watch=finding.watch,
        colour=finding.colour,
        version=table.version,
    )


def _finding(case: cases.Watched, wrong: Wrong, table: RuleTable, now: datetime) -> Finding:
    rule = wrong.rule
    after = rule.escalate_after
    return Finding(
        case_id=case.id,
        table=table,
        rule=rule.key,
        watch=rule.watch,
        colour=rule.colour,
        lasting=rule.is_lasting,
        about_id=wrong.about_id,
        organisation_id=case.organisation_id,
        post_id=wrong.post_id,
        official_id=wrong.official_id,
        item_code=case.item_code[:120],
        due_on=wrong.due_on,
        since=wrong.since or now,
        escalate_on=calendar.working_calendar().working_day_after(office_date(now), after) if after else None,
    )
