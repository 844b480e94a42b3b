"""Requests for data that the market office has to answer, has refused, and items of a grant that nobody uses."""

from datetime import timedelta
from uuid import UUID, uuid4

from tests.people import Town
from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import now, office_date
from tongban.cases.tests.people import Office, Staff, office
from tongban.exchange import actions as exchange
from tongban.exchange.models import Resource
from tongban.exchange.rules.entries import EntryDraft, ItemDraft
from tongban.sharing import actions
from tongban.sharing.models import DataRequest, UnusedFields
from tongban.sharing.rules.checking import RequestDraft

ASKED = {
    "fields": ["name"],
    "purpose": "inspection",
    "purpose_words": "检查",
    "basis_law": "《某条例》",
    "basis_article": "第二条",
    "expected_per_day": 1,
    "rate_per_minute": 1,
    "valid_until": str(office_date(now()) + timedelta(days=30)),
}
"""What an office asks for, as a body of the API."""
REFUSED = actions.Answer(reasons="不需要", law="《某条例》", article="第三条")


def asked_and_refused(town: Town) -> dict[str, str]:
    """Return argument → object: a request that waits, a dispute about another, a proposal. `shops` is there already."""
    school = office("云澜市教育局", "school", roles=("steward",))
    asker, keeper = school.staff("steward", "求数"), town["steward"]
    waiting, refused = (
        _ask(asker.actor, asker.post.id, "shops"),
        _ask(asker.actor, asker.post.id, "shops", "statistics"),
    )
    answered = actions.answer(actor=keeper.actor, request=refused, given=REFUSED, now=now())
    dispute = actions.raise_dispute(actor=asker.actor, request=answered, grounds="需要", now=now())
    _offered(school)
    own = _ask(keeper.actor, town.market.posts["steward"].id, "pupils")
    return {
        "requests/number": waiting.case.number,
        "dispute/number": actions.answer(actor=asker.actor, request=own, given=REFUSED, now=now()).case.number,
        "disputes/number": dispute.case.number,
        "proposal_id": str(_unused(asker).id),
    }


def _offered(by: Office) -> None:
    """Publish a resource of another office, for which the market office asks."""
    item = ItemDraft(code="name", name="姓名", sharing_class="unconditional")
    entry = EntryDraft(
        slug="pupils",
        code="101001/8",
        subject_kind="person",
        name="学生",
        summary="学生",
        category="学生",
        items=(item,),
    )
    version = exchange.draft_resource(actor=SYSTEM, provider_id=by.organisation.id, draft=entry, now=now())
    exchange.submit_resource(actor=SYSTEM, version_id=version.id, now=now())
    exchange.publish_resource(actor=SYSTEM, version_id=version.id, now=now())


def _ask(actor: Actor, post_id: UUID, resource: str, purpose: str = "inspection") -> DataRequest:
    draft = RequestDraft(
        fields=("name",),
        purpose=purpose,
        purpose_words="检查",
        basis_law="《某条例》",
        basis_article="第二条",
        valid_until=office_date(now()) + timedelta(days=30),
        rate_per_minute=1,
        expected_per_day=1,
    )
    found = Resource.objects.get(slug=resource)
    return actions.hand_in(
        actor=actor, resource=found, post_id=post_id, draft=draft, idempotency_key=uuid4(), now=now()
    )


def _unused(holder: Staff) -> UnusedFields:
    terms = exchange.GrantTerms(
        resource_id=Resource.objects.get(slug="shops").id,
        consumer_id=holder.post.organisation_id,
        fields=("name",),
        purpose="idle",
        purpose_words="闲置",
        basis_law="《某条例》",
        basis_article="第二条",
        valid_from=now(),
        valid_until=now() + timedelta(days=700),
        rate_per_minute=1,
    )
    grant = exchange.give_grant(actor=SYSTEM, terms=terms, now=now())
    actions.propose_unused(now=now() + timedelta(days=200))
    return UnusedFields.objects.get(grant=grant)
