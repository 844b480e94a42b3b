"""The catalogue: drafted, reviewed by somebody else, published, replaced, withdrawn; and who may do what."""

from typing import Any

import pytest
from tests.standing import nothing_changes

from tongban.base.actor import SYSTEM
from tongban.cases.tests.people import Staff
from tongban.exchange import actions, errors
from tongban.exchange.models import Grant, ResourceVersion
from tongban.exchange.rules.entries import ItemDraft
from tongban.ledger.models import Event
from tongban.registers.tests.town import NOW, Town, entry


def centre(town: Town) -> Staff:
    """Return a data steward of the service centre: of the office that takes in what nobody is known to handle."""
    return town.reviewer


def drafted(town: Town, **changes: Any) -> ResourceVersion:
    """Draft an entry as the keeper's steward."""
    items = (ItemDraft(code="plate", name="车牌", sharing_class="unconditional", datum="vehicle.plate", is_lead=True),)
    draft = entry(**({"slug": "vehicles", "items": items, "name": "机动车"} | changes))
    return actions.draft_resource(
        actor=town.steward.actor, provider_id=town.keeper.organisation.id, draft=draft, now=NOW
    )


def published(town: Town, version: ResourceVersion) -> ResourceVersion:
    """Hand in and publish."""
    actions.submit_resource(actor=town.steward.actor, version_id=version.id, now=NOW)
    return actions.publish_resource(actor=centre(town).actor, version_id=version.id, now=NOW)


def test_the_life_of_an_entry(town: Town) -> None:
    version = drafted(town)
    actions.submit_resource(actor=town.steward.actor, version_id=version.id, now=NOW)
    with nothing_changes(), pytest.raises(errors.NotComplete):
        actions.send_back_resource(actor=centre(town).actor, version_id=version.id, word=" ", now=NOW)
    back = actions.send_back_resource(actor=centre(town).actor, version_id=version.id, word="请补摘要", now=NOW)
    assert (back.state, back.word) == ("draft", "请补摘要")
    first = published(town, drafted(town))
    resource = first.resource
    resource.refresh_from_db()
    assert (resource.in_force, resource.name, resource.field_codes) == (first, "机动车", ["plate"])
    second = published(town, drafted(town, name="机动车登记"))
    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("replaced", "published", 2)
    actions.withdraw_resource(actor=town.steward.actor, resource_id=resource.id, now=NOW)
    second.refresh_from_db()
    resource.refresh_from_db()
    assert (second.state, resource.field_codes) == ("withdrawn", [])
    kinds = list(Event.objects.filter(subject_id=resource.id).order_by("id").values_list("kind", flat=True))
    assert [kind.removeprefix("exchange.resource_") for kind in kinds] == [
        "drafted", "submitted", "sent_back", "drafted", "submitted", "published",
        "drafted", "submitted", "published", "withdrawn",
    ]  # fmt: skip


