""" "My data": what is held, who looked; for the person concerned, wards and enterprises, and for nobody else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.standing import nothing_changes

from tongban.accounts import actions as accounts
from tongban.accounts import queries as people
from tongban.accounts.models import Person
from tongban.accounts.tests.people import credit_code, identity_number
from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.cases.tests.people import NOW, Resident, client_of, office, resident
from tongban.exchange.models import Grant, LookUp
from tongban.exchange.rules.calls import About
from tongban.ledger.models import Event
from tongban.organisations import actions as organisations
from tongban.registers import actions as registers
from tongban.registers.tests.town import Town
from tongban.sharing import actions, queries
from tongban.sharing.models import LogReading
from tongban.sharing.tests.seen import lasting, looked, neighbour, whose

MINE, LOOKS, HELD = "/my/data/", "/my/data/look-ups/", "/my/data/held/population"


def page(client: Client, address: str) -> str:
    """Open a page."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_what_is_held_is_shown_with_its_office_and_since_when(town: Town) -> None:
    client = client_of(town.lin.username)
    overview = page(client, MINE)
    assert "人口基础信息" in overview
    assert "云澜市公安局" in overview
    assert "2020年1月1日" in overview
    shown = page(client, HELD)
    for words in ("林知夏", "1990年3月7日", "书院路 18 号", "出生日期"):
        assert words in shown
    assert "《某法》第九条" in shown  # what is kept back, and by which law


def test_sensitive_values_are_read_only_when_asked_for(town: Town) -> None:
    client = client_of(town.lin.username)
    page(client, HELD)
    first = LookUp.objects.latest("at")
    assert "religion" not in first.fields
    assert "宗教信仰" in page(client, HELD)
    answer = client.post(HELD)
    assert answer.status_code == 200
    assert "religion" in LookUp.objects.latest("at").fields
    assert "secret_word" not in LookUp.objects.latest("at").fields


def test_a_look_up_appears_at_once(town: Town) -> None:
    client = client_of(town.lin.username)
    assert "云澜市民政局" not in page(client, LOOKS)
    looked(town, "name", "address")
    shown = page(client, LOOKS)
    assert "云澜市民政局" in shown
    assert "住址" in shown
    assert "各部门查询 1 次" in shown
    one = page(client, f"{LOOKS}{LookUp.objects.get(purpose='residence_permit').id}")
    for words in ("办理居住证", "政务数据共享条例第十三条", "食品经营许可", "acceptance岗"):
        assert words in one
    assert "周明" not in one  # the official is not named


def test_nobody_else_sees_anything(town: Town) -> None:
    looked(town)
    look_up = LookUp.objects.get(purpose="residence_permit")
    stranger, official = client_of(neighbour().username), client_of(town.steward.username)
    assert "云澜市民政局" not in page(stranger, LOOKS)
    with nothing_changes():
        for address in (
            f"{LOOKS}{look_up.id}",
            f"{LOOKS}{look_up.id}/proof.json",
            f"{LOOKS}{look_up.id}/ask",
            f"{MINE}?for={town.lin.person_id}",
            f"{LOOKS}?for={town.lin.person_id}",
            f"{HELD}?for={town.lin.person_id}",
            f"/my/data/chain.json?for={town.lin.person_id}",
            f"{HELD}/name/correct?for={town.lin.person_id}",
            f"{MINE}?for=x",
        ):
            assert stranger.get(address).status_code == 404, address
        assert {official.get(address).status_code for address in (MINE, LOOKS, HELD)} == {403}
        assert Client().get(MINE).status_code == 302


def test_a_declared_identity_is_not_enough(town: Town) -> None:
    declared = resident("某人")
    client = client_of(declared.username)
    assert "窗口" in page(client, MINE)
    with nothing_changes():
        assert {client.get(address).status_code for address in (LOOKS, HELD, "/my/data/chain.json")} == {403}


