"""Fees: fixed and demanded on acceptance, paid at the window, or waived with a reason. Money is whole fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import Invalid
from tongban.base.text import clean_line
from tongban.cases import queries
from tongban.cases.actions import delivery_clocks, due, placing
from tongban.cases.actions.holding import issue_paper, keep, lock_case, take
from tongban.cases.errors import FeeSettledAlready, NotComplete, NothingToFix, NotInThisState
from tongban.cases.events import FeeDemanded, FeeFoundNotDue, FeeSettled
from tongban.cases.kinds import FeeTerm
from tongban.cases.models import Case, FeeDemand, Task
from tongban.cases.rules import papers as said
from tongban.ledger import actions as ledger

if TYPE_CHECKING:
    from tongban.organisations.models import Post

LARGEST_FEN = 10_000_000_000
LONGEST_RECEIPT = 60
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fee as an official has fixed it: fen, or 0 with the reason why it is not due in this case."""

    term: FeeTerm
    amount_fen: int
    reason: str = ""


def fix(terms: Sequence[FeeTerm], chosen: Mapping[str, int], reasons: Mapping[str, str]) -> list[Fixed]:
    """Return the fees of the terms with their amounts; nothing is guessed where the terms leave one open.

    Raises NotComplete while an open amount was not chosen ("fee-0", …), or is 0 without a reason ("fee-0-reason", …).
    """
    fixed, problems = [], {}
    for place, fee in enumerate(terms):
        if fee.amount_fen is not None:
            fixed += [Fixed(fee, fee.amount_fen)] if fee.amount_fen else []
            continue
        amount, reason = chosen.get(fee.name), clean_line(reasons.get(fee.name, ""))[:LONGEST_REASON]
        if amount is None or not 0 <= amount <= LARGEST_FEN:
            problems[f"fee-{place}"] = [_("Please say how much is due for “%(fee)s”.") % {"fee": fee.name}]
        elif not amount and not reason:
            problems[f"fee-{place}-reason"] = [_("Please say why “%(fee)s” is not due.") % {"fee": fee.name}]
        else:
            fixed.append(Fixed(fee, amount, "" if amount else reason))
    if problems:
        raise NotComplete(problems)
    return fixed


def stated(terms: Sequence[FeeTerm]) -> list[Fixed]:
    """Return the fees whose amounts the terms state; nothing is due for a stated zero."""
    return [Fixed(fee, fee.amount_fen) for fee in terms if fee.amount_fen]


def noted(case: Case, fee: Fixed, post: "Post", now: datetime) -> FeeDemand:
    """Return a fee as it is kept, not written yet."""
    return FeeDemand(
        case=case,
        name=fee.term.name[:200],
        basis=fee.term.basis[:500],
        amount_fen=fee.amount_fen,
        demanded_at=now,
        post=post,
    )


def demanded(fee: FeeDemand) -> FeeDemanded:
    """Return the event that a fee is due."""
    case = fee.case
    return FeeDemanded(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        fee_id=fee.id,
        amount_fen=fee.amount_fen,
    )


def record_demanded(fees: Sequence[FeeDemand], now: datetime) -> None:
    """Record that fees are due which the law's own turn of their cases has brought up."""
    due.record([demanded(fee) for fee in fees], now)


@transaction.atomic
def fix_open(
    *,
    actor: Actor,
    task: Task,
    fee_amounts: Mapping[str, int],
    fee_reasons: Mapping[str, str] | None = None,
    revision: int | None = None,
    now: datetime,
) -> list[FeeDemand]:
    """Fix the amounts that were left open when a case was deemed accepted, and demand what is due.

    By whoever has a step of its review, before it is decided; `fee_amounts` and `fee_reasons` are those of `accept`.
    Raises NotComplete, NothingToFix, NotInThisState, TaskDone, TaskHeld, StaleCase.
    """
    held = take(actor=actor, task=task, now=now, revision=revision)
    case = held.case
    if case.state not in {Case.State.REVIEW, Case.State.SUSPENDED}:
        raise NotInThisState
    open_fees = queries.unfixed_fees(case)
    if not open_fees:
        raise NothingToFix
    fixed = fix(open_fees, fee_amounts, fee_reasons or {})
    keep(case)
    demand(case, fixed, actor=actor, now=now)
    return list(case.fees.order_by("id"))


