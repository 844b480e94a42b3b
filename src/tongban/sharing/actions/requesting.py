"""Ask another office for data, or take that back."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.text import clean_line, clean_lines
from tongban.cases import actions as cases
from tongban.exchange import queries as exchange
from tongban.ledger import actions as ledger
from tongban.organisations import queries as organisations
from tongban.sharing import queries
from tongban.sharing.errors import AskedAlready, NotAllowed, NotComplete, OwnData
from tongban.sharing.events import RequestHandedIn, RequestTakenBack
from tongban.sharing.models import DataRequest
from tongban.sharing.rules.checking import LONGEST_REASON, RequestDraft, in_types, problems, strictest
from tongban.sharing.rules.terms import STEWARD, terms_of_request

if TYPE_CHECKING:
    from tongban.exchange.models import Grant, Resource

KIND = "data_request"


def hand_in(
    *,
    actor: Actor,
    resource: "Resource",
    post_id: UUID,
    draft: RequestDraft,
    idempotency_key: UUID,
    renews: "Grant | None" = None,
    now: datetime,
) -> DataRequest:
    """Hand a request in: a case of the office that gives the data, under the clock of its strictest field.

    The same key again answers with the same request. Raises NotAllowed, OwnData, NotComplete by field, AskedAlready
    while the office waits for an answer on the same resource and purpose, NobodyAnswers.
    """
    done = queries.request_by_key(actor, idempotency_key)
    if done is not None:
        return done
    try:
        with transaction.atomic():
            return _hand_in(actor, resource, post_id, _clean(draft), idempotency_key, renews, now)
    except (IntegrityError, AskedAlready) as clash:  # the same click a moment ago, or a colleague asks for the same
        done = queries.request_by_key(actor, idempotency_key)
        if done is not None:
            return done
        if isinstance(clash, AskedAlready):
            raise
        raise AskedAlready from None


def _hand_in(
    actor: Actor,
    resource: "Resource",
    post_id: UUID,
    draft: RequestDraft,
    idempotency_key: UUID,
    renews: "Grant | None",
    now: datetime,
) -> DataRequest:
    post = next((post for post in actor.posts if post.id == post_id and STEWARD in post.roles), None)
    if post is None or actor.official_id is None:
        raise NotAllowed
    if post.organisation_id == resource.provider_id:
        raise OwnData
    items = exchange.items_of(resource)
    today = office_date(now)
    wrong = problems(draft, items, today=today, longest_days=queries.policy().longest_days)
    if wrong or draft.valid_until is None:
        raise NotComplete(wrong)
    _check_waits_for_none(post.organisation_id, resource, draft.purpose)
    wanted = [item for item in items if item.code in draft.fields]
    sharing_class = strictest(wanted)
    case = cases.open_between_offices(
        actor=actor,
        asked=cases.Asked(
            kind=KIND,
            title=f"数据共享申请：{resource.name}",
            title_en=f"Request for data: {resource.name_en or resource.name}",
            terms=terms_of_request(sharing_class, draft.items_served),
            asking=organisations.organisation(post.organisation_id),
            asking_post=organisations.post(post.id),
            answering=organisations.organisation(resource.provider_id),
            answering_post=queries.answering_post(resource.provider_id),
            role=STEWARD,
        ),
        now=now,
    )
    request = DataRequest.objects.create(
        case=case,
        resource=resource,
        consumer_id=post.organisation_id,
        consumer_post_id=post.id,
        asked_by_id=actor.official_id,
        asked_at=now,
        idempotency_key=idempotency_key,
        renews=renews,
        fields=[item.code for item in wanted],
        sharing_class=sharing_class,
        row_filter=list(in_types(draft.row_filter, items)),
        purpose=draft.purpose,
        purpose_words=draft.purpose_words,
        basis_law=draft.basis_law,
        basis_article=draft.basis_article,
        items_served=list(draft.items_served),
        expected_per_day=draft.expected_per_day,
        rate_per_minute=draft.rate_per_minute,
        valid_until=draft.valid_until,
        reason=draft.reason,
    )
    handed_in = RequestHandedIn(
        subject_id=request.id,
        resource_id=resource.id,
        consumer_id=request.consumer_id,
        sharing_class=sharing_class,
        renews_id=renews.id if renews else None,
    )
    ledger.record(handed_in, actor=actor, now=now, post_id=post.id)
    return request


def _clean(draft: RequestDraft) -> RequestDraft:
    return replace(
        draft,
        purpose=clean_line(draft.purpose),
        purpose_words=clean_line(draft.purpose_words)[:300],
        basis_law=clean_line(draft.basis_law)[:200],
        basis_article=clean_line(draft.basis_article)[:100],
        reason=clean_lines(draft.reason)[:LONGEST_REASON],
    )


def _check_waits_for_none(consumer_id: UUID, resource: "Resource", purpose: str) -> None:
    open_one = DataRequest.objects.filter(consumer_id=consumer_id, resource=resource, purpose=purpose, outcome="")
    number = open_one.values_list("case__number", flat=True).first()
    if number is not None:
        raise AskedAlready(number=number)


def ask_again(*, actor: Actor, grant_id: UUID, now: datetime) -> DataRequest:
    """Ask for the same as a grant allows, for as long as it was given: one click, and a second one changes nothing.

    Raises NotFound for a grant of another office, NotComplete where the catalogue has changed meanwhile, AskedAlready.
    """
    grant = queries.grant_to_renew(actor, grant_id)
    post = next(post for post in queries.asking_posts(actor) if post.organisation_id == grant.consumer_id)
    return hand_in(
        actor=actor,
        resource=grant.resource,
        post_id=post.id,
        draft=_same_as(grant, office_date(now)),
        idempotency_key=uuid5(
            grant.id, f"again-{DataRequest.objects.filter(renews=grant, outcome='withdrawn').count()}"
        ),
        renews=grant,
        now=now,
    )


def _same_as(grant: "Grant", today: date) -> RequestDraft:
    """Return the same content with as much time again, but no more than is asked for at most."""
    end = office_date(grant.valid_until) + exchange.length_of(grant)
    longest = today + timedelta(days=queries.policy().longest_days)
    earlier = DataRequest.objects.filter(grant=grant).first()
    return RequestDraft(
        fields=tuple(grant.fields),
        purpose=grant.purpose,
        purpose_words=grant.purpose_words,
        basis_law=grant.basis_law,
        basis_article=grant.basis_article,
        valid_until=min(end, longest),
        rate_per_minute=grant.rate_per_minute,
        expected_per_day=earlier.expected_per_day if earlier else 1,
        row_filter=tuple(grant.row_filter),
        items_served=tuple(grant.items_served),
        reason=earlier.reason if earlier and earlier.reason else _("Renewal of a grant"),
    )


@transaction.atomic
def take_back(*, actor: Actor, request: DataRequest, now: datetime) -> DataRequest:
    """Take a request back before it is answered. Raises NotFound, OwnMatter, NotInThisState (of cases)."""
    cases.withdraw(actor=actor, case=request.case, now=now)
    return note_taken_back(actor=actor, case_id=request.case_id, now=now)


def note_taken_back(*, actor: Actor, case_id: UUID, now: datetime) -> DataRequest:
    """Note on a request that its case was withdrawn; a second time it changes nothing."""
    request = DataRequest.objects.select_for_update(of=("self",)).get(case_id=case_id)
    if request.outcome:
        return request
    request.outcome, request.answered_at = DataRequest.Outcome.WITHDRAWN, now
    request.save(update_fields=["outcome", "answered_at"])
    back = RequestTakenBack(subject_id=request.id, resource_id=request.resource_id, consumer_id=request.consumer_id)
    ledger.record(back, actor=actor, now=now)
    return request


def erase_request(*, case_id: UUID) -> None:
    """Erase what was typed freely into a request, when its case is erased."""
    DataRequest.objects.filter(case_id=case_id).update(reason="")
