"""What happens by itself at the right moment. One round does a piece of each, so that any number of workers may go on.

Whatever fails is undone alone and left for the next minutes; everything else goes on. Nothing is remembered but what
stands in the database, so a round that was killed is begun again by whoever comes next.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from tongban.base.clock import office_date
from tongban.base.rows import changed_alike, write
from tongban.cases.actions import clocks, due
from tongban.cases.actions.deemed_acceptance import deem_accepted
from tongban.cases.actions.deemed_renewal import deem_renewed
from tongban.cases.actions.ending import lapse, not_answered
from tongban.cases.events import SuspensionOverdue
from tongban.cases.kinds import TermLimit, terms_of
from tongban.cases.models import Case, Clock, Suspension
from tongban.cases.queries.clock_tables import rules_of
from tongban.cases.rules.renewals import renewal_clock

AT_ONCE = 200
"""Cases of a batch: about a second's work, for which nobody else can have them."""

DATABASE_AWAY = (OperationalError, InterfaceError)
"""The database is away, or has ended a deadlock by this transaction: no case is to blame, the next round does it."""

Deem = Callable[..., list[UUID]]
logger = logging.getLogger("tongban.cases")


@dataclass(slots=True)
class Round:
    """What a round has done, which cases failed, and whether more may be waiting."""

    done: int = 0
    failed: set[UUID] = field(default_factory=set)
    more: bool = False


def act_on_what_is_due(*, now: datetime, apart: Collection[UUID] = (), limit: int = AT_ONCE) -> Round:
    """Do the next piece of all that happens by itself. `apart` are cases that failed a short while ago.

    In this order: clocks of the previous release get their instant; renewals and acceptances are deemed; cases whose
    supplement never came lapse; officials are reminded of procedures that take longer than they were to.
    """
    found = Round()
    works: tuple[Callable[[], int], ...] = (
        lambda: give_missing_ends(now=now, limit=limit),
        lambda: _deem(deem_renewed, "deemed_renewed", found, now=now, apart=apart, limit=limit),
        lambda: _deem(deem_accepted, "deemed_accepted", found, now=now, apart=apart, limit=limit),
        lambda: _lapse(found, now=now, apart=apart, limit=limit),
        lambda: remind_of_suspensions(now=now, limit=limit),
    )
    for work in works:
        number = _tried(work)
        found.done += number
        found.more = found.more or number >= limit
    return found


class Timer:
    """Lets happen what happens by itself; one for each worker, any number of them beside each other.

    Cases that failed are left alone for a while, so that they keep nobody up.
    """

    def __init__(self) -> None:
        """Nothing has failed yet."""
        self._failed: dict[UUID, datetime] = {}

    def go_on(self, *, now: datetime, limit: int = AT_ONCE) -> bool:
        """Do the next piece; return whether more may be waiting."""
        self._failed = {case_id: at for case_id, at in self._failed.items() if now < at + LEFT_ALONE}
        found = act_on_what_is_due(now=now, apart=self._failed, limit=limit)
        self._failed |= dict.fromkeys(found.failed, now)
        return found.more


LEFT_ALONE = timedelta(minutes=10)


def _tried(work: Callable[[], int]) -> int:
    """Do one of the works; when it fails, the others are done all the same."""
    try:
        return work()
    except DATABASE_AWAY:
        raise
    except Exception:  # the timer's loop: what failed is undone, and tried again in the next round
        logger.exception("a part of what happens by itself failed")
        return 0


def _lapse(found: Round, *, now: datetime, apart: Collection[UUID], limit: int) -> int:
    late = not_answered(now=now, limit=limit, apart=apart)
    return _one_by_one(late, lambda case_id: lapse(case_id=case_id, now=now), found)


