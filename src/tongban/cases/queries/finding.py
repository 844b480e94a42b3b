"""Which cases an actor may see, and the one asked for. Absent and forbidden read the same."""

import hashlib
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from tongban.base import clock
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.compiled import compiled_once
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
from tongban.cases.queries import residents
from tongban.cases.rules import duties
from tongban.organisations import queries as organisations

MANY = 5000
"""Tasks of an official's posts from which on a list of cases goes back from the newest one."""
COUNT_SECONDS = 60
_RELATED = ("organisation", "delivery", "applicant_enterprise")
"""What each reader of a case looks at. Eight relations in one statement took PostgreSQL 1.7 ms to plan, three 0.3."""
_OUTCOMES = ("decision", "non_acceptance", "result")
_WITHOUT: dict[str, tuple[str, ...]] = {
    Case.State.SUBMITTED: _OUTCOMES,
    Case.State.SUPPLEMENT: _OUTCOMES,
    Case.State.REVIEW: _OUTCOMES,
    Case.State.SUSPENDED: _OUTCOMES,
    Case.State.WITHDRAWN: _OUTCOMES,
    Case.State.LAPSED: _OUTCOMES,
    Case.State.NOT_ACCEPTED: ("decision", "result"),
    Case.State.DECIDED: ("non_acceptance",),
    Case.State.COMPLETED: ("non_acceptance",),
    Case.State.DELIVERED: ("non_acceptance",),
}
"""What a case cannot have in a state (`rules.life`): there is no need to look for it."""


def visible(actor: Actor) -> QuerySet[Case]:
    """Return the cases that the actor may see.

    Residents: see `residents`. Officials: cases on which a post of theirs has or had a task, which
    it took in, or which lie with an organisation they oversee
    (see `organisations.overseen_by`); never one from which they stand aside 回避.
    """
    if actor.is_resident and actor.person_id is not None:
        return Case.objects.filter(residents.seen_by(actor, actor.person_id))
    if actor.is_official and actor.official_id is not None and actor.posts:
        return _of_official(actor.official_id, actor.post_ids, supervised_by(actor))
    return Case.objects.none()


def supervised_by(actor: Actor) -> list[UUID]:
    """Return the organisations whose cases the actor sees as their supervisor."""
    return organisations.overseen_by(actor.posts)


def _of_official(official_id: UUID, posts: Collection[UUID], supervised: Collection[UUID]) -> QuerySet[Case]:
    aside = Recusal.objects.filter(case_id=OuterRef("pk"), official_id=official_id)
    worked_on = Exists(Task.objects.filter(case_id=OuterRef("pk"), post_id__in=posts))
    seen = Q(worked_on) | Q(taken_in_by_id__in=posts) | Q(organisation_id__in=supervised)
    return Case.objects.filter(seen, ~Exists(aside))


def listed(actor: Actor) -> QuerySet[Case]:
    """Return what `visible` finds, said so that PostgreSQL can page through a million cases.

    An OR of "worked on" with other grounds makes it look at every case. Where an official's posts have had few tasks,
    the ids are gathered by their indexes; where they have had many, a page is soon full going from the newest case
    back, asking of each whether a post had a task on it: a scalar subquery, for EXISTS would first read all tasks.
    """
    if not actor.is_official or actor.official_id is None or not actor.posts:
        return visible(actor)
    posts, supervised = sorted(actor.post_ids), supervised_by(actor)
    aside = Recusal.objects.filter(case_id=OuterRef("pk"), official_id=actor.official_id)
    tasks = Task.objects.filter(post_id__in=posts)
    if not supervised and tasks[: MANY + 1].count() <= MANY:
        return Case.objects.filter(~Exists(aside), id__in=_ids(posts, supervised, ()))
    seen = Q(worked_on__isnull=False) | Q(taken_in_by_id__in=posts) | Q(organisation_id__in=supervised)
    worked_on = Subquery(tasks.filter(case_id=OuterRef("pk")).values("id")[:1])
    return Case.objects.alias(worked_on=worked_on).filter(seen, ~Exists(aside))


