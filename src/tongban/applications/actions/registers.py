"""Have registers asked for a draft: agreed to once, asked part by part, each look-up in the log with the draft."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tongban.applications import queries
from tongban.applications.errors import RegistersNotOpen
from tongban.applications.events import RegistersChosen
from tongban.applications.models import Draft, DraftAnswer, RegisterAnswer, RegistersChoice
from tongban.applications.rules.registers import ANSWERED, Wanted
from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.exchange import actions as exchange
from tongban.exchange import errors as exchange_errors
from tongban.exchange import queries as exchange_queries
from tongban.exchange.rules.calls import Answer, Call, CaseReference
from tongban.ledger import actions as ledger

SECONDS = 4.0
"""How long somebody waits for registers: what has not been asked by then is asked when the page is opened again."""
NOTHING = "nothing_found"
_Got = tuple[dict[str, Answer], dict[str, exchange_errors.LookUpRefused]]


@transaction.atomic
def choose_registers(*, actor: Actor, draft_id: UUID, agreed: bool, now: datetime) -> Draft:
    """Note that registers may be asked for a draft, or that its writer would rather fill it in.

    What was answered before goes with the agreement, and the materials are looked at again. Raises RegistersNotOpen
    while no office has seen who the person is, NotFound.
    """
    draft = queries.locked_draft(actor, draft_id)
    choice = RegistersChoice.AGREED if agreed else RegistersChoice.DECLINED
    if agreed and not queries.may_ask(draft):
        raise RegistersNotOpen
    if draft.registers == choice:
        return draft
    draft.registers = choice
    if not agreed:
        draft.answers.all().delete()
        draft.known_answers = None
    draft.steps_done = [key for key in draft.steps_done if key != queries.MATERIALS]
    draft.save(update_fields=["registers", "steps_done"])
    ledger.record(RegistersChosen(subject_id=draft.id, agreed=agreed), actor=actor, now=now)
    return draft


def ask_registers(*, actor: Actor, draft: Draft, part: str, now: datetime) -> bool:
    """Ask what a part of a draft needs and has not been asked, in one go; returns whether anything was asked.

    Nothing is asked without agreement. A register that is away, knows nothing, or may not be asked keeps nobody from
    going on: the question stays open, the material is handed in. `draft` is one that the actor may write.
    """
    if draft.registers != RegistersChoice.AGREED:
        return False
    wanted = queries.wanted_now(draft, part, now)
    if not wanted:
        return False
    calls = {_name(one): call for one in wanted if (call := _call(draft, one)) is not None}
    got = exchange.prefill(calls=calls, actor=actor, now=now, seconds=SECONDS)
    named = exchange_queries.served({one.resource for one in wanted})
    rows = [_row(draft, part, one, calls[_name(one)], got, named, now) for one in wanted if _name(one) in calls]
    return _kept(actor, draft, rows)


def _name(one: Wanted) -> str:
    return " ".join(one.key)


def _call(draft: Draft, one: Wanted) -> Call | None:
    about = queries.about_of(draft, one.about)
    if about is None:
        return None
    reference = CaseReference(str(draft.id), kind="draft")
    return Call(about=about, fields=one.items, purpose=one.purpose, reference=reference, resource=one.resource)


def _row(
    draft: Draft,
    part: str,
    one: Wanted,
    call: Call,
    got: _Got,
    named: Mapping[str, exchange_queries.Served],
    now: datetime,
) -> DraftAnswer:
    answer, refusal = got[0].get(_name(one)), got[1].get(_name(one))
    row = DraftAnswer(
        draft=draft,
        part=part,
        resource=one.resource,
        purpose=one.purpose,
        about=one.about,
        subject_key=queries.key_of(call.about),
        items=list(one.items),
        names=names_of(named.get(one.resource)),
        outcome=refusal.code if refusal else NOTHING,
        looked_at=now,
    )
    if answer is not None:
        take_answer(row, answer)
    return row


def names_of(resource: exchange_queries.Served | None) -> dict[str, object]:
    """Return what the resource, its office and its items are called, to be kept with an answer."""
    if resource is None:
        return {}
    return {
        "resource": (resource.name, resource.name_en),
        "provider": (resource.provider, resource.provider_en),
        "items": dict(resource.items),
    }


def take_answer(row: RegisterAnswer, answer: Answer) -> None:
    """Put what the gate answered into a row."""
    row.outcome = ANSWERED if answer.records else NOTHING
    row.records = [dict(record) for record in answer.records]
    row.look_up_id = answer.look_up_id
    row.looked_at = answer.looked_at


@transaction.atomic
def _kept(actor: Actor, draft: Draft, rows: list[DraftAnswer]) -> bool:
    """Keep the answers, unless the draft has gone or its writer has thought better of it meanwhile."""
    try:
        locked = queries.locked_draft(actor, draft.id)
    except NotFound:
        return False
    if locked.registers != RegistersChoice.AGREED:
        return False
    for row in rows:
        same = {name: getattr(row, name) for name in ("part", "resource", "purpose", "about")}
        DraftAnswer.objects.filter(draft=locked, **same).delete()
    DraftAnswer.objects.bulk_create(rows)
    draft.known_answers = None
    return bool(rows)
