"""Demand and supply by its actions: asked, granted, granted in part, refused, disputed, twice, by the wrong office."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.standing import nothing_changes

from tongban.base.books import Look
from tongban.base.clock import now, office_date
from tongban.base.errors import Refusal
from tongban.cases import actions as cases
from tongban.cases.errors import DecidedElsewhere
from tongban.cases.models import Case, Clock, Task
from tongban.exchange.errors import LookUpRefused, NotShared
from tongban.exchange.models import Grant, ResourceItem
from tongban.exchange.rules.calls import Call, CaseReference
from tongban.exchange.rules.rows import meets
from tongban.notifications.models import Message
from tongban.sharing import actions, errors
from tongban.sharing.books import answers, disputes, requests
from tongban.sharing.models import DataRequest, Dispute
from tongban.sharing.rules import values
from tongban.sharing.rules.checking import in_types
from tongban.sharing.tests.offices import LAW, Offices, hand_on


def agree() -> None:
    """Compare the books of the room."""
    look = Look(now=now() + timedelta(minutes=5))
    assert [books(look).named for books in (requests, disputes, answers)] == [(), (), ()]


def task_of(request: DataRequest) -> Task:
    return Task.objects.get(case=request.case, state="open")


def test_a_request_reaches_the_office_that_gives_under_its_clock(offices: Offices) -> None:
    request = offices.ask("name", "address")
    task, clock = task_of(request), Clock.objects.get(case=request.case)
    assert (task.post_id, task.kind, task.role) == (offices.giver.post.id, "decision", "steward")
    assert (clock.limit_value, clock.limit_unit) == (10, "working_day")
    assert "待核对" in clock.basis
    assert request.sharing_class == "conditional"
    assert request.case.applicant_organisation_id == offices.asking.organisation.id
    free = offices.ask("name", purpose="another")
    assert Clock.objects.get(case=free.case).limit_value == 1
    hand_on()
    assert (
        Message.objects.filter(account__username=offices.giver.username, subject__contains="云澜市教育局").count() == 2
    )
    agree()


def test_granted_wholly_it_is_a_grant_that_the_gate_knows(offices: Offices) -> None:
    request = offices.answer(
        offices.ask("name", "address", row_filter=({"field": "district", "operator": "in", "values": ["青溪区"]},)),
        "name",
        "address",
    )
    grant = Grant.objects.get(data_request=request)
    assert (grant.fields, grant.purpose, grant.consumer_id) == (
        ["name", "address"],
        "school_place",
        request.consumer_id,
    )
    assert grant.row_filter == [{"field": "district", "operator": "in", "values": ["青溪区"]}]
    assert office_date(grant.valid_until - timedelta(seconds=1)) == request.valid_until
    assert (request.outcome, Case.objects.get(id=request.case_id).state) == ("granted", "delivered")
    hand_on()
    assert Message.objects.filter(account__username=offices.asker.username).exists()
    agree()


def test_granted_in_part_only_that_part_is_granted(offices: Offices) -> None:
    request = offices.answer(offices.ask("name", "address", "religion"), "name")
    assert (request.outcome, request.granted_fields, request.refused_fields) == (
        "partly",
        ["name"],
        ["address", "religion"],
    )
    assert Grant.objects.get(data_request=request).fields == ["name"]
    agree()


def test_refused_there_is_no_grant_and_the_gate_says_so(offices: Offices) -> None:
    request = offices.refused("name")
    assert (request.outcome, request.refusal_law, request.grant_id) == ("refused", LAW, None)
    call = Call(
        about=offices.town.about(),
        fields=("name",),
        purpose="school_place",
        resource="population",
        reference=CaseReference("x"),
    )
    with pytest.raises(LookUpRefused):
        offices.town.ask(call, by=offices.asker.actor, now=now())
    agree()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fields": ()}, "fields"),
        ({"fields": ("name", "unheard_of")}, "fields"),
        ({"fields": ("secret_word",)}, "reason"),
        ({"purpose": "Not A Code"}, "purpose"),
        ({"purpose": "own_data"}, "purpose"),
        ({"purpose_words": " "}, "purpose_words"),
        ({"basis_law": ""}, "basis_law"),
        ({"basis_article": ""}, "basis_article"),
        ({"valid_until": None}, "valid_until"),
        ({"valid_until": office_date(now()) - timedelta(days=1)}, "valid_until"),
        ({"valid_until": office_date(now()) + timedelta(days=1200)}, "valid_until"),
        ({"rate_per_minute": 0}, "rate_per_minute"),
        ({"expected_per_day": 0}, "expected_per_day"),
        ({"row_filter": ({"field": "nothing", "operator": "in", "values": ["x"]},)}, "row_filter"),
        ({"row_filter": ({"field": "birth_date", "operator": "at_least", "values": ["soon"]},)}, "row_filter"),
        ({"row_filter": ({"field": "birth_date", "operator": "begins_with", "values": ["20"]},)}, "row_filter"),
        ({"row_filter": ({"field": "birth_date", "operator": "exec", "values": ["2026-01-01"]},)}, "row_filter"),
        ({"items_served": ("a b",)}, "items_served"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(offices: Offices, change: dict[str, Any], field: str) -> None:
    draft = offices.draft(**change)
    with nothing_changes(), pytest.raises(errors.NotComplete) as refusal:
        actions.hand_in(
            actor=offices.asker.actor, resource=offices.resource, post_id=offices.asker.post.id, draft=draft,
            idempotency_key=uuid4(), now=now(),
        )  # fmt: skip
    assert list(refusal.value.fields) == [field]


def test_what_is_not_shared_may_be_asked_with_a_reason_and_not_granted(offices: Offices) -> None:
    request = offices.ask("name", "secret_word", reason="侦查所需")
    assert request.sharing_class == "none"
    with nothing_changes(), pytest.raises(NotShared):
        offices.answer(request, "name", "secret_word")
    answered = offices.answer(request, "name")
    assert answered.refused_fields == ["secret_word"]
    dispute = offices.disputed(answered)
    with nothing_changes(), pytest.raises(NotShared):
        offices.decide(dispute, "secret_word")
    agree()


def test_a_second_click_is_the_same_request(offices: Offices) -> None:
    key = uuid4()
    handed = [
        actions.hand_in(
            actor=offices.asker.actor, resource=offices.resource, post_id=offices.asker.post.id,
            draft=offices.draft(), idempotency_key=key, now=now(),
        )
        for _click in range(2)
    ]  # fmt: skip
    assert handed[0].id == handed[1].id
    with nothing_changes(), pytest.raises(errors.AskedAlready) as refusal:
        offices.ask()
    assert refusal.value.details["number"] == handed[0].case.number


def test_an_office_does_not_ask_itself_and_only_stewards_ask(offices: Offices) -> None:
    desk = offices.asking.staff("acceptance")
    with nothing_changes():
        with pytest.raises(errors.OwnData):
            offices.ask(by=offices.giver)
        with pytest.raises(errors.NotAllowed):
            offices.ask(by=desk)


def test_only_the_office_that_was_asked_answers(offices: Offices) -> None:
    request = offices.ask()
    for who in (offices.asker, offices.stranger, offices.coordinator):
        with nothing_changes(), pytest.raises(errors.NotAllowed):
            offices.answer(request, "name", by=who)


def test_of_two_answers_the_first_counts(offices: Offices) -> None:
    request, colleague = offices.ask(), offices.colleague(offices.giver)
    offices.answer(request, "name")
    with nothing_changes(), pytest.raises(errors.AnsweredAlready):
        offices.answer(request, "name", "address", by=colleague)
    assert Grant.objects.filter(consumer=request.consumer).count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reasons": ""}, "reasons"),
        ({"law": ""}, "law"),
        ({"article": ""}, "article"),
        ({"valid_until": office_date(now()) + timedelta(days=999)}, "valid_until"),
        ({"rate_per_minute": 61}, "rate_per_minute"),
    ],
)
def test_an_answer_stays_within_what_was_asked(offices: Offices, said: dict[str, Any], field: str) -> None:
    request = offices.ask()
    with nothing_changes(), pytest.raises(errors.NotComplete) as refusal:
        offices.answer(request, "name", **said)
    assert list(refusal.value.fields) == [field]


def test_the_page_of_cases_does_not_decide_it(offices: Offices) -> None:
    request = offices.ask()
    with nothing_changes(), pytest.raises(DecidedElsewhere):
        cases.decide(actor=offices.giver.actor, task=task_of(request), outcome="granted", reasons="x", now=now())


def test_taken_back_it_is_answered_no_more(offices: Offices) -> None:
    request = offices.ask()
    with nothing_changes(), pytest.raises(Refusal):
        actions.take_back(actor=offices.stranger.actor, request=request, now=now())
    actions.take_back(actor=offices.asker.actor, request=request, now=now())
    with nothing_changes(), pytest.raises(errors.AnsweredAlready):
        offices.answer(request, "name")
    assert offices.ask().outcome == ""  # and it may be asked anew
    hand_on()
    agree()


def test_a_case_withdrawn_elsewhere_is_a_request_taken_back(offices: Offices) -> None:
    request = offices.ask()
    cases.withdraw(actor=offices.asker.actor, case=request.case, now=now())
    hand_on()
    request.refresh_from_db()
    assert request.outcome == "withdrawn"


def test_the_coordinator_orders_the_grant(offices: Offices) -> None:
    request = offices.answer(offices.ask("name", "address", "religion"), "name")
    dispute = offices.disputed(request)
    assert offices.disputed(request).id == dispute.id
    for who in (offices.asker, offices.giver, offices.stranger):
        with nothing_changes(), pytest.raises(errors.NotAllowed):
            offices.decide(dispute, "address", by=who)
    decided = offices.decide(dispute, "address")
    grant = Grant.objects.get(data_dispute=decided)
    assert (decided.outcome, grant.fields, grant.granted_by_id) == (
        "ordered",
        ["name", "address"],
        offices.coordinator.official_id,
    )
    assert Grant.objects.get(data_request=request).state == "withdrawn"  # the new one holds what it held
    with nothing_changes(), pytest.raises(errors.AnsweredAlready):
        offices.decide(dispute)
    hand_on()
    for who in (offices.asker, offices.giver):
        assert Message.objects.filter(
            account__username=who.username, link__contains=request.case.number, subject__contains="争议"
        ).exists()
    agree()


def test_the_refusal_stands(offices: Offices) -> None:
    dispute = offices.decide(offices.disputed(offices.refused("name")))
    assert (dispute.outcome, dispute.grant_id) == ("stands", None)
    assert not Grant.objects.filter(consumer=offices.asking.organisation).exists()
    agree()


def test_only_what_was_refused_is_disputed_in_time_and_by_who_asked(offices: Offices) -> None:
    granted, refused = offices.answer(offices.ask(), "name", "address"), offices.refused("name")
    with nothing_changes():
        with pytest.raises(errors.NothingToDispute):
            offices.disputed(granted)
        with pytest.raises(errors.NotAllowed):
            actions.raise_dispute(actor=offices.stranger.actor, request=refused, grounds="x", now=now())
        with pytest.raises(errors.NotComplete):
            actions.raise_dispute(actor=offices.asker.actor, request=refused, grounds=" ", now=now())
    DataRequest.objects.filter(id=refused.id).update(answered_at=now() - timedelta(days=32))
    refused.refresh_from_db()
    with nothing_changes(), pytest.raises(errors.NothingToDispute):
        offices.disputed(refused)
    assert not Dispute.objects.exists()


def test_values_of_conditions_are_of_the_type_of_their_item(offices: Offices) -> None:
    """A text that is compared with a date or a number lets the wrong rows through, or none."""
    asked = offices.ask("name", row_filter=({"field": "birth_date", "operator": "at_least", "values": ["2001/03/31"]},))
    assert asked.row_filter == [{"field": "birth_date", "operator": "at_least", "values": ["2001-03-31"]}]
    with nothing_changes(), pytest.raises(errors.NotComplete) as refusal:
        offices.answer(asked, "name", row_filter=({"field": "birth_date", "operator": "at_most", "values": ["x"]},))
    assert set(refusal.value.fields) == {"row_filter"}
    more = ({"field": "birth_date", "operator": "at_most", "values": ["2010/01/01"]},)
    grant = offices.answer(asked, "name", row_filter=more).grant
    assert grant is not None
    assert [one["values"] for one in grant.row_filter] == [["2001-03-31"], ["2010-01-01"]]


def test_a_number_of_a_condition_is_a_number() -> None:
    item = ResourceItem(code="capital", type="Y")
    asked = {"field": "capital", "operator": "not_in", "values": ["500", "7"]}
    assert in_types([asked], [item]) == ({"field": "capital", "operator": "not_in", "values": [500, 7]},)
    kept_back, shown = {"capital": 500}, {"capital": 501}
    assert (meets(kept_back, in_types([asked], [item])), meets(shown, in_types([asked], [item]))) == (False, True)
    assert not meets(shown, [asked]), "what cannot be compared is kept back"


def test_an_order_widens_nothing_that_was_not_disputed(offices: Offices) -> None:
    """A part was granted for one district, more slowly and for less long: the rest is ordered under the same terms."""
    near, soon = (
        ({"field": "district", "operator": "in", "values": ["青溪区"]},),
        office_date(now()) + timedelta(days=9),
    )
    partly = offices.answer(
        offices.ask("name", "address"), "name", row_filter=near, valid_until=soon, rate_per_minute=7
    )
    decided = offices.decide(offices.disputed(partly), "address")
    grant = Grant.objects.get(data_dispute=decided)
    assert (grant.fields, grant.row_filter, grant.rate_per_minute) == (["name", "address"], list(near), 7)
    assert office_date(grant.valid_until - timedelta(days=1)) == soon


@pytest.mark.parametrize(("kind", "text"), [("G", "[" * 1000), ("Y", "1e400"), ("I", "9" * 5000), ("F", "nothing")])
def test_what_cannot_be_read_as_a_value_stays_text(kind: str, text: str) -> None:
    assert values.typed(ResourceItem(code="marks", type=kind), text) == text