def listed_count(actor: Actor) -> int:
    """Return how many cases `listed` holds. Where they are many, the number may be a minute old."""
    if not actor.is_official or actor.official_id is None or not actor.posts:
        return visible(actor).count()
    posts, supervised = sorted(actor.post_ids), sorted(supervised_by(actor))
    named = hashlib.sha256(repr((settings.TONGBAN_SCHEMA, actor.official_id, posts, supervised)).encode())
    key = f"cases.listed.{named.hexdigest()}"
    known: int | None = cache.get(key)
    if known is not None:
        return known
    aside = Recusal.objects.filter(official_id=actor.official_id).values("case_id")
    count = _ids(posts, supervised, aside).count()
    if count > MANY:
        cache.set(key, count, COUNT_SECONDS)
    return count


def _ids(
    posts: Collection[UUID], supervised: Collection[UUID], aside: "Collection[UUID] | QuerySet[Any, Any]"
) -> QuerySet[Any, Any]:
    """Return the ids of cases that officials of these posts see, each once, found by indexes alone."""
    worked_on = Task.objects.filter(post_id__in=posts).exclude(case_id__in=aside).order_by().values_list("case_id")
    others = Case.objects.exclude(id__in=aside).order_by()
    taken_in = others.filter(taken_in_by_id__in=posts).values_list("id")
    return worked_on.union(taken_in, others.filter(organisation_id__in=supervised).values_list("id"))


def case_for(actor: Actor, number_or_id: str | UUID) -> Case:
    """Return a case that the actor may see, by number or id; raises NotFound.

    Its people, its decision, result or non-acceptance are fetched when somebody looks at them.
    """
    found: list[Case] = []
    if actor.is_resident and actor.person_id is not None:
        seen = _seen_by_proven if actor.is_proven else _seen_by_declared
        found = seen(number_or_id, actor.person_id, office_date(clock.now()))
    elif actor.is_official and actor.official_id is not None and actor.posts:
        found = _seen_by_official(number_or_id, actor.official_id, sorted(actor.post_ids), supervised_by(actor))
    return _one(found)


def case_by_id(case_id: UUID) -> Case:
    """Return a case to the system itself, for handlers; raises NotFound."""
    return _one(_whatever(case_id))


@compiled_once
def _seen_by_proven(wanted: str | UUID, person_id: UUID, today: date) -> QuerySet[Case]:
    return _wanted(Case.objects.filter(residents.one_of_proven(person_id, today)), wanted)


@compiled_once
def _seen_by_declared(wanted: str | UUID, person_id: UUID, today: date) -> QuerySet[Case]:
    return _wanted(Case.objects.filter(residents.one_of_declared(person_id, today)), wanted)


@compiled_once
def _seen_by_official(
    wanted: str | UUID, official_id: UUID, posts: Collection[UUID], supervised: Collection[UUID]
) -> QuerySet[Case]:
    return _wanted(_of_official(official_id, posts, supervised), wanted)


@compiled_once
def _whatever(wanted: UUID) -> QuerySet[Case]:
    return _wanted(Case.objects.all(), wanted)


def _wanted(cases: QuerySet[Case], wanted: str | UUID) -> QuerySet[Case]:
    named = Q(id=wanted) if isinstance(wanted, UUID) else Q(number=wanted)
    return cases.filter(named).select_related(*_RELATED)


def _one(found: list[Case]) -> Case:
    if not found:
        raise NotFound
    return _known(found[0])


def _known(case: Case) -> Case:
    """Note what a case in its state cannot have, so that nobody asks for it."""
    for name in _WITHOUT.get(case.state, ()):
        Case._meta.get_field(name).set_cached_value(case, None)  # type: ignore[union-attr]  # noqa: SLF001 - Django's public name
    return case