def _deem(deem: Deem, at_end: str, found: Round, *, now: datetime, apart: Collection[UUID], limit: int) -> int:
    """Deem a batch; when that fails, one by one, so that only what cannot be done is left."""
    try:
        return len(deem(now=now, limit=limit, apart=apart))
    except DATABASE_AWAY:
        raise
    except Exception:  # the timer's loop: which case it was shows when each goes by itself
        logger.warning("a batch that the law turns by itself is done one by one", exc_info=True)
    waiting = due.waiting(at_end, now=now, limit=limit, apart=apart)
    return _one_by_one(waiting, lambda case_id: len(deem(now=now, limit=1, only=case_id)), found)


def _one_by_one(case_ids: Iterable[UUID], act: Callable[[UUID], int], found: Round) -> int:
    """Act on cases, each by itself; one that fails keeps nobody up. Returns how many were acted on or failed."""
    done = 0
    for case_id in case_ids:
        try:
            done += act(case_id)
        except DATABASE_AWAY:
            raise
        except Exception:
            logger.exception("the law turns a case by itself, and that failed case=%s", case_id)
            found.failed.add(case_id)
            done += 1
    return done


@transaction.atomic
def give_missing_ends(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Give clocks that the previous release has started, beside this one, their instant and what the law deems then.

    A renewal that came in there gets its clock too. Returns how many cases.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_END, [limit])
        ids = [row[0] for row in cursor.fetchall()]
    for case in Case.objects.filter(id__in=ids).select_related("predecessor"):
        _give_ends(case)
    return len(ids)


_WITHOUT_END = """
    SELECT id FROM cases_case WHERE id IN (
        SELECT case_id FROM cases_clock WHERE state <> 'ended' AND due_at IS NULL LIMIT %s
    ) FOR NO KEY UPDATE SKIP LOCKED
"""


def _give_ends(case: Case) -> None:
    rules = rules_of(case)
    standing = list(case.clocks.exclude(state=Clock.State.ENDED).order_by("id"))
    given = [clock for clock in standing if clock.due_at is None]
    for clock in given:
        rule = rules.rule_in(clock.kind, case.state)
        clock.at_end = rule.at_end if rule else ""
    clocks.reckon(given, "at_end")
    permit = case.predecessor
    renewal = renewal_clock(rules, terms_of(case), permit.valid_to if permit else None, case.submitted_at)
    if renewal is not None and all(clock.kind != renewal.kind for clock in standing):
        clocks.start(case, [renewal], case.submitted_at)
    clocks.order_work(case)
    write(*changed_alike([case], "due_on"))


@transaction.atomic
def remind_of_suspensions(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Remind the officials of procedures that were expected to be over by yesterday, each once. Returns how many.

    A day that is only provisional is reckoned anew; as long as it stays provisional nobody is reminded.
    """
    today, reminded = office_date(now), []
    for suspension in _overdue(today, limit):
        if suspension.provisional:
            expected = {"value": suspension.expected_value, "unit": suspension.expected_unit}
            ends = clocks.due_of_term(TermLimit.model_validate(expected), suspension.began_at)
            suspension.expected_on, suspension.provisional = ends.day, ends.provisional
            if ends.provisional or ends.day >= today:
                continue
        suspension.reminded_at = now
        reminded.append(suspension)
    write(*changed_alike(reminded, "reminded_at", "expected_on", "provisional"))
    due.record([_overdue_event(suspension) for suspension in reminded], now)
    return len(reminded)


def _overdue(today: date, limit: int) -> list[Suspension]:
    rows = Suspension.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).select_related("case")
    late = rows.filter(ended_at__isnull=True, reminded_at__isnull=True, expected_on__lt=today)
    return list(late.order_by("provisional", "expected_on", "id")[:limit])


def _overdue_event(suspension: Suspension) -> SuspensionOverdue:
    return SuspensionOverdue(
        subject_id=suspension.case_id,
        organisation_id=suspension.case.organisation_id,
        suspension_id=suspension.id,
        procedure=suspension.procedure,
        expected_on=suspension.expected_on or office_date(suspension.began_at),
    )
