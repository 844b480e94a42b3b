"""What was asked: by the case, for its pages; of somebody, for theirs."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.cases import queries as cases
from tongban.sharing.models import Correction, Question

if TYPE_CHECKING:
    from tongban.cases.models import Case, Task

CORRECTION, DECISION = "data_correction", "decision"


def question_of(case_id: UUID) -> Question:
    """Return the question of a case; raises NotFound."""
    found = (
        Question.objects.select_related("look_up__resource", "look_up__consumer", "look_up__post", "look_up__grant")
        .select_related("look_up__official", "case")
        .filter(case_id=case_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def correction_of(case_id: UUID) -> Correction:
    """Return the correction of a case; raises NotFound."""
    found = Correction.objects.select_related("resource__provider", "person", "enterprise").filter(case_id=case_id)
    correction = found.first()
    if correction is None:
        raise NotFound
    return correction


def correction_to_settle(actor: Actor, number: str) -> "tuple[Case, Task, Correction]":
    """Return a correction that waits for one of the official's posts, with its task; raises NotFound."""
    case = cases.case_for(actor, number)
    if case.kind != CORRECTION:
        raise NotFound
    task = next((one for one in cases.open_tasks_on(actor, case.id) if one.kind == DECISION), None)
    if task is None:
        raise NotFound
    return case, cases.task_for(actor, task.id), correction_of(case.id)


def standing_correction(
    *, person_id: UUID | None, enterprise_id: UUID | None, resource_id: UUID, field: str, record_key: str
) -> Correction | None:
    """Return the open request for a value, if there is one."""
    about = Q(person=person_id) if person_id else Q(enterprise=enterprise_id)
    found = Correction.objects.select_related("case").filter(
        about, resource_id=resource_id, field=field, record_key=record_key, settled_at__isnull=True
    )
    return found.first()
