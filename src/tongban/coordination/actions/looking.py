"""Look for what is late or wrong, and settle what stands against cases. A second look changes nothing.

Thresholds become days once for a look. Read are only the clocks whose threshold has been crossed since the last one
(`Look.reached`), by their index; what moves a clock meanwhile comes as an event and settles its case at once. A look at
the whole, each night and after a change of the rules, reads all that is over.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tongban.base.actor import SYSTEM
from tongban.base.clock import OFFICE_ZONE, office_date
from tongban.base.rows import changed, new, write
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
from tongban.coordination.rules.thresholds import LONGEST_LIMIT, Cutoff, behind, cutoffs
from tongban.ledger import actions as ledger

if TYPE_CHECKING:
    from tongban.cases.models import Clock

BATCH = 200
"""Cases that are settled in one transaction."""


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
        for cutoff in _cutoffs(rule, today, days):
            since = date.fromisoformat(reached[cutoff.name]) if cutoff.name in reached else None
            for some in _crossed(rule, cutoff, since):
                _settle_new(some, seen, now)
            reached[cutoff.name] = max(cutoff.before, since or cutoff.before).isoformat()
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


def _cutoffs(rule: WatchRule, today: date, days: WorkingCalendar) -> Iterator[Cutoff]:
    if rule.watch in BY_CLOCK:
        yield from cutoffs(rule, today, days)
    elif rule.watch == "bad_rating":
        yield Cutoff(rule.key, behind(today, rule.value, days))


def _crossed(rule: WatchRule, cutoff: Cutoff, since: date | None) -> Iterator[Collection[UUID]]:
    """Go through the cases that have crossed a cutoff which they had not crossed at the last look."""
    if since is not None and since >= cutoff.before:
        return
    if rule.watch == "bad_rating":
        rated = cases.cases_badly_rated_before(_midnight(cutoff.before), since=_midnight(since) if since else None)
        yield from (rated[place : place + BATCH] for place in range(0, len(rated), BATCH))
        return
    kinds = [kind for kind in CLOCKS if rule.is_about_clock(kind)]
    yield from cases.cases_of_clocks(
        _of(cases.clocks_due_before(cutoff.before, kinds, since=since), cutoff), batch=BATCH
    )


def _of(clocks: "QuerySet[Clock]", cutoff: Cutoff) -> "QuerySet[Clock]":
    if not cutoff.unit:
        return clocks
    found = clocks.filter(limit_unit=cutoff.unit, limit_value__gte=cutoff.shortest)
    return found if cutoff.longest >= LONGEST_LIMIT else found.filter(limit_value__lte=cutoff.longest)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, OFFICE_ZONE)


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
    today, days, rules = office_date(now), calendar.working_calendar(), rules_in(table)
    known = _known(held)
    for case in cases.watched(held):
        before = known.get(case.id, {})
        found = {wrong.name: wrong for wrong in wrongs(case, rules, today, days)}
        _end(before.values(), found, now)
        fresh = [wrong for name, wrong in found.items() if not _stands(before.get(name), wrong)]
        _raise(case, fresh, table, now)
    return len(held)


def _known(case_ids: Collection[UUID]) -> dict[UUID, dict[tuple[str, UUID], Finding]]:
    """Return by case what stands against it, and what stood and stays so."""
    found: dict[UUID, dict[tuple[str, UUID], Finding]] = {}
    rows = Finding.objects.filter(case_id__in=case_ids)
    for row in rows.filter(ended_at__isnull=True).union(rows.filter(lasting=True)):
        found.setdefault(row.case_id, {})[row.rule, row.about_id] = row
    return found


def _stands(known: Finding | None, wrong: Wrong) -> bool:
    return known is not None and (known.lasting or known.colour == wrong.rule.colour)


def _end(standing: Iterable[Finding], found: dict[tuple[str, UUID], Wrong], now: datetime) -> None:
    for finding in standing:
        wrong = found.get((finding.rule, finding.about_id))
        if finding.lasting or (wrong is not None and _stands(finding, wrong)):
            continue
        finding.ended_at, finding.ended_why = now, Finding.Ended.OVER
        write(changed(finding, "ended_at", "ended_why"))
        event = WarningEnded(
            subject_id=finding.case_id,
            organisation_id=finding.organisation_id,
            finding_id=finding.id,
            watch=finding.watch,
            why=finding.ended_why,
        )
        ledger.record(event, actor=SYSTEM, now=now)


def _raise(case: cases.Watched, fresh: Iterable[Wrong], table: RuleTable, now: datetime) -> None:
    for wrong in fresh:
        finding = _finding(case, wrong, table, now)
        write(*new(finding))
        event = WarningRaised(
            subject_id=case.id,
            organisation_id=case.organisation_id,
            finding_id=finding.id,
            rule=finding.rule,
            watch=finding.watch,
            colour=finding.colour,
            version=table.version,
        )
        ledger.record(event, actor=SYSTEM, now=now)


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
