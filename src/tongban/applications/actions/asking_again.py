"""Ask a register again for a case: the official's own question, through the gate, by the grant of the own office."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tongban.applications import queries
from tongban.applications.actions.registers import NOTHING, names_of, take_answer
from tongban.applications.errors import NothingToAsk
from tongban.applications.events import RegisterAskedAgain
from tongban.applications.models import Application, ApplicationAnswer
from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.cases import queries as cases
from tongban.catalogue import queries as catalogue
from tongban.exchange import actions as exchange
from tongban.exchange import errors as exchange_errors
from tongban.exchange import queries as exchange_queries
from tongban.exchange.rules.calls import Call, CaseReference
from tongban.ledger import actions as ledger


def ask_again(*, actor: Actor, number: str, material_key: str, now: datetime) -> ApplicationAnswer:
    """Ask the register that answers for a material. What it says stands beside what is there.

    Raises NotFound, NothingToAsk, and the refusals of the gate, which stand in its log; a source that is away is kept
    as an answer, too, so that the page says it.
    """
    case = cases.case_for(actor, number)
    application = queries.application_of(case.id)
    application.case = case
    guide = catalogue.guide_of(application.handling_version_id)
    asking = next((one.answered_by for one in guide.materials if one.key == material_key), None)
    about = queries.about_in(application, asking.about) if asking is not None else None
    if asking is None or about is None or application.erased_at is not None:
        raise NothingToAsk
    call = Call(
        about=about,
        fields=asking.codes,
        purpose=asking.purpose,
        reference=CaseReference(case.number),
        resource=asking.resource,
    )
    row = ApplicationAnswer(
        application=application,
        kind="material",
        key=material_key,
        resource=asking.resource,
        purpose=asking.purpose,
        about=asking.about,
        items=list(asking.codes),
        names=names_of(exchange_queries.served([asking.resource]).get(asking.resource)),
        outcome=NOTHING,
        looked_at=now,
        asked_by_id=actor.official_id,
    )
    try:
        take_answer(row, exchange.look_up(call=call, actor=actor, now=now))
    except exchange_errors.SourceUnavailable as away:
        row.outcome = away.code
    row.subject_key = queries.key_of(about)  # settled by the look-up: before it, it may have been another
    return _kept(actor, row, case.id, now)


@transaction.atomic
def _kept(actor: Actor, row: ApplicationAnswer, case_id: UUID, now: datetime) -> ApplicationAnswer:
    """Keep it, unless the application was erased meanwhile."""
    if not Application.objects.select_for_update().filter(id=row.application_id, erased_at__isnull=True).exists():
        raise NotFound
    row.save(force_insert=True)
    asked = RegisterAskedAgain(
        subject_id=case_id, material=row.key, outcome=row.outcome, look_up_id=str(row.look_up_id or "")
    )
    ledger.record(asked, actor=actor, now=now)
    return row
