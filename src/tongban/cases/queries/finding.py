"""Which cases an actor may see, and the one asked for. Absent and forbidden read the same."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.cases.models import (
    Archive,
    Case,
    CasePaper,
    Decision,
    FeeDemand,
    Recusal,
    Result,
    SupplementPoint,
    SupplementRequest,
    Task,
)
from tongban.organisations import queries as organisations

SUPERVISOR = "supervisor"
_RELATED = (
    "organisation",
    "delivery",
    "applicant_person",
    "applicant_enterprise",
    "submitted_by",
    "decision",
    "non_acceptance",
    "result",
)


def visible(actor: Actor) -> QuerySet[Case]:
    """Return the cases that the actor may see.

    Residents: what they submitted for a person, what concerns them or a ward (guardianship confirmed), what an
    enterprise asked for which they may act today. Officials: cases on which a post of theirs has or had a task, which
    it took in, or which lie with an organisation they supervise; never one from which they stand aside 回避.
    """
    if actor.is_resident and actor.person_id is not None:
        return Case.objects.filter(_of_resident(actor, actor.person_id))
    if actor.is_official and actor.official_id is not None and actor.posts:
        aside = Recusal.objects.filter(case_id=OuterRef("pk"), official_id=actor.official_id)
        return Case.objects.filter(_of_posts(actor), ~Exists(aside))
    return Case.objects.none()


def _of_resident(actor: Actor, person_id: UUID) -> Q:
    guarded = accounts.guardianships_of(person_id)
    wards = [held.ward_id for held in guarded if held.confirmed_at is not None]
    enterprises = [enterprise.id for enterprise in organisations.enterprises_for(actor)]
    own = Q(submitted_by_id=person_id, applicant_enterprise_id__isnull=True) | Q(applicant_person_id=person_id)
    return own | Q(applicant_person_id__in=wards) | Q(applicant_enterprise_id__in=enterprises)


def _of_posts(actor: Actor) -> Q:
    supervised = [post.organisation_id for post in actor.posts if SUPERVISOR in post.roles]
    worked_on = Exists(Task.objects.filter(case_id=OuterRef("pk"), post_id__in=actor.post_ids))
    return Q(worked_on) | Q(taken_in_by_id__in=actor.post_ids) | Q(organisation_id__in=supervised)


def case_for(actor: Actor, number_or_id: str | UUID) -> Case:
    """Return a case that the actor may see, by number or id; raises NotFound."""
    wanted = Q(id=number_or_id) if isinstance(number_or_id, UUID) else Q(number=number_or_id)
    found = visible(actor).select_related(*_RELATED).filter(wanted).first()
    if found is None:
        raise NotFound
    return found


def case_by_id(case_id: UUID) -> Case:
    """Return a case to the system itself, for handlers; raises NotFound."""
    found = Case.objects.select_related(*_RELATED).filter(id=case_id).first()
    if found is None:
        raise NotFound
    return found


def acts_for_applicant(actor: Actor, case: Case) -> bool:
    """Whether the actor stands on the applicant's side of a case: a resident who may see it, or its window."""
    if actor.is_resident:
        return visible(actor).filter(id=case.id).exists()
    return case.taken_in_by_id is not None and case.taken_in_by_id in actor.post_ids


def task_for(actor: Actor, task_id: UUID) -> Task:
    """Return a task of one of the actor's posts; raises NotFound."""
    found = (
        Task.objects.filter(id=task_id, post_id__in=actor.post_ids)
        .select_related("case__organisation", "post__organisation", "holder")
        .first()
    )
    if found is None or not actor.is_official:
        raise NotFound
    return found


def tasks_for(actor: Actor, task_ids: list[UUID]) -> list[Task]:
    """Return those of the tasks that belong to the actor's posts, in the order of the clock."""
    if not actor.is_official:
        return []
    found = Task.objects.filter(id__in=task_ids, post_id__in=actor.post_ids)
    return list(found.select_related("case__organisation", "post__organisation").order_by("due_on", "id"))


def fee_for(actor: Actor, fee_id: UUID) -> FeeDemand:
    """Return a fee that one of the actor's posts takes; raises NotFound."""
    found = FeeDemand.objects.filter(id=fee_id, post_id__in=actor.post_ids).select_related("case__organisation").first()
    if found is None or not actor.is_official:
        raise NotFound
    return found


def open_supplement(case: Case) -> SupplementRequest | None:
    """Return the supplement request that awaits its answer."""
    if case.state != Case.State.SUPPLEMENT:
        return None
    return case.supplement_requests.filter(answered_at__isnull=True).select_related("asked_by__organisation").first()


def open_supplement_points(case: Case) -> list[SupplementPoint]:
    """Return the points of the open supplement request, in their order."""
    request = open_supplement(case)
    return [] if request is None else list(request.points.order_by("position", "id"))


def ready_for_result(case: Case) -> bool:
    """Whether the case is granted, has no result yet, and all its fees are settled."""
    return (
        case.state == Case.State.DECIDED
        and Decision.objects.filter(case=case, outcome=Decision.Outcome.GRANTED).exists()
        and not Result.objects.filter(case=case).exists()
        and not case.fees.filter(state=FeeDemand.State.DUE).exists()
    )


def results_of(actor: Actor, kind: str) -> list[Result]:
    """Return the results of a kind (a catalogue code) that the actor or those they act for hold, not yet succeeded."""
    if not actor.is_resident or actor.person_id is None:
        return []
    held = Result.objects.filter(kind=kind, successor__isnull=True, case__in=visible(actor))
    return list(held.select_related("case").order_by("-issued_at"))


def is_recused(actor: Actor, case: Case) -> bool:
    """Whether the official stands aside from the case."""
    return actor.official_id is not None and case.recusals.filter(official_id=actor.official_id).exists()


def paper_is_visible(actor: Actor, paper_id: UUID) -> bool:
    """Whether a paper belongs to a case that the actor may see (guard of room papers)."""
    own = CasePaper.objects.filter(paper_id=paper_id, case__in=visible(actor))
    return (own if actor.is_official else own.filter(for_applicant=True)).exists()


def archive_is_visible(actor: Actor, file_id: UUID) -> bool:
    """Whether a file is the archive of a case that the official may see (guard of room files)."""
    return actor.is_official and Archive.objects.filter(file_id=file_id, case__in=visible(actor)).exists()
