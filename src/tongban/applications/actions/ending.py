"""What follows a decision, and the end of what was declared."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from tongban.applications import queries
from tongban.applications.events import ApplicationErased
from tongban.applications.models import Application
from tongban.applications.rules.papers import result_content
from tongban.applications.rules.validity import last_day
from tongban.base.actor import SYSTEM
from tongban.base.clock import office_date
from tongban.cases import actions as cases
from tongban.cases import queries as case_queries
from tongban.files import actions as files
from tongban.ledger import actions as ledger

if TYPE_CHECKING:
    from tongban.cases.models import Case

APPLICATION = "application"
"""Our kind of case; what is granted in others, their rooms complete."""


def issue_result_of(*, case_id: UUID, now: datetime) -> None:
    """Issue the result of a granted case once its fees are settled; one that is not ready, or no application, is left.

    Runs within the transaction of the handler that calls it.
    """
    case = case_queries.case_by_id(case_id)
    if case.kind != APPLICATION or not case_queries.ready_for_result(case):
        return
    application = queries.application_of(case_id)
    terms = case.terms["result"]
    first = _first_day(case, now)
    content = result_content(case, holder=case.applicant_name, rows=queries.face_of(application))
    cases.issue_result(
        actor=SYSTEM,
        case_id=case_id,
        name=terms["name"] or case.title,
        valid_from=first,
        valid_to=last_day(first, terms["valid_months"]),
        content=content if terms["kind"] != "none" else None,
        now=now,
    )


def _first_day(case: "Case", now: datetime) -> date:
    """Return from when the result holds: a permit that is renewed by law goes on without a break."""
    permit = case.predecessor
    if permit is not None and permit.valid_to is not None and case.decision.is_deemed:
        return permit.valid_to + timedelta(days=1)
    return office_date(now)


def replace_receipt(*, case_id: UUID, voided_id: UUID, made_id: UUID) -> None:
    """Let an application name the corrected receipt, in the transaction in which the hub corrects it."""
    Application.objects.filter(case_id=case_id, receipt_id=voided_id).update(receipt_id=made_id)


@transaction.atomic
def erase_application(*, case_id: UUID, now: datetime) -> None:
    """Erase what was declared and handed in: values, words and files. Ids, dates and proofs stay."""
    application = Application.objects.select_for_update().filter(case_id=case_id, erased_at__isnull=True).first()
    if application is None:
        return
    rows = list(application.materials.all())
    file_ids = [row.file_id for row in rows if row.file_id]
    application.materials.update(word="", file=None)
    application.answers.update(records=[], value=None, subject_key=None)
    application.values = {}
    application.proxy = None
    application.erased_at = now
    application.save(update_fields=["values", "proxy", "erased_at"])
    files.erase(file_ids=file_ids, now=now)
    ledger.record(ApplicationErased(subject_id=case_id, application_id=str(application.id)), actor=SYSTEM, now=now)
