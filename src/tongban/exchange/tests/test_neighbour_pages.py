"""The operator's pages: keys, members, services and who may ask, systems, what has passed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser
from tests.standing import nothing_changes

from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.base.tests.looking import look, shown
from tongban.cases.tests.people import client_of
from tongban.exchange import errors
from tongban.exchange.actions import membership, passing
from tongban.exchange.door import known
from tongban.exchange.models import InformationSystem, KnownDirectory, NeighbourService, OwnKey, Passage, ServiceRight
from tongban.exchange.queries.passing import line_states
from tongban.exchange.rules.neighbours.circuit import FAILURES
from tongban.exchange.rules.neighbours.watching import DIRECTORY_SOON, KEY_SOON, end_state, line_state
from tongban.exchange.tests.door import OURS, THEIRS, neighbourhood
from tongban.registers.tests.town import NOW, Town

PLACE = "/office/data/neighbours/"
SERVICES, SYSTEMS, PASSAGES = f"{PLACE}services", f"{PLACE}systems", f"{PLACE}passages"


@pytest.fixture
def joined(town: Town) -> Iterator[Town]:
    """We and a neighbour, in a directory."""
    neighbourhood(now())
    yield town
    known.forget()


@pytest.fixture
def centre(town: Town) -> Client:
    """Return a browser of the service centre's data steward."""
    return client_of(town.reviewer.username)


def page(client: Client, address: str) -> str:
    """Open a page."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def passed(**changes: Any) -> Passage:
    """Note a message that our system sent to the neighbour."""
    values: dict[str, Any] = {
        "at": now(), "way": "out", "client": f"{OURS}/hospital", "service": f"{THEIRS}/registers/population",
        "method": "POST", "message_id": "m-1", "issue": "20260302-AAAAAAAA", "status": 200,
    }  # fmt: skip
    passage = Passage(**(values | changes))
    passage.save()
    return passage


def offered(code: str = "beds", **changes: Any) -> NeighbourService:
    """Offer a REST service."""
    values: dict[str, Any] = {"subsystem": "health", "code": code, "address": "https://beds.example"}
    return passing.offer(actor=SYSTEM, offered=passing.Offer(**(values | changes)), now=NOW)


def test_who_we_are_and_our_keys(joined: Town, centre: Client) -> None:
    told = page(centre, PLACE)
    assert OURS in told
    assert THEIRS in told
    assert "第 1 号" in told
    assert centre.get(f"{PLACE}member.json").json()["id"] == OURS
    first = OwnKey.objects.get()
    assert centre.post(PLACE, {"step": "make"}).status_code == 302
    assert OwnKey.objects.count() == 2
    OwnKey.objects.filter(id=first.id).update(valid_until=now() + timedelta(days=9))
    assert "即将到期" in page(centre, PLACE)
    assert centre.post(PLACE, {"step": "end", "key": first.key_id}).status_code == 302
    first.refresh_from_db()
    assert first.valid_until <= now()
    with nothing_changes():
        centre.post(PLACE, {"step": "end", "key": "unheard of"})


def test_a_directory_that_ends_or_has_ended_is_said(joined: Town, centre: Client) -> None:
    KnownDirectory.objects.update(expires_at=now() + timedelta(hours=5))
    assert "即将到期" in page(centre, PLACE)
    KnownDirectory.objects.update(expires_at=now() - timedelta(hours=5))
    assert "已到期" in page(centre, PLACE)


def test_without_a_membership_the_page_says_so(town: Town, centre: Client) -> None:
    assert "tongban neighbours join" in page(centre, PLACE)
    assert centre.get(f"{PLACE}member.json").status_code == 409


def test_only_the_centre_sees_and_does_this(joined: Town) -> None:
    service, steward = offered(), client_of(joined.steward.username)
    right = passing.allow(actor=SYSTEM, service_id=service.id, client=f"{THEIRS}/cases", now=NOW)
    others = [steward, client_of(joined.staff["acceptance"].username), client_of(joined.lin.username)]
    sent = {"step": "forbid", "right": str(right.id), "service": str(service.id), "client": "x"}
    with nothing_changes():
        for client in others:
            for address in (PLACE, SERVICES, SYSTEMS, PASSAGES):
                assert client.get(address).status_code == 403
                assert client.post(address, sent).status_code in {403, 405}
        assert "平台间交换" not in page(steward, "/office/data/")


@pytest.mark.parametrize(
    "address",
    [
        "http://[", "http://[::1", "http://beds.example:99999", "http://beds.example:x/", "http://a@beds.example/", "http:///beds",
        "http://beds.example/a b", "http://beds.example\\@169.254.169.254", "http://beds。example", "https://beds.example?x=1",
    ],
)  # fmt: skip
def test_an_address_that_can_be_read_in_two_ways_is_none(joined: Town, centre: Client, address: str) -> None:
    with nothing_changes(), pytest.raises(errors.UnfitDescription):
        offered(address=address)
    sent = {"step": "offer", "offer-subsystem": "health", "offer-code": "beds", "offer-address": address}
    assert centre.post(SERVICES, sent).status_code == 422


def test_a_page_offers_no_machine_that_the_operator_has_not_allowed(joined: Town, centre: Client) -> None:
    """Else whoever may offer, and call, could have our door ask any machine of the city's network."""
    sent = {"step": "offer", "offer-subsystem": "health", "offer-code": "beds"}
    with nothing_changes():
        for address in ("http://169.254.169.254/latest", "http://127.0.0.1:5432", "https://beds.example:8443"):
            answer = centre.post(SERVICES, sent | {"offer-address": address})
            assert (answer.status_code, "没有放行" in answer.content.decode()) == (422, True)
    offered(address="http://10.0.0.7:8080")  # by a command, which is the operator's
    assert NeighbourService.objects.get().address == "http://10.0.0.7:8080"


