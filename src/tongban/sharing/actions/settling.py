"""Settle what was asked: put a register right or refuse with reasons; complete what was answered; erase."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import office_date
from tongban.base.errors import Invalid
from tongban.base.text import clean_line
from tongban.cases import actions as cases
from tongban.cases.errors import NotInThisState
from tongban.exchange import queries as exchange
from tongban.exchange.rules.calls import About
from tongban.ledger import actions as ledger
from tongban.registers import actions as registers
from tongban.registers import queries as register_queries
from tongban.sharing import errors
from tongban.sharing.events import CorrectionMade
from tongban.sharing.models import Correction, Question
from tongban.sharing.rules.terms import STEWARD
from tongban.sharing.rules.values import typed

if TYPE_CHECKING:
    from tongban.cases.models import Decision, Task

CORRECTED = "corrected"
RIGHT_ALREADY = "refused"
OUTCOMES = (CORRECTED, RIGHT_ALREADY)


@transaction.atomic
def settle_correction(
    *,
    actor: Actor,
    task: "Task",
    correction: Correction,
    outcome: str,
    value: str,
    reasons: str,
    legal_basis: str = "",
    revision: int | None = None,
    now: datetime,
) -> "Decision":
    """Put the register right and tell the person, or refuse with reasons: one transaction.

    A register of this installation is corrected here (it never was so: `registers.correct`); of an outside source the
    steward says that it was corrected there. Raises NotComplete ("outcome", "value", "reasons", "legal_basis"), what
    `cases.decide` raises, and NotTheKeeper. Where the keeper has no data steward, another office's may stand in: the
    system then writes what that one has decided, and CorrectionMade says who it was.
    """
    if outcome not in OUTCOMES:
        raise errors.NotComplete({"outcome": [_("Please choose whether the register is put right.")]})
    granted = outcome == CORRECTED
    decision = cases.decide_as_kind(
        actor=actor,
        task=task,
        outcome="granted" if granted else "refused",
        reasons=reasons,
        legal_basis=legal_basis,
        revision=revision,
        now=now,
    )
    kept = Correction.objects.select_for_update().get(id=correction.id)
    kept.settled_at = now
    if granted:
        _put_right(actor, task, kept, value, now)
        kept.corrected_at = now
        event = CorrectionMade(subject_id=kept.case_id, resource_id=kept.resource_id, field=kept.field)
        ledger.record(event, actor=actor, now=now, post_id=task.post_id)
        cases.complete(actor=actor, case_id=kept.case_id, now=now)
    kept.save(update_fields=["settled_at", "corrected_at"])
    return decision


def _writer(actor: Actor, task: "Task", keeper_id: UUID) -> Actor:
    """Return who writes into the register: for a data steward who stands in for its keeper, the system does."""
    stands_in = any(post.id == task.post_id and STEWARD in post.roles for post in actor.posts)
    return SYSTEM if stands_in and not exchange.stewards(actor, keeper_id) else actor


def _put_right(actor: Actor, task: "Task", correction: Correction, value: str, now: datetime) -> None:
    register = register_queries.register_of_resource(correction.resource_id)
    if register is None:  # an outside source: it was corrected there
        return
    item = next((one for one in exchange.items_of(correction.resource) if one.code == correction.field), None)
    if item is None:
        raise errors.NotComplete({"value": [_("The register has no such field any more.")]})
    try:
        registers.correct(
            actor=_writer(actor, task, register.keeper_id),
            register_id=register.id,
            about=_about(correction),
            values={correction.field: typed(item, clean_line(value))},
            key=correction.record_key,
            on=office_date(now),
            now=now,
        )
    except Invalid as invalid:
        sentences = [sentence for told in invalid.fields.values() for sentence in told]
        raise errors.NotComplete({"value": sentences}) from invalid


def _about(correction: Correction) -> About:
    if correction.person is not None:
        person = correction.person
        return About(kind="person", number=person.identity_number, identity_kind=person.identity_kind)
    if correction.enterprise is None:
        message = "a correction is about a person or an enterprise"
        raise RuntimeError(message)
    return About(kind="enterprise", number=correction.enterprise.credit_code)


def complete_answered(*, case_id: UUID, now: datetime) -> None:
    """Complete a case whose question was answered, or whose objection was found right: there is no result to issue."""
    try:
        cases.complete(actor=SYSTEM, case_id=case_id, now=now)
    except NotInThisState:
        return  # completed already


def end_correction(*, case_id: UUID, now: datetime) -> None:
    """Note that a correction was withdrawn, not accepted, or lapsed: the value may be questioned again."""
    Correction.objects.filter(case_id=case_id, settled_at__isnull=True).update(settled_at=now)


def erase_asked(*, case_id: UUID, now: datetime) -> None:
    """Erase what was written, after the retention period of the case; that it was asked stays."""
    for question in Question.objects.filter(case_id=case_id, erased_at__isnull=True):
        question.words, question.erased_at = "", now
        question.save(update_fields=["words", "erased_at"])
    for correction in Correction.objects.filter(case_id=case_id, erased_at__isnull=True):
        correction.words = correction.wanted = correction.record_key = ""
        correction.stated, correction.erased_at = None, now
        correction.settled_at = correction.settled_at or now
        correction.save(update_fields=["words", "wanted", "record_key", "stated", "erased_at", "settled_at"])
