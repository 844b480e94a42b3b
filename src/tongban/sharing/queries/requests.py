"""How to find requests and disputes, and who may see them. Absent and forbidden read the same."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Q, QuerySet

from tongban.base.actor import Actor, PostHeld
from tongban.base.clock import now, office_date
from tongban.base.errors import NotFound
from tongban.exchange import queries as exchange
from tongban.organisations import queries as organisations
from tongban.sharing.errors import NobodyAnswers
from tongban.sharing.models import DataRequest, Dispute
from tongban.sharing.queries.policy import policy
from tongban.sharing.rules.terms import STEWARD

if TYPE_CHECKING:
    from tongban.cases.models import Case, Task
    from tongban.exchange.models import ResourceItem
    from tongban.organisations.models import Post

_SHOWN = ("case", "resource__provider", "consumer", "dispute__case")
REFUSED = (DataRequest.Outcome.PARTLY, DataRequest.Outcome.REFUSED)


def asking_posts(actor: Actor) -> list[PostHeld]:
    """Return the posts by which the actor asks for data: those that keep the data of an office."""
    return [post for post in actor.posts if STEWARD in post.roles]


def asked(actor: Actor) -> QuerySet[DataRequest]:
    """Return what the actor's offices have asked for, the newest first."""
    own = [post.organisation_id for post in asking_posts(actor)]
    return DataRequest.objects.filter(consumer_id__in=own).select_related(*_SHOWN).order_by("-asked_at", "-id")


def received(actor: Actor) -> QuerySet[DataRequest]:
    """Return what the actor's offices are asked for, or stand in for; what waits comes first, then the newest."""
    own = [post.organisation_id for post in asking_posts(actor)]
    given = Q(id__in=DataRequest.objects.filter(case__tasks__post_id__in=actor.post_ids).values("id"))
    found = DataRequest.objects.filter(Q(resource__provider_id__in=own) | given)
    return found.select_related(*_SHOWN).order_by(F("answered_at").desc(nulls_first=True), "-asked_at", "-id")


def disputes(actor: Actor) -> QuerySet[Dispute]:
    """Return the disputes that the actor decides or has a part in, what is open first."""
    found = Dispute.objects.select_related("case", "request__case", "request__resource__provider", "request__consumer")
    found = found.order_by(F("decided_at").desc(nulls_first=True), "-raised_at")
    if exchange.orders(actor):
        return found
    own = [post.organisation_id for post in asking_posts(actor)]
    return found.filter(Q(request__consumer_id__in=own) | Q(request__resource__provider_id__in=own))


def visible(actor: Actor) -> QuerySet[DataRequest]:
    """Return the requests in which the actor's office has a part; all, for who reviews the catalogue or coordinates."""
    found = DataRequest.objects.select_related(*_SHOWN, "grant", "renews", "asked_by", "consumer_post")
    if exchange.orders(actor) or exchange.reviews(actor):
        return found
    own = [post.organisation_id for post in asking_posts(actor)]
    given = Q(id__in=DataRequest.objects.filter(case__tasks__post_id__in=actor.post_ids).values("id"))
    return found.filter(Q(consumer_id__in=own) | Q(resource__provider_id__in=own) | given)


def request_for(actor: Actor, number: str) -> DataRequest:
    """Return a request by the number of its case; raises NotFound."""
    found = visible(actor).filter(case__number=number).first() if actor.is_official else None
    if found is None:
        raise NotFound
    return found


def request_by_key(actor: Actor, key: UUID) -> DataRequest | None:
    """Return what the actor's offices have handed in under a key."""
    return asked(actor).filter(idempotency_key=key).first()


def dispute_for(actor: Actor, number: str) -> Dispute:
    """Return a dispute by the number of its case; raises NotFound."""
    found = disputes(actor).filter(case__number=number).first() if actor.is_official else None
    if found is None:
        raise NotFound
    return found


def request_of_case(case_id: UUID) -> DataRequest:
    """Return the request that a case is; raises NotFound."""
    found = DataRequest.objects.select_related(*_SHOWN).filter(case_id=case_id).first()
    if found is None:
        raise NotFound
    return found


def dispute_of_case(case_id: UUID) -> Dispute:
    """Return the dispute that a case is; raises NotFound."""
    shown = ("case", "request__case", "request__resource__provider", "request__consumer")
    found = Dispute.objects.select_related(*shown).filter(case_id=case_id).first()
    if found is None:
        raise NotFound
    return found


def items_asked(request: DataRequest) -> "list[ResourceItem]":
    """Return the information items of a request as the catalogue has them now; those that have gone are missing."""
    return [item for item in exchange.items_of(request.resource) if item.code in request.fields]


def open_task(case: "Case") -> "Task | None":
    """Return the task by which a request or a dispute is answered; None once it is."""
    shown = ("post__organisation", "holder", "case")
    return case.tasks.select_related(*shown).filter(kind="decision", state="open").first()


def is_to_answer(actor: Actor, task: "Task | None") -> bool:
    """Whether the actor's posts have this to answer."""
    return task is not None and actor.is_official and task.post_id in actor.post_ids


def may_take_back(actor: Actor, request: DataRequest) -> bool:
    """Whether the actor may take a request back: a steward of the office that asked, by the post that asked."""
    return not request.outcome and request.consumer_post_id in actor.post_ids


def may_dispute(actor: Actor, request: DataRequest) -> bool:
    """Whether the actor's office may take a refusal to the coordinator now."""
    if request.outcome not in REFUSED or request.answered_at is None or not request.refused_fields:
        return False
    if not any(post.organisation_id == request.consumer_id for post in asking_posts(actor)):
        return False
    last = office_date(request.answered_at) + timedelta(days=policy().dispute_days)
    return office_date(now()) <= last and not Dispute.objects.filter(request=request).exists()


def refusals() -> QuerySet[DataRequest]:
    """Return what offices have refused one another, for everybody: offices, resource, items, law. The newest first."""
    found = DataRequest.objects.filter(outcome__in=REFUSED).select_related(
        "resource__provider", "resource__in_force", "consumer", "dispute"
    )
    return found.order_by("-answered_at", "-id")


def names_of(requests: Sequence[DataRequest]) -> "dict[tuple[UUID, str], ResourceItem]":
    """Return the items of resources by (resource, code), for the names of what was refused."""
    return exchange.items_by_resource({request.resource_id for request in requests})


def answering_post(provider_id: UUID) -> "Post":
    """Return the post that answers for an office: its own data steward, else the service centre's.

    Raises NobodyAnswers.
    """
    for office in (provider_id, organisations.service_centre_id()):
        for post in organisations.posts_of_organisation(office) if office else ():
            if STEWARD in post.roles:
                return post
    raise NobodyAnswers


def coordinating_post() -> "Post":
    """Return the post that decides disputes: the service centre's supervisor. Raises NobodyAnswers."""
    centre = organisations.service_centre_id()
    for post in organisations.posts_of_organisation(centre) if centre else ():
        if "supervisor" in post.roles:
            return post
    raise NobodyAnswers