def ward_of(guardian: Resident, *, confirmed: bool) -> About:
    """Give somebody a child; returns the child as a call names it."""
    number = identity_number()
    card = "resident_identity_card"
    ward = accounts.add_ward(
        actor=guardian.actor, name="林小满", identity_kind=card, identity_number=number, relation="parent", now=now()
    )
    if confirmed:
        accounts.confirm_guardianship(actor=SYSTEM, guardian_id=guardian.person_id, ward_id=ward.id, now=now())
    return About(kind="person", number=number)


def test_an_account_that_was_there_before_a_window_saw_the_person_sees_nothing(town: Town) -> None:
    """Somebody opened an account with 林知夏's number; then she came to a window, to print or to apply."""
    Person.objects.filter(id=town.lin.person_id).update(account_given_at=None)
    looked(town)
    client = client_of(town.lin.username)
    assert "请带" in page(client, MINE)
    with nothing_changes():
        for address in (LOOKS, HELD, f"{HELD}/address/correct", f"{MINE}chain.json"):
            assert client.get(address).status_code == 403
        assert client.post(HELD).status_code == 403
        assert client.get("/api/v1/my-data/findUsage").status_code == 403


def test_a_mandate_given_before_the_representative_had_the_account_opens_nothing(town: Town) -> None:
    helper = neighbour()
    person = people.person_by_id(helper.person_id)
    firm: dict[str, Any] = {"name": "林知夏面馆", "credit_code": credit_code()}
    registered = accounts.register_enterprise(actor=town.lin.actor, **firm, now=now())
    accounts.register_enterprise(actor=SYSTEM, **firm, representative_id=town.lin.person_id, now=now())

    def name_helper() -> None:
        organisations.grant_mandate(
            actor=town.lin.actor, enterprise_id=registered.id, name=person.name, identity_kind=person.identity_kind,
            identity_number=person.identity_number, now=now(),
        )  # fmt: skip

    name_helper()
    assert queries.whose_for(helper.actor, registered.id).is_sure
    Person.objects.filter(id=town.lin.person_id).update(account_given_at=now() + timedelta(seconds=1))
    assert not queries.whose_for(helper.actor, registered.id).is_sure


@pytest.mark.parametrize("papers", ["seen", "declared"])
def test_guardians_see_what_is_held_on_wards_once_papers_were_seen(town: Town, papers: str) -> None:
    about = ward_of(town.lin, confirmed=papers == "seen")
    registers.record(
        actor=town.steward.actor,
        register_id=town.register.id,
        about=about,
        values={"name": "林小满", "birth_date": date(2022, 5, 1)},
        valid_from=date(2022, 5, 1),
        now=NOW,
    )
    ward = people.wards_of(town.lin.actor)[0]
    client = client_of(town.lin.username)
    if papers == "declared":
        assert client.get(f"{HELD}?for={ward.id}").status_code == 404
        return
    assert "林小满" in page(client, f"{HELD}?for={ward.id}")
    assert "林小满" in page(client, MINE)
    assert LookUp.objects.latest("at").reference == str(ward.id)


def test_a_matter_of_somebody_else_is_not_given_away(town: Town) -> None:
    """A look-up for a spouse's case says which office and what, and nothing of the matter."""
    other = neighbour()
    lasting(town, "name")
    number = town.case(other)
    person = people.person_by_id(other.person_id)
    registers.record(
        actor=town.steward.actor, register_id=town.register.id,
        about=About(kind="person", number=person.identity_number),
        values={"name": "沈青禾", "birth_date": date(1991, 1, 1)}, valid_from=date(2020, 1, 1), now=NOW,
    )  # fmt: skip
    town.ask(town.call(number, about=About(kind="person", number=person.identity_number)), now=now())
    made = LookUp.objects.latest("at")
    # the same look-up, but about 林知夏: as the gate writes it for a case that names her
    named = LookUp(
        **{field.attname: getattr(made, field.attname) for field in LookUp._meta.fields if field.attname != "id"}
    )
    named.subject_key = whose(town.lin).subject.key
    named.save(force_insert=True)
    client = client_of(town.lin.username)
    for shown in (page(client, LOOKS), page(client, f"{LOOKS}{named.id}")):
        assert "云澜市民政局" in shown
        for secret in (number, "办理居住证", "第十三条", "acceptance岗", "食品经营许可"):
            assert secret not in shown