def test_four_eyes_and_the_right_hands(town: Town) -> None:
    with nothing_changes():
        for actor in (town.reviewer.actor, town.staff["acceptance"].actor, town.lin.actor):
            with pytest.raises(errors.NotYours):
                actions.draft_resource(
                    actor=actor, provider_id=town.keeper.organisation.id, draft=entry("vehicles"), now=NOW
                )
    version = drafted(town)
    with nothing_changes(), pytest.raises(errors.NotInThisState):
        actions.publish_resource(actor=centre(town).actor, version_id=version.id, now=NOW)
    actions.submit_resource(actor=town.steward.actor, version_id=version.id, now=NOW)
    with nothing_changes():
        with pytest.raises(errors.OnlyTheCentre):
            actions.publish_resource(actor=town.steward.actor, version_id=version.id, now=NOW)
        with pytest.raises(errors.NotInThisState):
            drafted(town)
    own = actions.draft_resource(
        actor=centre(town).actor, provider_id=town.asking.organisation.id,
        draft=entry("own", fields=(ItemDraft(code="a", name="a", sharing_class="unconditional"),)), now=NOW,
    )  # fmt: skip
    actions.submit_resource(actor=centre(town).actor, version_id=own.id, now=NOW)
    with nothing_changes(), pytest.raises(errors.ReviewedByAuthor):
        actions.publish_resource(actor=centre(town).actor, version_id=own.id, now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"code": "1/2"}, "code"),
        ({"slug": "No Spaces"}, "slug"),
        ({"items": ()}, "items"),
        ({"related_codes": ("x",)}, "related_codes"),
        ({"items": (ItemDraft(code="a", name="a"),)}, "items.0"),
        ({"items": (ItemDraft(code="a", name="a", sharing_class="none"),)}, "items.0"),
        ({"items": (ItemDraft(code="A b", name="a", sharing_class="unconditional"),)}, "items.0"),
        ({"items": (ItemDraft(code="a", name="a", type="Q", sharing_class="unconditional"),)}, "items.0"),
        ({"items": (ItemDraft(code="a", name="a", sharing_class="unconditional", is_lead=True),)}, "items.0"),
        ({"code": "101001/1", "slug": "population"}, "slug"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(town: Town, changes: dict[str, Any], field: str) -> None:
    with nothing_changes(), pytest.raises(errors.NotComplete) as caught:
        drafted(town, **changes)
    assert list(caught.value.fields) == [field]


def test_a_datum_has_one_lead(town: Town) -> None:
    item = ItemDraft(code="name", name="姓名", sharing_class="unconditional", datum="person.name", is_lead=True)
    version = drafted(town, items=(item,))
    actions.submit_resource(actor=town.steward.actor, version_id=version.id, now=NOW)
    with nothing_changes(), pytest.raises(errors.LeadTaken) as caught:
        actions.publish_resource(actor=centre(town).actor, version_id=version.id, now=NOW)
    assert caught.value.details["data"] == ["person.name"]


def test_who_gives_grants(town: Town) -> None:
    terms = town.terms("name")
    with nothing_changes():
        for actor in (town.staff["acceptance"].actor, town.lin.actor):
            with pytest.raises(errors.NotYours):
                actions.give_grant(actor=actor, terms=terms, now=NOW)
    given = [actions.give_grant(actor=actor, terms=terms, now=NOW) for actor in (town.steward.actor, SYSTEM)]
    with nothing_changes():
        with pytest.raises(errors.NotYours):
            actions.withdraw_grant(actor=town.staff["acceptance"].actor, grant_id=given[0].id, word="x", now=NOW)
        with pytest.raises(errors.NotComplete):
            actions.withdraw_grant(actor=town.steward.actor, grant_id=given[0].id, word="", now=NOW)
        with pytest.raises(errors.NotInThisState):
            actions.resume_grant(actor=town.steward.actor, grant_id=given[0].id, now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": "为什么"}, "purpose"),
        ({"basis_article": " "}, "basis_article"),
        ({"valid_until": NOW.replace(year=2020)}, "valid_until"),
        ({"rate_per_minute": 0}, "rate_per_minute"),
        ({"consumer_id": None}, "consumer"),
        ({"consumer_system": "x"}, "consumer"),
        ({"row_filter": [{"field": "nowhere", "operator": "in", "values": [1]}]}, "row_filter"),
        ({"row_filter": [{"field": "district", "operator": "exec", "values": [1]}]}, "row_filter"),
        ({"standing": "always"}, "standing"),
        ({"fields": ("name", "name")}, "fields"),
    ],
)
def test_terms_that_cannot_be(town: Town, changes: dict[str, Any], field: str) -> None:
    with nothing_changes(), pytest.raises(errors.NotComplete) as caught:
        town.grant("name", **changes)
    assert list(caught.value.fields) == [field]
    assert not Grant.objects.exists()
