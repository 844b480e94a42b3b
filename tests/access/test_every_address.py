"""Walks every address, pages and API, as nobody, as another resident, as officials elsewhere and without the post."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from bench.inside.addresses import patterns
from tests.access.objects import Belongings, belongings, strangers
from tests.browsing import upload
from tests.people import BACKEND, Person, Town, applied, drafted, open_task, resident
from tests.standing import nothing_changes
from tongban.accounts.models import Account
from tongban.accounts.rules import PERSON_SEEN
from tongban.base.clock import now
from tongban.cases import actions as cases
from tongban.files.tests.samples import pdf

pytestmark = pytest.mark.django_db

REFUSED = frozenset({401, 403, 404, 405})
"""And never "wrong input": whoever may not see a thing is not told what is wrong with what they send for it."""
DONE = frozenset({200, 201, 204, 302, 400, 409, 422})
OF_OFFICE = ("/tasks/", "stand-aside", "/webhooks/", "/sharing/")
"""Parts of addresses of the API that are an official's; each of their operations says so itself."""
METHODS = ("get", "post", "put", "patch", "delete")
SENT = {
    "way": "online",
    "words": "x",
    "level": "1",
    "declared": "on",
    "reason": "x",
    "word": "x",
    "receipt_number": "1",
}


@dataclass(frozen=True)
class Address:
    """An address with real objects in it."""

    route: str
    path: str
    access: str
    owned: tuple[str, ...]
    """the arguments that name something of somebody's"""

    @property
    def is_of_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def operation(self) -> str:
        """The words of the route without its arguments: drafts/materials/word."""
        return "/".join(piece for piece in self.route.removeprefix("api/v1/").split("/") if piece and "<" not in piece)

    def admits(self, who: str) -> bool:
        """Whether the declaration lets such a person in at all."""
        if who == "resident":
            return not self.access.startswith("official")
        if who == "without_post":
            return self.access != "resident" and not self.access.startswith("official:")
        return self.access != "resident"


def addresses(known: Belongings, **instead: str) -> list[Address]:
    """Return every address of the house, once; `instead` replaces objects by argument."""
    found = []
    for route, pattern in patterns(get_resolver()):
        access = getattr(pattern.callback, "access", None)
        assert access, f"{route} declares nobody"
        path, owned = "/" + route, []
        for name in pattern.pattern.converters:
            value, is_owned = known.find(route, name)
            owned += [name] if is_owned else []
            spelled = next(piece for piece in path.split("/") if f":{name}>" in piece or f"<{name}>" in piece)
            argument = spelled[spelled.index("<") : spelled.index(">") + 1]
            path = path.replace(argument, instead.get(name, value), 1)
        assert "<" not in path, path
        found.append(Address(route, path, str(access), tuple(owned)))
    once = {one.route: one for one in found}
    assert len(once) > 80
    return list(once.values())


def _client(who: Person) -> Client:
    """Return a browser that is asked for no CSRF token: the refusal must come from us."""
    client = Client()
    client.force_login(Account.objects.get(username=who.username), backend=BACKEND)
    return client


def _send(client: Client, method: str, address: Address, known: Belongings) -> Any:
    """Send what is complete and right, so that nothing but the guard refuses it."""
    call = getattr(client, method)
    if method == "get":
        return call(address.path)
    if not address.is_of_api:
        return call(address.path, SENT | {"key": known.key})
    headers = {"Idempotency-Key": known.key}
    if method == "post" and address.operation.endswith("/files"):
        return call(address.path, {"file": upload("a.pdf", pdf())}, headers=headers)
    body = known.bodies.get(address.operation, {})
    return call(address.path, body, content_type="application/json", headers=headers)


def _methods(address: Address) -> tuple[str, ...]:
    return METHODS if address.is_of_api else ("get", "post")


def _text(answer: HttpResponse) -> str:
    return "" if answer.streaming else answer.content.decode("utf-8", "replace")


def test_an_argument_that_nobody_has_given_an_object_fails(town: Town) -> None:
    known = belongings(town)
    with pytest.raises(AssertionError, match="give <parcel_id> a real object"):
        known.find("parcels/<uuid:parcel_id>/open", "parcel_id")
    with pytest.raises(AssertionError, match="give <code> a real object"):
        known.find("vouchers/<slug:code>", "code")


