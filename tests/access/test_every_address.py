"""Walks every address as nobody, as another resident, as an official elsewhere and as one of the office without the post."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.people import BACKEND, ITEM, Town, applied, drafted, official, open_task, resident
from tests.standing import nothing_changes
from tongban.accounts.models import Account
from tongban.applications.models import Application, ApplicationMaterial, DraftMaterial
from tongban.base.ids import new_id
from tongban.cases.models import Case
from tongban.cases.tests.people import office
from tongban.papers.models import Paper

pytestmark = pytest.mark.django_db

PUBLIC = frozenset({"anybody"})
REFUSED = frozenset({301, 302, 303, 400, 401, 403, 404, 405, 409, 422})


def _patterns(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern).removeprefix("^").removesuffix("$")
        if isinstance(one, URLResolver):
            yield from _patterns(one, route, str(one.namespace or space))
        else:
            yield route, space, one


def _objects(town: Town) -> dict[str, str]:
    """Return, for each name of a parameter, an object of 林知夏's that nobody else may see."""
    number = applied(town.lin)
    case = Case.objects.get(number=number)
    application = Application.objects.get(case=case)
    draft = drafted(town.lin)
    handed_in = ApplicationMaterial.objects.filter(application=application, file__isnull=False).first()
    waiting = DraftMaterial.objects.filter(draft=draft).first()
    paper = Paper.objects.filter(subject_id=case.id).first()
    task = open_task(number, "acceptance")
    assert paper is not None
    return {
        "number": number,
        "draft_id": str(draft.id),
        "task_id": str(task.id),
        "case_id": str(case.id),
        "paper_id": str(paper.id),
        "file_id": str(handed_in.file_id if handed_in else new_id()),
        "row_id": str(waiting.id if waiting else new_id()),
    }


def _parameter(route: str, name: str, kind: str, known: dict[str, str]) -> str:
    if name in known:
        return known[name]
    if "papers/" in route:
        return known["paper_id"]
    if "files/" in route and kind == "uuid":
        return known["file_id"]
    if "tasks/" in route:
        return known["task_id"]
    if kind == "uuid":
        return str(new_id())
    return {"int": "1", "code": ITEM}.get(name, {"int": "1"}.get(kind, ITEM if name == "code" else "who"))


def _addresses(known: dict[str, str]) -> list[tuple[str, str, str, bool]]:
    """Return address, declared access, room, and whether the address names an object of 林知夏's."""
    found = []
    for route, space, pattern in _patterns(get_resolver()):
        if space == "api-1" or route.startswith(("api/", "static")):
            continue  # the API's own tests walk every operation
        access = getattr(pattern.callback, "access", None)
        assert access, f"{route} declares nobody"
        address, owned = "/" + route, False
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            value = _parameter(route, name, kind, known)
            owned = owned or value in known.values()
            for spelled in (f"<{kind}:{name}>", f"<str:{name}>", f"<{name}>"):
                address = address.replace(spelled, value)
        assert "<" not in address, address
        found.append((address, str(access), space, owned))
    assert len(found) > 60
    return found


def test_nobody_sees_only_what_is_for_anybody(town: Town, client: Any) -> None:
    for address, access, _room, owned in _addresses(_objects(town)):
        answer = client.get(address)
        assert answer.status_code < 500, address
        if access not in PUBLIC:
            assert answer.status_code in {302, 405}, (address, answer.status_code)
            assert answer.status_code == 405 or "/sign-in" in answer["Location"], address
        elif owned:
            assert answer.status_code in REFUSED, (address, answer.status_code)


@pytest.mark.parametrize("who", ["resident", "elsewhere", "without_post"])
def test_strangers_see_nothing_and_change_nothing(town: Town, who: str) -> None:
    known = _objects(town)
    number = known["number"]
    stranger = {
        "resident": lambda: resident("沈青禾"),
        "elsewhere": lambda: official(office(slug="elsewhere", name="别处局"), "acceptance", "何远"),
        "without_post": lambda: official(town.market, "item_manager", "徐行"),
    }[who]()
    browser, poster = stranger.browser(), Client()  # the second asks for no CSRF token: the refusal must come from us
    poster.force_login(Account.objects.get(username=stranger.username), backend=BACKEND)
    addresses = _addresses(known)
    for address, access, _room, owned in addresses:
        page = browser.get(address)
        assert page.status < 500, address
        if owned:
            assert page.status in REFUSED, (address, access, page.status)
            assert "林知夏" not in page.source, address
        elif access.startswith("official") and who == "resident":
            assert page.status == 403, (address, page.status)
        assert number not in page.source or number in address, address
    with nothing_changes("accounts_account", "accounts_consent", "ledger_event", "organisations_leave"):
        for address, _access, _room, owned in addresses:
            if owned:
                answer = poster.post(address, {"way": "online", "words": "x", "level": "1", "declared": "on"})
                assert answer.status_code in REFUSED, (address, answer.status_code)
