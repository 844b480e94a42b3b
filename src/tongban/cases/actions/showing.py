"""Look at numbers in full: for whoever works on the case, and never unnoticed (个人信息保护法 arts. 6, 34)."""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from tongban.base.actor import Actor
from tongban.cases import queries
from tongban.cases.errors import NotHeld
from tongban.cases.events import NumbersShown
from tongban.cases.models import Case
from tongban.ledger import actions as ledger


@transaction.atomic
def show_numbers(*, actor: Actor, case: Case, now: datetime) -> list[str]:
    """Record that the actor looks at the full numbers of a case, and return the keys of their fields.

    Raises NotFound, and NotHeld unless the actor has taken an open task of the case.
    """
    found = queries.case_for(actor, case.id)
    if not queries.holds_task_on(actor, found.id):
        raise NotHeld
    with translation.override("zh-hans"):
        numbers = queries.masked_numbers(found)
    shown = NumbersShown(
        subject_id=found.id,
        revision=found.revision,
        organisation_id=found.organisation_id,
        fields=[key for key, _label in numbers],
        names=[label for _key, label in numbers],
    )
    ledger.record(shown, actor=actor, now=now)
    return shown.fields
