"""A stranger who knew a neighbour's identity number has opened the account first: every door to what is the neighbour's.

Each test asks the door before a window has given the account, where it must be as if there were nothing, and after.
"""

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongban.accounts import actions as accounts
from tongban.accounts.models import Person
from tongban.accounts.tests.people import identity_number
from tongban.applications import actions, queries
from tongban.applications.models import Application
from tongban.applications.tests.people import SHOP, Town
from tongban.base.actor import SYSTEM
from tongban.base.errors import NotFound
from tongban.cases import actions as cases
from tongban.cases import queries as case_queries
from tongban.cases.models import Case
from tongban.cases.tests.people import NOW, Resident, client_of, given, open_task, resident
from tongban.ledger import actions as ledger
from tongban.notifications.models import Message

AT_THE_WINDOW = "13700007777"


@pytest.fixture
def stranger() -> Resident:
    """An account under the neighbour's number."""
    return resident("邻居")


@pytest.fixture
def taken_in(town: Town, stranger: Resident) -> Application:
    """What a window took in for the neighbour, who came with the identity card and left a telephone number."""
    return take_in(town, stranger)


def take_in(town: Town, who: Resident, phone: str = AT_THE_WINDOW) -> Application:
    person = Person.objects.get(id=who.person_id)
    accounts.register_person(
        actor=town.clerk.actor, name=person.name, identity_kind=person.identity_kind,
        identity_number=person.identity_number, phone=phone, assurance="seen", now=NOW,
    )  # fmt: skip
    draft = actions.begin_at_window(
        actor=town.clerk.actor, post_id=town.clerk.post.id, item_code=SHOP, person_id=person.id,
        situation={"premises": "own"}, now=NOW,
    )  # fmt: skip
    clerk = town.clerk.actor
    for step in ("who", "shop"):
        assert town.save(draft, step, clerk, **({"name": person.name} if step == "who" else {})) == {}
    town.attach(draft, actor=clerk)
    actions.save_materials(actor=clerk, draft_id=draft.id, now=NOW)
    actions.save_delivery(actor=clerk, draft_id=draft.id, typed={"way": "window"}, now=NOW)
    return actions.submit(actor=clerk, draft_id=draft.id, idempotency_key=draft.idempotency_key, declared=True, now=NOW)


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def doors_of(application: Application) -> list[str]:
    """Every address at which something of the case is served."""
    number = application.case.number
    file_id = application.materials.get(file__isnull=False).file_id
    return [
        f"/my/cases/{number}",
        f"/my/cases/{number}/withdraw",
        f"/my/cases/{number}/supplement/",
        f"/cases/{number}/receipt/",
        f"/api/v1/cases/{number}",
        f"/papers/{application.receipt_id}.pdf",
        f"/files/{file_id}",
    ]


def test_no_page_paper_file_or_interface_gives_it_away(town: Town, stranger: Resident, taken_in: Application) -> None:
    cases.accept(actor=town.city.desk.actor, task=open_task(taken_in.case, "acceptance"), now=NOW)
    browser = client_of(stranger.username)
    for address in doors_of(taken_in):
        assert browser.get(address).status_code == 404, address
    number = taken_in.case.number
    refused, nothing = (browser.get(f"/api/v1/cases/{one}") for one in (number, "20260302-7KQ4M2XA"))
    said = [{**one.json(), "instance": "", "request_id": ""} for one in (refused, nothing)]
    assert said[0] == said[1], "a case of others reads like one that is not there"
    for address in ("/my/cases", "/my/cases?view=open", "/my", "/my/messages"):
        assert number not in shown(browser, address), address
        assert taken_in.case.title not in shown(browser, address), address
    listed = json.loads(browser.get("/api/v1/cases", {"q": number[:9]}).content)
    assert (listed["results"], listed["total"]) == ([], 0)
    assert case_queries.results_of(stranger.actor, "X") == []
    given(stranger)
    browser = client_of(stranger.username)
    assert number in shown(browser, "/my/cases")
    assert number in shown(browser, "/my")
    for address in doors_of(taken_in):
        assert browser.get(address).status_code in {200, 302}, address


def test_nothing_can_be_done_to_it(town: Town, stranger: Resident, taken_in: Application) -> None:
    browser, number = client_of(stranger.username), taken_in.case.number
    before = Case.objects.values().get(id=taken_in.case_id)
    for address, sent in (
        (f"/my/cases/{number}/withdraw", {"withdraw-reason": "不办了"}),
        (f"/my/cases/{number}/rate", {"rating-level": "1"}),
        (f"/my/cases/{number}/supplement/", {}),
    ):
        assert browser.post(address, sent).status_code == 404, address
    for address, body in (
        (f"/api/v1/cases/{number}/withdraw", {"reason": "不办了"}),
        (f"/api/v1/cases/{number}/rating", {"level": 1, "words": ""}),
    ):
        assert browser.post(address, json.dumps(body), content_type="application/json").status_code == 404, address
    with pytest.raises(NotFound):
        cases.withdraw(actor=stranger.actor, case=taken_in.case, reason="", now=NOW)
    with pytest.raises(NotFound):
        queries.application_by_key(stranger.actor, taken_in.idempotency_key)
    assert Case.objects.values().get(id=taken_in.case_id) == before


def test_no_news_of_it_reach_the_account(town: Town, stranger: Resident, taken_in: Application) -> None:
    ledger.drain(NOW)
    assert not Message.objects.filter(account_id=stranger.account_id).exists()
    given(stranger)
    cases.accept(actor=town.city.desk.actor, task=open_task(taken_in.case, "acceptance"), now=NOW)
    ledger.drain(NOW)
    told = Message.objects.filter(account_id=stranger.account_id)
    assert {message.link for message in told} == {f"/my/cases/{taken_in.case.number}"}