def test_every_object_is_a_real_one(town: Town) -> None:
    """Its owner gets there: a refusal of others then means them, and not a slip in the address."""
    known = belongings(town)
    lin, clerk = _client(known.resident), _client(known.official)
    session = clerk.session
    session[PERSON_SEEN] = str(known.resident.actor.person_id)
    session.save()
    used: set[str] = set()
    for address in addresses(known):
        if not address.owned:
            continue
        of_office = address.access.startswith("official") or any(part in address.path for part in OF_OFFICE)
        client = clerk if of_office else lin
        statuses = {}
        for method in _methods(address):
            with transaction.atomic():
                statuses[method] = _send(client, method, address, known).status_code
                transaction.set_rollback(True)
        reached = {method: status for method, status in statuses.items() if status != 405}
        assert reached, address
        assert set(reached.values()) <= DONE, (address, statuses)
        used |= set(address.owned)
    assert used == {name for name in known.owned if "/" not in name}, "an object that no address uses"


def test_nobody_sees_only_what_is_for_anybody(town: Town, client: Client) -> None:
    known = belongings(town)
    with nothing_changes():
        for address in addresses(known):
            if address.access == "anybody":
                assert not address.owned, address
                assert client.get(address.path).status_code < 500, address
                continue
            for method in _methods(address):
                answer = _send(client, method, address, known)
                assert "林知夏" not in _text(answer), address
                if address.is_of_api:
                    assert answer.status_code < 500, (address, method)
                    assert not address.owned or answer.status_code in {401, 405}, (address, method, answer.status_code)
                else:
                    assert answer.status_code in {302, 405}, (address, answer.status_code)
                    assert answer.status_code == 405 or "/sign-in" in answer["Location"], address


@pytest.mark.parametrize("who", ["resident", "elsewhere", "without_post"])
def test_strangers_see_nothing_and_change_nothing(town: Town, who: str) -> None:
    known = belongings(town)
    client = _client(strangers(town, who))
    numbers = {known.owned["number"], known.owned["supplement/number"]}
    with nothing_changes():
        for address in addresses(known):
            refused = bool(address.owned) or not address.admits(who)
            for method in _methods(address) if refused else ("get",):
                answer = _send(client, method, address, known)
                assert answer.status_code < 500, (address, method)
                text = _text(answer)
                assert not any(number in text for number in numbers if number not in address.path), address
                if refused:
                    assert answer.status_code in REFUSED, (address, method, answer.status_code)
                    assert "林知夏" not in text, (address, method)
                if not address.admits(who) and not address.is_of_api:
                    assert answer.status_code in {403, 405}, (address, method, answer.status_code)


def test_what_is_inside_ones_own_is_ones_own_too(town: Town) -> None:
    """The address of an own draft or case, with something of somebody else's inside."""
    known = belongings(town)
    stranger, clerk = strangers(town, "resident"), strangers(town, "elsewhere")
    own = {"draft_id": str(drafted(stranger).id), "number": _passed_on(town)}
    walked = set()
    clients = {"draft_id": _client(stranger), "number": _client(clerk)}
    assert clients["number"].get(f"/office/cases/{own['number']}").status_code == 200
    with nothing_changes():
        for address in addresses(known, **own):
            outer = address.owned[0] if len(address.owned) > 1 else ""
            for method in set(_methods(address)) - {"get"} if outer else ():
                answer = _send(clients[outer], method, address, known)
                assert answer.status_code in REFUSED, (address, method, answer.status_code)
                assert "林知夏" not in _text(answer), (address, method)
                walked.add(address.owned)
    assert walked == {("draft_id", "row_id"), ("draft_id", "entry_id"), ("number", "task_id")}


def _passed_on(town: Town) -> str:
    """Return the number of a case that is with the other office now."""
    number = applied(resident("陆小山"))
    cases.pass_on(
        actor=town["acceptance"].actor,
        task=open_task(number, "acceptance"),
        organisation_id=town.health.organisation.id,
        now=now(),
    )
    return number
