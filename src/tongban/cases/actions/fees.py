"""Fees: fixed and demanded on acceptance, paid at the window, or waived with a reason. Money is whole fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import Invalid
from tongban.base.text import clean_line
from tongban.cases import queries
from tongban.cases.actions import placing
from tongban.cases.actions.holding import issue_paper, keep, lock_case
from tongban.cases.errors import FeeSettledAlready, NotComplete
from tongban.cases.events import FeeDemanded, FeeFoundNotDue, FeeSettled
from tongban.cases.kinds import FeeTerm
from tongban.cases.models import Case, FeeDemand
from tongban.cases.rules import papers as said
from tongban.ledger import actions as ledger

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


def demand(case: Case, fixed: Sequence[Fixed], *, actor: Actor, now: datetime) -> None:
    """Demand fees on a locked case, each with its paper; what is not due after all is noted with its reason."""
    if not fixed:
        return
    post = placing.cashier(case)
    for fee in fixed:
        noted = FeeDemand(
            case=case, name=fee.term.name[:200], basis=fee.term.basis[:500], amount_fen=fee.amount_fen, demanded_at=now,
            post=post,
        )  # fmt: skip
        if fee.amount_fen:
            _demand(noted, actor=actor, now=now)
        else:
            _note_not_due(noted, fee.reason, actor=actor, now=now)


def _demand(demanded: FeeDemand, *, actor: Actor, now: datetime) -> None:
    case = demanded.case
    demanded.save()
    event = FeeDemanded(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        fee_id=demanded.id,
        amount_fen=demanded.amount_fen,
    )
    ledger.record(event, actor=actor, now=now)
    content = said.fee_demand(case, demanded)
    demanded.paper = issue_paper(case, "fee_demand", content, now)
    demanded.save(update_fields=["paper"])


def _note_not_due(fee: FeeDemand, reason: str, *, actor: Actor, now: datetime) -> None:
    fee.state, fee.waive_reason = FeeDemand.State.NOT_DUE, reason
    fee.settled_at, fee.settled_by_id = now, actor.official_id
    fee.save()
    event = FeeFoundNotDue(
        subject_id=fee.case_id, revision=fee.case.revision, organisation_id=fee.case.organisation_id, fee_id=fee.id
    )
    ledger.record(event, actor=actor, now=now)


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
    keep(fee.case)
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