def cases_to_tell_of(case_ids: Collection[UUID]) -> dict[UUID, Case]:
    """Return cases for news about them by their ids, with their offices and their deliveries alone."""
    return {case.id: _known(case) for case in _to_tell_of(case_ids)}


@compiled_once
def _to_tell_of(case_ids: Collection[UUID]) -> QuerySet[Case]:
    return Case.objects.select_related("organisation", "delivery").defer("process_data").filter(id__in=case_ids)


def acts_for_applicant(actor: Actor, case: Case) -> bool:
    """Whether the actor stands on the applicant's side of a case: a resident who may see it, or its window."""
    if actor.is_resident:
        return case_is_visible(actor, case.id)
    return case.taken_in_by_id is not None and case.taken_in_by_id in actor.post_ids


def case_is_visible(actor: Actor, case_id: UUID) -> bool:
    """Whether the actor may see the case."""
    try:
        case_for(actor, case_id)
    except NotFound:
        return False
    return True


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


def task_on(actor: Actor, number: str, task_id: UUID) -> Task:
    """Return a task of one of the actor's posts on the case of that number; raises NotFound, also to who stands aside.

    Who is given it may see the case: one query, where `case_for` and `task_for` ask for all that a page shows.
    """
    if not actor.is_official or actor.official_id is None:
        raise NotFound
    found = _task_on.first(task_id, number, actor.official_id)
    if found is None or found.post_id not in actor.post_ids:
        raise NotFound
    return found


@compiled_once
def _task_on(task_id: UUID, number: str, official_id: UUID) -> QuerySet[Task]:
    aside = Recusal.objects.filter(case_id=OuterRef("case_id"), official_id=official_id)
    return (
        Task.objects.filter(~Exists(aside), id=task_id, case__number=number)
        .select_related("case__organisation", "post__organisation")
        .defer("case__process_data")
    )


def tasks_for(actor: Actor, task_ids: list[UUID]) -> list[Task]:
    """Return those of the tasks that belong to the actor's posts, in the order of the clock."""
    if not actor.is_official:
        return []
    found = Task.objects.filter(id__in=task_ids, post_id__in=actor.post_ids)
    return list(found.select_related("case__organisation", "post__organisation").order_by("due_on", "id"))


def settled_by(actor: Actor) -> QuerySet[FeeDemand]:
    """Return the fees that an official may settle.

    Those that a post of theirs takes; as a cashier or window, those of cases that their office handles or that they
    took in; at the service centre, those of the whole jurisdiction. Never of a case from which they stand aside.
    """
    if not actor.is_official or actor.official_id is None:
        return FeeDemand.objects.none()
    counters = [post for post in actor.posts if post.roles & set(duties.COUNTER)]
    offices = {post.organisation_id for post in counters}
    fees = FeeDemand.objects.exclude(case__recusals__official_id=actor.official_id)
    if offices and organisations.service_centre_id() in offices:
        return fees
    taken_in = Q(case__taken_in_by_id__in=[post.id for post in counters])
    return fees.filter(Q(post_id__in=actor.post_ids) | Q(case__organisation_id__in=offices) | taken_in)


def may_settle(actor: Actor, case: Case) -> bool:
    """Whether an official may settle the fees of a case."""
    return any(map(actor.has_role, duties.COUNTER)) and settled_by(actor).filter(case=case).exists()


def fee_for(actor: Actor, fee_id: UUID) -> FeeDemand:
    """Return a fee that the actor may settle; raises NotFound."""
    found = settled_by(actor).filter(id=fee_id).select_related("case__organisation").first()
    if found is None:
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


def answers_rating(actor: Actor, case: Case) -> UUID | None:
    """Return the post by which the actor answers a bad rating of a case: one of the office that handled it, or None."""
    own = (post for post in actor.posts if post.organisation_id == case.organisation_id)
    return next((post.id for post in own if post.roles & set(duties.ANSWERS_RATINGS)), None)


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