def test_what_it_handed_in_itself_it_sees_and_hears_of(town: Town, stranger: Resident, taken_in: Application) -> None:
    own = town.submit(town.fill(town.begin(stranger.actor), stranger.actor, name="邻居"), stranger.actor)
    ledger.drain(NOW)
    browser = client_of(stranger.username)
    assert own.case.number in shown(browser, "/my/cases")
    assert browser.get(f"/my/cases/{own.case.number}").status_code == 200
    assert Message.objects.filter(account_id=stranger.account_id, link__contains=own.case.number).exists()
    assert not Message.objects.filter(link__contains=taken_in.case.number).exists()


def test_the_telephone_number_left_at_the_window_is_offered_to_nobody(
    town: Town, stranger: Resident, taken_in: Application
) -> None:
    draft = town.begin(stranger.actor)
    offered = queries.known_values(draft)
    assert AT_THE_WINDOW not in offered.values()
    assert AT_THE_WINDOW not in shown(client_of(stranger.username), f"/drafts/{draft.id}/form/who/")
    given(stranger)
    assert queries.known_values(town.begin(given(stranger).actor))["applicant.phone"] == AT_THE_WINDOW


def test_officials_are_not_led_to_call_the_stranger(town: Town, stranger: Resident, taken_in: Application) -> None:
    strangers = stranger_phone(stranger)
    case = Case.objects.get(id=taken_in.case_id)
    assert case_queries.contact_phone(case) == AT_THE_WINDOW
    without = take_in(town, other := resident("王五"), phone="")
    assert case_queries.contact_phone(Case.objects.get(id=without.case_id)) == "", "not the one that was only declared"
    assert stranger_phone(other) != strangers
    given(stranger)
    assert case_queries.contact_phone(Case.objects.get(id=taken_in.case_id)) == strangers


def stranger_phone(who: Resident) -> str:
    return str(Person.objects.get(id=who.person_id).account.phone)  # type: ignore[union-attr]  # has one


def test_what_a_guardian_handed_in_is_not_told_to_who_signs_up_as_the_ward(town: Town) -> None:
    lin = given(town.lin)
    number = identity_number()
    ward = accounts.add_ward(
        actor=lin.actor, name="林小夏", identity_kind="resident_identity_card", identity_number=number,
        relation="parent", now=NOW,
    )  # fmt: skip
    draft = town.begin(lin.actor, applicant_kind="ward", subject_id=ward.id)
    case = town.submit(town.fill(draft, lin.actor, name="林小夏"), lin.actor).case
    accounts.release_ward(actor=lin.actor, ward_id=ward.id, now=NOW)
    account = accounts.sign_up(
        name="林小夏", identity_kind="resident_identity_card", identity_number=number, password="right horse 马",
        consents={"privacy_notice"}, phone="13812340000", username="wardsaccount", now=NOW,
    )  # fmt: skip
    browser = client_of("wardsaccount")
    assert browser.get(f"/my/cases/{case.number}").status_code == 404
    assert case.number not in shown(browser, "/my/cases")
    accounts.register_person(
        actor=SYSTEM, name="林小夏", identity_kind="resident_identity_card", identity_number=number,
        assurance="seen", now=NOW,
    )  # fmt: skip
    accounts.vouch_for_holder(actor=SYSTEM, person_id=account.person.id, now=NOW)
    assert client_of("wardsaccount").get(f"/my/cases/{case.number}").status_code == 200
    assert case.number in shown(client_of("wardsaccount"), "/my/cases")


def test_the_page_says_in_general_what_shows_later(town: Town, stranger: Resident) -> None:
    """The same sentence whether a window has taken something in or not; none once the account was given."""
    words = "凡在窗口"
    before = shown(client_of(stranger.username), "/my/cases")
    assert words in before
    take_in(town, stranger)
    assert _plain(shown(client_of(stranger.username), "/my/cases")) == _plain(before)
    given(stranger)
    assert words not in shown(client_of(stranger.username), "/my/cases")


def _plain(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_no_statement_more_for_who_is_proven(town: Town, stranger: Resident, taken_in: Application) -> None:
    def cost(address: str) -> int:
        browser = client_of(stranger.username)
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    own = town.submit(town.fill(town.begin(stranger.actor), stranger.actor, name="邻居"), stranger.actor)
    addresses = ("/my/cases", f"/my/cases/{own.case.number}", "/api/v1/cases")
    before = [cost(address) for address in addresses]
    given(stranger)
    assert [cost(address) for address in addresses] == before


@pytest.mark.parametrize("is_given", [False, True])
def test_lists_and_single_cases_answer_alike(town: Town, is_given: bool) -> None:  # noqa: FBT001 - parametrised
    """The list is asked by ids, one case by subqueries: both must mean the same."""
    person = resident("两说")
    made: list[UUID] = [take_in(town, person).case_id]
    own = town.submit(town.fill(town.begin(person.actor), person.actor, name="两说"), person.actor)
    made += [own.case_id, town.submitted().case_id, take_in(town, town.lin).case_id]
    actor: Any = given(person).actor if is_given else person.actor
    listed = set(case_queries.visible(actor).values_list("id", flat=True))
    assert listed == {case_id for case_id in made if case_queries.case_is_visible(actor, case_id)}
    assert listed == set(made[:2] if is_given else made[1:2])
