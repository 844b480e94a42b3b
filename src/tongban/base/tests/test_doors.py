"""Refusals as page and as problem document, who may enter, headers, what every page knows."""

import json
import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from tongban.base import errors
from tongban.base.actor import NOBODY, SYSTEM, Actor, PostHeld
from tongban.base.web import access
from tongban.base.web.context import page
from tongban.base.web.middleware import (
    RefusalMiddleware,
    RequestIdMiddleware,
    SecurityHeadersMiddleware,
    refusal_response,
)

POST = PostHeld(uuid.uuid4(), uuid.uuid4(), "市监局", "受理岗", frozenset({"acceptance"}))
RESIDENT = Actor(kind="resident", name="林知夏", account_id=uuid.uuid4())
CLERK = Actor(kind="official", name="王受理", posts=(POST,))
WITHOUT_POST = Actor(kind="official", name="周明")
ALL = [
    errors.Refusal(),
    errors.Invalid({"name": ["Please give your name."]}),
    errors.NotFound(),
    errors.Forbidden(),
    errors.SignInNeeded(),
    errors.Conflict(revision=7),
    errors.Gone(),
    errors.TooLarge(),
    errors.TooMany(30),
    errors.Unavailable(),
    errors.DatabaseAway(),
]


def request(path: str = "/drafts/", actor: Actor = RESIDENT, method: str = "get", **headers: Any) -> HttpRequest:
    made: HttpRequest = getattr(RequestFactory(headers=headers), method)(path)
    made.actor = actor  # type: ignore[attr-defined]  # as the middleware does
    return made


@pytest.mark.parametrize("refusal", ALL, ids=lambda one: one.code)
def test_a_refusal_is_a_problem_document_for_machines(refusal: errors.Refusal) -> None:
    answer = refusal_response(request("/api/v1/drafts"), refusal)
    document = json.loads(answer.content)
    assert answer.status_code == refusal.status == document["status"]
    assert answer["Content-Type"] == "application/problem+json"
    assert document["code"] == refusal.code
    assert document["type"].endswith(refusal.code)
    assert document["title"] == str(refusal)
    assert document["instance"] == "/api/v1/drafts"


def test_a_problem_document_names_fields_and_details() -> None:
    invalid = json.loads(refusal_response(request(accept="application/json"), ALL[1]).content)
    assert invalid["fields"] == {"name": ["Please give your name."]}
    conflict = json.loads(refusal_response(request(accept="application/json"), errors.Conflict(revision=7)).content)
    assert conflict["revision"] == "7"
    assert refusal_response(request(accept="application/json"), errors.TooMany(30))["Retry-After"] == "30"


def test_the_words_are_in_the_readers_language() -> None:
    refusal = errors.NotFound()
    with translation.override("en"):
        english = str(refusal)
    with translation.override("zh-hans"):
        chinese = str(refusal)
    assert english.startswith("We could not find")
    assert "没有" in chinese or "找不到" in chinese


@pytest.mark.django_db
@pytest.mark.parametrize(
    "refusal", [one for one in ALL if not isinstance(one, errors.SignInNeeded)], ids=lambda one: one.code
)
def test_a_refusal_is_a_page_for_people(refusal: errors.Refusal) -> None:
    answer = refusal_response(request(actor=NOBODY), refusal)
    assert answer.status_code == refusal.status
    assert str(refusal) in answer.content.decode()
    assert "<main" in answer.content.decode()


def test_who_is_not_signed_in_comes_back_to_the_same_place() -> None:
    asked = request("/search?q=%E9%A3%9F%E5%93%81&page=2")
    answer = refusal_response(asked, errors.SignInNeeded())
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/search?q=%E9%A3%9F%E5%93%81&page=2"]


def test_faults_go_on_to_where_faults_are_told() -> None:
    middleware = RefusalMiddleware(lambda _request: HttpResponse())
    assert middleware.process_exception(request(), ValueError("ours")) is None
    answer = middleware.process_exception(request("/api/x"), RequestDataTooBig())
    assert answer is not None
    assert answer.status_code == 413


def view(_request: HttpRequest, *, number: int = 0) -> HttpResponse:
    return HttpResponse(f"in {number}")