def test_own_readings_are_folded_and_reading_the_log_is_logged(town: Town) -> None:
    client = client_of(town.lin.username)
    page(client, HELD)
    shown = page(client, LOOKS)
    assert "own=1" in shown
    assert "tb-list__item" not in shown  # no office looked
    assert "tb-list__item" in page(client, LOOKS + "?own=1")
    read = Event.objects.filter(kind="sharing.own_log_read")
    assert read.count() == 2
    assert read[0].subject_id == whose(town.lin).subject.key
    assert LogReading.objects.get().times == 2


def test_an_office_that_calls_its_purpose_own_data_hides_nothing(town: Town) -> None:
    """Folded away is only what was read online by who may; everything else was an office."""
    lasting(town, "name", purpose="own_data")
    answer = town.ask(town.call(town.case(), purpose="own_data"), now=now())
    client = client_of(town.lin.username)
    assert str(answer.look_up_id) in page(client, LOOKS)
    assert str(answer.look_up_id) not in page(client, LOOKS + "?own=1")


def test_the_list_is_filtered_counted_and_paged(town: Town) -> None:
    lasting(town, "name")
    number = town.case()
    for _time in range(22):
        town.ask(town.call(number), now=now())
    old = now() - timedelta(days=60)
    town.ask(town.call(number), now=old)
    client = client_of(town.lin.username)
    first, second = page(client, LOOKS), page(client, LOOKS + "?page=2")
    assert first.count("tb-list__item") == 20
    assert second.count("tb-list__item") == 3
    assert page(client, LOOKS + "?days=30&page=2").count("tb-list__item") == 2
    assert page(client, LOOKS + "?register=population").count("tb-list__item") == 20
    assert page(client, LOOKS + "?register=x&days=abc&page=zz").count("tb-list__item") == 20


@pytest.mark.parametrize("address", [MINE, LOOKS])
def test_pages_cost_the_same_however_long_the_log_is(town: Town, address: str) -> None:
    client, costs = client_of(town.lin.username), []
    looked(town)
    for _round in range(2):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            page(client, address)
        costs.append(len(asked))
        for _time in range(3):
            looked(town)
    assert costs[0] == costs[1]


def test_the_own_view_follows_the_catalogue(town: Town) -> None:
    grant = Grant.objects.get(purpose="own_data")
    assert set(grant.fields) == {"name", "birth_date", "address", "district", "religion"}
    assert actions.give_own_views(now=now()) == 0
    assert Grant.objects.filter(purpose="own_data").count() == 1


def test_a_window_prints_for_who_is_present(town: Town) -> None:
    town.asking.posts["window"] = organisations.create_post(
        actor=SYSTEM, organisation_id=town.asking.organisation.id, name="综合窗口", roles=["window"], now=NOW
    )
    clerk, elsewhere = town.asking.staff("window", "陈窗"), office("云澜市教育局", "school", roles=("window",))
    looked(town)
    person = people.person_by_id(town.lin.person_id)
    sent = {"name": person.name, "identity_kind": person.identity_kind, "identity_number": person.identity_number}
    other = client_of(elsewhere.staff("window", "别窗").username)
    with nothing_changes():
        assert other.post("/office/sharing/print", sent).status_code == 404
        assert other.get("/office/sharing/print").status_code == 404
    window = client_of(clerk.username)
    assert window.post("/office/sharing/print", {**sent, "name": "李四"}).status_code == 422
    printed = window.post("/office/sharing/print", sent).content.decode()
    for words in ("1990年3月7日", "办理居住证", "政务数据共享条例第十三条"):
        assert words in printed
    look_up = LookUp.objects.latest("at")
    assert (look_up.reference_kind, look_up.official_id) == ("present", clerk.official_id)
    mine = client_of(town.lin.username)
    shown = page(mine, f"{LOOKS}{look_up.id}")
    assert "窗口" in shown
    assert f"{LOOKS}{look_up.id}/ask" in shown  # an official read it: that can be asked about, and is not folded away
    assert str(look_up.id) in page(mine, LOOKS)