@pytest.mark.parametrize("network", ["0.0.0.0/0", "128.0.0.0/1", "::/0", "10.0.0.0/7"])
def test_half_the_world_is_no_network_of_this_house(joined: Town, centre: Client, network: str) -> None:
    sent = {"step": "register", "system-client": f"{OURS}/hospital", "system-networks": network}
    with nothing_changes():
        assert centre.post(SYSTEMS, sent).status_code == 422
    assert centre.post(SYSTEMS, sent | {"system-networks": "10.0.0.0/8 fd00:1:2::/48"}).status_code == 302


def test_a_service_is_offered_and_rights_are_given_and_taken(joined: Town, centre: Client, settings: Any) -> None:
    settings.TONGBAN_SOURCES = frozenset({"https://beds.example:443"})
    offer = {
        "step": "offer",
        "offer-subsystem": "health",
        "offer-code": "beds",
        "offer-address": "https://beds.example",
    }
    wrong = (
        offer | {"offer-address": ""},
        offer | {"offer-address": "ftp://x"},
        offer | {"offer-resource": str(joined.resource.id)},
        offer | {"offer-code": ""},
        offer | {"offer-timeout_seconds": "x"},
    )
    with nothing_changes():
        for sent in wrong:
            answer = centre.post(SERVICES, sent)
            assert answer.status_code == 422
            assert "govuk-error-summary" in answer.content.decode()
    assert centre.post(SERVICES, offer).status_code == 302
    service = NeighbourService.objects.get()
    allow = {
        "step": "allow",
        "service": str(service.id),
        "allow-client": f"{THEIRS}/cases",
        "allow-method": "GET",
        "allow-path": "/free/*",
    }
    with nothing_changes():
        for sent in (allow | {"allow-client": "?"}, allow | {"allow-path": "free"}, allow | {"service": "x"}):
            assert centre.post(SERVICES, sent).status_code == 422
    assert centre.post(SERVICES, allow).status_code == 302
    right = ServiceRight.objects.get()
    assert (right.client, right.method, right.path) == (f"{THEIRS}/cases", "GET", "/free/*")
    assert "/free/*" in page(centre, SERVICES)
    assert centre.post(SERVICES, {"step": "forbid", "right": str(right.id)}).status_code == 302
    assert "/free/*" not in page(centre, SERVICES)
    assert centre.post(SERVICES, {"step": "end", "service": str(service.id)}).status_code == 302
    assert "还没有对外提供服务" in page(centre, SERVICES)


def test_a_system_is_registered_and_ended(joined: Town, centre: Client) -> None:
    sent = {"step": "register", "system-client": f"{OURS}/hospital", "system-certificate": ":".join(["AB"] * 32)}
    with nothing_changes():
        for wrong in (
            sent | {"system-certificate": "AB"},
            sent | {"system-client": "x"},
            sent | {"system-networks": "10.1"},
        ):
            assert centre.post(SYSTEMS, wrong).status_code == 422
    assert centre.post(SYSTEMS, sent).status_code == 302
    assert InformationSystem.objects.get().certificate == "ab" * 32
    with nothing_changes():  # signs that the database takes in no text
        assert centre.post(SYSTEMS, {"step": "end", "client": f"{OURS}/\x00"}).status_code == 302
        assert centre.post(PLACE, {"step": "end", "key": "\x00"}).status_code == 302
    assert centre.post(SYSTEMS, {"step": "end", "client": f"{OURS}/hospital"}).status_code == 302
    assert "还没有登记系统" in page(centre, SYSTEMS)