@pytest.mark.parametrize(
    ("declare", "word", "enter"),
    [
        (access.anybody, "anybody", {"nobody", "resident", "clerk", "without"}),
        (access.signed_in, "signed_in", {"resident", "clerk", "without"}),
        (access.resident, "resident", {"resident"}),
        (access.official, "official", {"clerk"}),
        (access.official_with("acceptance"), "official:acceptance", {"clerk"}),
        (access.official_with("approval"), "official:approval", set()),
    ],
)
def test_who_may_enter(declare: Any, word: str, enter: set[str]) -> None:
    guarded = declare(view)
    assert guarded.access == word
    for name, actor in {"resident": RESIDENT, "clerk": CLERK, "without": WITHOUT_POST}.items():
        if name in enter:
            assert guarded(request(actor=actor), number=3).content == b"in 3"
        else:
            with pytest.raises(errors.Forbidden):
                guarded(request(actor=actor), number=3)
    answer = guarded(request(actor=NOBODY))
    assert answer.status_code == (200 if "nobody" in enter else 302)


@pytest.mark.parametrize("method", ["get", "head"])
def test_nobody_is_led_to_the_door_and_back(method: str) -> None:
    answer = access.signed_in(view)(request("/office/?page=2&q=a%20b", actor=NOBODY, method=method))
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/office/?page=2&q=a%20b"]


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://testserver/apply/x/?a=1", "%2Fapply%2Fx%2F%3Fa%3D1"),
        ("https://elsewhere.example/trap", "%2F"),
        ("//elsewhere.example/trap", "%2F"),
        ("", "%2F"),
        ("javascript:alert(1)", "%2F"),
    ],
)
def test_what_was_posted_by_nobody_leads_back_to_its_page_and_never_elsewhere(referer: str, target: str) -> None:
    answer = access.signed_in(view)(request("/x", actor=NOBODY, method="post", referer=referer))
    assert answer["Location"].endswith(f"?next={target}")


def test_what_was_posted_by_nobody_can_be_kept() -> None:
    def kept_view(_request: HttpRequest, *, number: int = 0) -> HttpResponse:
        return HttpResponse(f"in {number}")

    kept_view.keep = lambda _request: "/kept?held=1"  # type: ignore[attr-defined]
    for declare in (access.signed_in, access.resident, access.official, access.official_with("acceptance")):
        answer = declare(kept_view)(request("/x", actor=NOBODY, method="post"))
        assert answer["Location"].endswith("?next=%2Fkept%3Fheld%3D1")


def test_without_the_middleware_nobody_acts() -> None:
    assert access.actor_of(RequestFactory().get("/")) is NOBODY


@pytest.mark.django_db
def test_every_page_has_a_strict_policy(client: Client) -> None:
    answer = client.get("/")
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert len(answer["X-Request-Id"]) == 8
    assert " style=" not in answer.content.decode()
    assert "<script>" not in answer.content.decode()


@pytest.mark.django_db
def test_an_address_that_is_not_there_is_a_page_with_all_headers(client: Client) -> None:
    answer = client.get("/no/such/place/")
    assert answer.status_code == 404
    assert answer["Content-Security-Policy"]
    assert answer["X-Request-Id"]


def test_pages_of_somebody_signed_in_are_stored_nowhere() -> None:
    headers = SecurityHeadersMiddleware(lambda _request: HttpResponse())
    made = request()
    assert headers(made)["Cache-Control"] == "no-cache"
    made.COOKIES["sessionid"] = "x"
    assert headers(made)["Cache-Control"] == "no-store"


def test_a_view_may_set_its_own_policy() -> None:
    def own(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "sandbox", "Cache-Control": "max-age=60"})

    answer = SecurityHeadersMiddleware(own)(request())
    assert (answer["Content-Security-Policy"], answer["Cache-Control"]) == ("sandbox", "max-age=60")


def test_each_request_has_an_id_of_its_own() -> None:
    middleware = RequestIdMiddleware(lambda _request: HttpResponse())
    made = {middleware(request())["X-Request-Id"] for _one in range(20)}
    assert len(made) == 20


def test_what_every_page_knows() -> None:
    made = request()
    made.COOKIES["type"] = "large"
    known = page(made)
    assert known["actor"] == RESIDENT
    assert known["large_type"] is True
    assert known["demo"] is False
    assert known["city"]
    assert page(RequestFactory().get("/"))["actor"] is NOBODY
    assert SYSTEM.name == "system"
