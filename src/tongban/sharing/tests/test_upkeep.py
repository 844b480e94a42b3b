"""Fields that nobody uses, and grants that end soon."""

from datetime import datetime, timedelta

import pytest
from tests.standing import nothing_changes

from tongban.base.clock import now
from tongban.cases.tests.people import client_of
from tongban.exchange import actions as exchange
from tongban.exchange.errors import NotYours
from tongban.exchange.models import Grant, GrantUse
from tongban.notifications.models import Message
from tongban.sharing import actions, errors, queries
from tongban.sharing.models import DataRequest, UnusedFields
from tongban.sharing.rules.terms import Policy
from tongban.sharing.tests.offices import Offices, hand_on


def granted(offices: Offices, *fields: str, **changes: object) -> Grant:
    """Give the asking office a grant that was given a year ago and lasts another."""
    values = {"valid_from": now() - timedelta(days=365), "valid_until": now() + timedelta(days=365)}
    terms = offices.town.terms(*fields, consumer_id=offices.asking.organisation.id, **(values | changes))
    return exchange.give_grant(actor=offices.giver.actor, terms=terms, now=now() - timedelta(days=365))


def used(grant: Grant, field: str, at: datetime) -> None:
    GrantUse.objects.create(grant=grant, field=field, day=at.date(), times=3)


def test_what_nobody_uses_is_proposed_once_and_taken_out_by_who_gives_it(offices: Offices) -> None:
    grant = granted(offices, "name", "address", "district")
    used(grant, "name", now() - timedelta(days=5))
    used(grant, "district", now() - timedelta(days=200))
    assert [actions.propose_unused(now=now()) for _morning in range(2)] == [1, 0]
    proposal = UnusedFields.objects.get()
    assert (proposal.grant_id, proposal.fields) == (grant.id, ["address", "district"])
    hand_on()
    assert (
        Message.objects.filter(account__username=offices.giver.username, link__contains=str(proposal.id)).count() == 1
    )
    for who in (offices.asker, offices.stranger):
        with nothing_changes(), pytest.raises(NotYours):
            actions.take_out(actor=who.actor, proposal=proposal, reason="x", now=now())
        with nothing_changes(), pytest.raises(NotYours):
            actions.keep(actor=who.actor, proposal=proposal, reason="x", now=now())
    address = f"/office/sharing/unused/{proposal.id}"
    giver, asker = client_of(offices.giver.username), client_of(offices.asker.username)
    with nothing_changes():
        assert asker.get(address).status_code == 404
        assert giver.post(address, {"step": "take-out", "reason": ""}).status_code == 422
    assert giver.post(address, {"step": "take-out", "reason": "半年未用"}).status_code == 302
    grant.refresh_from_db()
    proposal.refresh_from_db()
    assert (grant.state, proposal.state) == ("withdrawn", "taken_out")
    assert proposal.successor is not None
    assert (proposal.successor.fields, proposal.successor.valid_until) == (["name"], grant.valid_until)
    with nothing_changes():
        assert giver.post(address, {"step": "keep", "reason": "x"}).status_code == 302
        with pytest.raises(errors.SettledAlready):
            actions.keep(actor=offices.giver.actor, proposal=proposal, reason="x", now=now())


def test_what_people_may_read_on_themselves_is_proposed_for_nothing(offices: Offices) -> None:
    grant = granted(offices, "name", purpose="own_data", valid_until=now() + timedelta(days=5))
    assert (actions.propose_unused(now=now()), actions.remind_of_ends(now=now())) == (0, 0)
    assert grant not in queries.ending_grants(offices.asker.actor, now())


def test_kept_it_is_left_alone_for_as_long_again(offices: Offices) -> None:
    grant = granted(offices, "name")
    actions.propose_unused(now=now())
    proposal = UnusedFields.objects.get(grant=grant)
    with nothing_changes(), pytest.raises(errors.NotComplete):
        actions.keep(actor=offices.giver.actor, proposal=proposal, reason=" ", now=now())
    actions.keep(actor=offices.giver.actor, proposal=proposal, reason="年检季才用", now=now())
    for address in (f"/office/sharing/unused/{proposal.id}", "/office/sharing/unused"):
        assert "保留" in client_of(offices.giver.username).get(address).content.decode()
    assert actions.propose_unused(now=now() + timedelta(days=170)) == 0
    assert actions.propose_unused(now=now() + timedelta(days=190)) == 1


def test_used_again_the_proposal_settles_by_itself(offices: Offices) -> None:
    grant = granted(offices, "name", "address")
    actions.propose_unused(now=now())
    used(grant, "name", now())
    actions.propose_unused(now=now())
    proposal = UnusedFields.objects.get()
    assert (proposal.state, proposal.fields) == ("open", ["address"])
    used(grant, "address", now())
    actions.propose_unused(now=now())
    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by_id) == ("overtaken", None)
    assert client_of(offices.giver.username).get(f"/office/sharing/unused/{proposal.id}").status_code == 200


def test_when_no_field_is_left_the_grant_ends(offices: Offices) -> None:
    grant = granted(offices, "name")
    actions.propose_unused(now=now())
    settled = actions.take_out(actor=offices.giver.actor, proposal=UnusedFields.objects.get(), reason="未用", now=now())
    grant.refresh_from_db()
    assert (grant.state, settled.successor_id) == ("withdrawn", None)


def test_what_is_young_or_secret_is_not_proposed(offices: Offices) -> None:
    granted(offices, "name", may_be_secret=True, purpose="secret")
    young = offices.town.terms(
        "name", consumer_id=offices.asking.organisation.id, purpose="young", valid_until=now() + timedelta(days=99)
    )
    exchange.give_grant(actor=offices.giver.actor, terms=young, now=now() - timedelta(days=100))
    assert actions.propose_unused(now=now()) == 0
    policy = Policy(unused_days=90)
    actions.publish_policy(actor=offices.coordinator.actor, policy=policy, after_version=0, now=now())
    assert actions.propose_unused(now=now()) == 1


def test_a_grant_that_ends_soon_is_asked_for_again_with_one_click(offices: Offices) -> None:
    grant = granted(offices, "name", "address", valid_until=now() + timedelta(days=20), items_served=("X1",))
    granted(offices, "name", purpose="later")
    assert [actions.remind_of_ends(now=now()) for _morning in range(2)] == [1, 0]
    hand_on()
    assert Message.objects.filter(account__username=offices.asker.username).count() == 1
    asker, stranger = client_of(offices.asker.username), client_of(offices.stranger.username)
    address = f"/office/sharing/grants/{grant.id}/renew"
    assert address in asker.get("/office/sharing/").content.decode()
    with nothing_changes():
        assert stranger.post(address).status_code == 404
    answers = [asker.post(address) for _click in range(2)]
    request = DataRequest.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/office/sharing/requests/{request.case.number}"}
    assert (request.renews_id, request.fields, request.purpose) == (grant.id, ["name", "address"], grant.purpose)
    assert request.items_served == ["X1"]
    assert address not in asker.get("/office/sharing/").content.decode()
    answered = offices.answer(request, "name", "address")
    assert answered.grant is not None
    assert answered.grant.valid_from == grant.valid_until  # one follows the other


def test_who_has_asked_again_is_not_reminded(offices: Offices) -> None:
    grant = granted(offices, "name", valid_until=now() + timedelta(days=20))
    actions.ask_again(actor=offices.asker.actor, grant_id=grant.id, now=now())
    assert actions.remind_of_ends(now=now()) == 0