def test_what_has_passed_is_found(joined: Town, centre: Client) -> None:
    passed(message_id="first")
    passed(message_id="second", refused="server.serverproxy.access_denied", status=500, issue="C-2")
    passed(message_id="third", way="in", client=f"{THEIRS}/cases", service=f"{OURS}/health/beds")
    passed(message_id="old", at=now() - timedelta(days=3))
    found = {
        "": {"first", "second", "third"},
        "?number=second": {"second"},
        "?number=C-2": {"second"},
        "?outcome=refused": {"second"},
        "?outcome=passed&way=in": {"third"},
        f"?member={THEIRS}": {"first", "second", "third"},
        f"?member={OURS}/hospital": {"first", "second"},
        "?days=7&number=old": {"old"},
        "?days=x&way=x&outcome=x": {"first", "second", "third"},
    }
    for query, expected in found.items():
        told = page(centre, PASSAGES + query)
        assert {one for one in ("first", "second", "third", "old") if f">{one}<" in told} == expected, query


def test_a_neighbour_that_does_not_answer_is_seen(joined: Town, centre: Client) -> None:
    passed(at=now() - timedelta(hours=2))
    assert line_states(now())[THEIRS].state == "answers"
    for minutes in range(FAILURES):
        passed(at=now() - timedelta(minutes=minutes), refused="server.clientproxy.network_error", status=500)
    line = line_states(now())[THEIRS]
    assert (line.state, line.failures) == ("resting", FAILURES)
    assert "暂停调用" in page(centre, PLACE)
    passed(refused="server.serverproxy.access_denied", status=500)
    assert line_states(now())[THEIRS].state == "answers", "who refuses has answered"


_TIMES = st.lists(
    st.tuples(st.integers(0, 10**6).map(lambda one: NOW - timedelta(minutes=one)), st.booleans()), max_size=12
)


@given(_TIMES.map(lambda rows: sorted(rows, reverse=True)))
def test_the_state_of_a_line_is_that_of_its_last_messages(rows: list[tuple[datetime, bool]]) -> None:
    line = line_state(rows)
    failed = [not_answered for _at, not_answered in rows]
    assert line.failures == (failed.index(False) if False in failed else len(failed))
    assert (line.answered_at is None) == (False not in failed)
    assert (line.state == "resting") == (line.failures >= FAILURES)


@given(st.timedeltas(timedelta(days=-90), timedelta(days=90)), st.sampled_from([KEY_SOON, DIRECTORY_SOON]))
def test_what_ends_is_warned_of_in_time(left: timedelta, soon: timedelta) -> None:
    state = end_state(NOW + left, NOW, soon)
    assert state == ("over" if left <= timedelta() else "soon" if left <= soon else "good")


@pytest.mark.parametrize("address", [PLACE, SERVICES, SYSTEMS, PASSAGES])
def test_lists_cost_the_same_however_long_they_are(joined: Town, centre: Client, address: str) -> None:
    costs = []
    for part in range(3):
        service = offered(f"beds{part}")
        passing.allow(actor=SYSTEM, service_id=service.id, client=f"{THEIRS}/cases", now=NOW)
        passing.register_system(actor=SYSTEM, client=f"{OURS}/s{part}", networks=["10.0.0.0/8"], now=NOW)
        for _time in range(3):
            passed()
        centre.get(address)
        with CaptureQueriesContext(connection) as asked:
            page(centre, address)
        costs.append(len(asked))
    assert len(set(costs)) == 1


def test_how_the_pages_look(joined: Town, centre: Client, browser: Browser, tmp_path: Path) -> None:
    long = "x" * 70
    service = offered(name="城市生活垃圾分类收集运输处置全过程监管信息" * 3)
    passing.allow(actor=SYSTEM, service_id=service.id, client=f"{THEIRS}/{long}", path=f"/{long}/**", now=NOW)
    passing.offer(
        actor=SYSTEM,
        offered=passing.Offer(subsystem="registers", code="population", resource_id=joined.resource.id),
        now=NOW,
    )
    passing.register_system(actor=SYSTEM, client=f"{OURS}/{long}", certificate="ab" * 32, now=NOW)
    membership.make_key(actor=SYSTEM, now=now())
    passed(client=f"{OURS}/{long}", refused="server.clientproxy.network_error", message_id=long, status=500)
    pages = shown(centre, {"neighbours": PLACE, "services": SERVICES, "systems": SYSTEMS, "passages": PASSAGES})
    pages |= shown(centre, {"passages-none": f"{PASSAGES}?number=nothing"})
    pages["wrong-en"] = centre.post(SERVICES, {"step": "offer"}).content.decode()
    pages["wrong-system-en"] = centre.post(SYSTEMS, {"step": "register"}).content.decode()
    found = look(browser, pages, tmp_path)
    assert not found, "\n".join(found)