def found_not_due(fee: FeeDemand, reason: str, *, by: UUID | None, now: datetime) -> FeeFoundNotDue:
    """Put on a fee that it is not due in this case, and why; returns the event."""
    fee.state, fee.waive_reason = FeeDemand.State.NOT_DUE, reason[:LONGEST_REASON]
    fee.settled_at, fee.settled_by_id = now, by
    return FeeFoundNotDue(
        subject_id=fee.case_id, revision=fee.case.revision, organisation_id=fee.case.organisation_id, fee_id=fee.id
    )


def demand(case: Case, fixed: Sequence[Fixed], *, actor: Actor, now: datetime) -> None:
    """Demand fees on a locked case, each with its paper; what is not due after all is noted with its reason."""
    if not fixed:
        return
    post = placing.cashier(case)
    for fee in fixed:
        kept = noted(case, fee, post, now)
        if fee.amount_fen:
            _demand(kept, actor=actor, now=now)
        else:
            event = found_not_due(kept, fee.reason, by=actor.official_id, now=now)
            kept.save()
            ledger.record(event, actor=actor, now=now)


def _demand(fee: FeeDemand, *, actor: Actor, now: datetime) -> None:
    fee.save()
    ledger.record(demanded(fee), actor=actor, now=now)
    fee.paper = issue_paper(fee.case, "fee_demand", said.fee_demand(fee.case, fee), now)
    fee.save(update_fields=["paper"])


@transaction.atomic
def settle_fee(*, actor: Actor, fee: FeeDemand, receipt_number: str, now: datetime) -> FeeDemand:
    """Mark a fee as paid, with the number of the receipt 票据. Raises Invalid, FeeSettledAlready, NotFound."""
    number = clean_line(receipt_number)[:LONGEST_RECEIPT]
    if not number:
        raise Invalid({"receipt_number": [_("Please type the number of the receipt that was issued.")]})
    locked = _locked(actor, fee)
    locked.state, locked.receipt_number = FeeDemand.State.PAID, number
    return _settled(locked, actor=actor, now=now)


@transaction.atomic
def waive_fee(*, actor: Actor, fee: FeeDemand, reason: str, now: datetime) -> FeeDemand:
    """Waive a fee 减免, with the reason. Raises Invalid, FeeSettledAlready, NotFound."""
    words = clean_line(reason)[:LONGEST_REASON]
    if not words:
        raise Invalid({"waive_reason": [_("Please say why the fee is waived, and on which ground.")]})
    locked = _locked(actor, fee)
    locked.state, locked.waive_reason = FeeDemand.State.WAIVED, words
    return _settled(locked, actor=actor, now=now)


def _locked(actor: Actor, fee: FeeDemand) -> FeeDemand:
    queries.fee_for(actor, fee.id)
    case = lock_case(fee.case_id)
    locked = FeeDemand.objects.select_for_update(of=("self",)).get(id=fee.id)
    if locked.state != FeeDemand.State.DUE:
        raise FeeSettledAlready
    locked.case = case
    return locked


def _settled(fee: FeeDemand, *, actor: Actor, now: datetime) -> FeeDemand:
    fee.settled_at, fee.settled_by_id = now, actor.official_id
    fee.save()
    delivery_clocks.paid(fee.case, now)
    keep(fee.case, "due_on")
    event = FeeSettled(
        subject_id=fee.case_id,
        revision=fee.case.revision,
        organisation_id=fee.case.organisation_id,
        fee_id=fee.id,
        waived=fee.state == FeeDemand.State.WAIVED,
    )
    ledger.record(event, actor=actor, now=now, post_id=fee.post_id)
    return fee


def drop_open(case: Case, reason: str, now: datetime) -> None:
    """A case that ends without a result costs nothing more: what is still due on a locked case is waived."""
    for fee in case.fees.select_for_update().filter(state=FeeDemand.State.DUE).order_by("id"):
        fee.state, fee.waive_reason, fee.settled_at = FeeDemand.State.WAIVED, reason, now
        fee.save(update_fields=["state", "waive_reason", "settled_at"])
        event = FeeSettled(
            subject_id=case.id,
            revision=case.revision,
            organisation_id=case.organisation_id,
            fee_id=fee.id,
            waived=True,
        )
        ledger.record(event, actor=SYSTEM, now=now)
