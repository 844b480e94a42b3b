"""What holds for every operation: declared access, problems, tokens, bounds, a sound description."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pydantic import BaseModel
from tools.htmlcheck import validate_html

from tongban.api.mounting import api
from tongban.api.tests.town import CODE, ROOT, Caller, Town, open_task_of
from tongban.api.words import SUMMARIES
from tongban.base.api import Guard
from tongban.cases.models import Case

PROBLEM = "application/problem+json"


def _operations() -> list[Any]:
    return [
        operation
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
    ]


def test_every_operation_says_who_may() -> None:
    without = [
        one.operation_id for one in _operations() if not [type(g) for g in one.auth_callbacks if isinstance(g, Guard)]
    ]
    assert not without


def test_every_operation_has_its_words() -> None:
    assert {one.operation_id for one in _operations()} == SUMMARIES.keys()


def test_names_of_shapes_are_unique() -> None:
    found: dict[str, set[type]] = {}
    for operation in _operations():
        for model in [*operation.models, *operation.response_models.values()]:
            _gather(model, found)
    doubles = {name: shapes for name, shapes in found.items() if len(shapes) > 1}
    assert not doubles


def _gather(model: Any, found: dict[str, set[type]]) -> None:
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        for part in getattr(model, "__args__", ()):
            _gather(part, found)
        return
    known = found.setdefault(model.__name__, set())
    if model in known or (model.__name__.endswith(("Params", "NinjaResponseSchema")) and known):
        fresh = False
    else:
        known.add(model)
        fresh = True
    if fresh or model.__name__.endswith(("Params", "NinjaResponseSchema")):
        for one in model.model_fields.values():
            _gather(one.annotation, found)


def test_the_description_is_openapi_3_1(client: Client) -> None:
    document = client.get(f"{ROOT}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/drafts/{draft_id}/submit" in document["paths"]


@pytest.mark.django_db
def test_the_page_lists_every_operation(client: Client, tmp_path: Path) -> None:
    page = client.get(f"{ROOT}/docs")
    assert page.status_code == 200
    for word in ("查找事项", "提交申请", "/api/v1/drafts/{draft_id}/submit"):
        assert word in page.content.decode()
    assert "://" not in page.content.decode().replace("http://www.w3.org", "")
    file = tmp_path / "docs.html"
    file.write_bytes(page.content)
    assert validate_html([file]) == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nothing", b"", 404, "not_found"),
        ("DELETE", "/items", b"", 405, "method_not_allowed"),
        ("GET", "/me", b"", 401, "sign_in_needed"),
        ("GET", "/tasks", b"", 401, "sign_in_needed"),
        ("POST", "/drafts", b"{}", 401, "sign_in_needed"),
        ("GET", "/items/no-such-item", b"", 404, "not_found"),
        ("GET", "/items?page_size=101", b"", 422, "invalid"),
        ("GET", "/items?pagesize=5", b"", 422, "invalid"),
        ("GET", "/items?q=%00", b"", 422, "invalid"),
        ("GET", f"/items?page={'9' * 5000}", b"", 422, "invalid"),
        ("POST", "/session", b"{", 400, "unreadable_body"),
        ("POST", "/session", b'{"name": NaN}', 400, "unreadable_body"),
        ("POST", "/session", b'{"name": 1' + b"0" * 5000 + b"}", 400, "unreadable_body"),
        ("POST", "/session", b"[" * 100_000, 400, "unreadable_body"),
        ("POST", "/session", b"\xff\xfe", 400, "unreadable_body"),
        ("POST", "/session", b'{"name": "a", "name": "b", "password": ""}', 400, "unreadable_body"),
        ("POST", "/session", b'{"name": "\\ud800", "password": "x"}', 422, "invalid"),
        ("POST", "/session", b'{"name": "\\u0000", "password": "x"}', 422, "invalid"),
        ("POST", "/session", b'{"name": "a", "password": "b", "more": 1}', 422, "invalid"),
        ("POST", "/session", b'{"name": "a", "password": "b"}', 422, "sign_in_refused"),
        ("POST", "/session", b'{"name": "' + b"x" * 3_000_000 + b'"}', 413, "too_large"),
    ],
)
@pytest.mark.django_db
def test_every_refusal_is_a_problem(method: str, path: str, body: bytes, status: int, code: str) -> None:
    answer = Client().generic(method, f"{ROOT}{path}", body, "application/json")
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"], problem["code"]) == (status, PROBLEM, code)
    assert problem["status"] == status
    assert problem["title"]
    assert ("fields" in problem) == (code == "invalid")
    assert status != 405 or answer["Allow"] == "GET"


PLACES = re.compile(r"{(\w+)}")


@pytest.mark.parametrize(
    "text", ["01a20ae8-0cc4-7ade-85e0-7e540dcc75c2", "20260101-AAAAAAAA", "%00", "%ff", "x" * 3000]
)
def test_what_is_not_there_is_not_found(town: Town, text: str) -> None:
    for path, operations in api.get_openapi_schema()["paths"].items():
        if "{" not in path:
            continue
        for method in operations:
            for caller in (town.resident, town.desk):
                address = PLACES.sub(text, path).removeprefix(ROOT)
                answer = caller.send(method.upper(), address, {} if method in {"post", "put"} else None)
                assert answer.status_code in {400, 403, 404, 415, 422}, (method, address, answer.content)
                assert answer["Content-Type"] == PROBLEM


@pytest.mark.django_db
def test_only_json_is_read(client: Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = client.generic("POST", f"{ROOT}/session", b'{"name": "a", "password": "b"}', kind)
        assert (answer.status_code, answer["Content-Type"]) == (415, PROBLEM)


@pytest.mark.django_db
def test_sentences_follow_the_language(client: Client) -> None:
    chinese = client.get(f"{ROOT}/me").json()["title"]
    english = client.get(f"{ROOT}/me", headers={"Accept-Language": "en"}).json()["title"]
    assert (chinese, english) == ("请先登录。", "Please sign in first.")


def test_a_session_is_opened_used_and_ended(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    caller = Caller(client)
    signed = caller.post("/session", {"name": town.city.lin.username, "password": "right horse 马"})
    assert (signed.status_code, signed.json()["kind"]) == (200, "resident")
    me = caller.get("/me").json()
    assert me["name"] == "林知夏"
    assert "*" in me["identity_number"]
    wanted = {"item_code": CODE}
    refused = caller.post("/drafts", wanted)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_token_needed")
    token = {"X-CSRFToken": caller.get("/session").json()["csrf_token"]}
    assert caller.post("/drafts", wanted, **token).status_code == 201
    assert caller.send("DELETE", "/session", **token).status_code == 204
    assert caller.get("/me").status_code == 401


def test_others_see_nothing_and_change_nothing(town: Town) -> None:
    from tongban.cases.tests.people import client_of, resident  # noqa: PLC0415 - a further person

    draft, case = town.begin(), town.submitted()
    task = open_task_of(case, "acceptance")
    other = Caller(client_of(resident("周远").username))
    elsewhere = Caller(client_of(town.city.health.staff("acceptance", "钱卫生").username))
    for caller in (other, elsewhere):
        for method, path, body in (
            ("GET", f"/drafts/{draft['id']}", None),
            ("DELETE", f"/drafts/{draft['id']}", None),
            ("PUT", f"/drafts/{draft['id']}/delivery", {"way": "window"}),
            ("GET", f"/cases/{case.number}", None),
            ("POST", f"/cases/{case.number}/withdraw", {}),
            ("POST", f"/cases/{case.number}/rating", {"level": 1}),
        ):
            assert caller.send(method, path, body).status_code == 404, (method, path)
    for path, body in (("claim", None), ("accept", {}), ("decision", {"outcome": "granted", "reasons": "x"})):
        assert elsewhere.post(f"/tasks/{task.id}/{path}", body).status_code == 404
        assert other.post(f"/tasks/{task.id}/{path}", body).status_code == 403
    assert other.get("/tasks").status_code == 403
    assert town.desk.post("/drafts", {"item_code": CODE}).status_code == 403
    assert other.get("/cases").json()["total"] == elsewhere.get("/cases").json()["total"] == 0
    assert Case.objects.get().revision == case.revision
    assert town.resident.get(f"/drafts/{draft['id']}").json()["delivery"] == {}


def test_lists_ask_as_often_for_many_rows_as_for_few(town: Town) -> None:
    def counted() -> dict[str, int]:
        counts = {}
        for caller, path in (
            (town.resident, "/drafts"),
            (town.resident, "/cases"),
            (town.desk, "/cases"),
            (town.desk, "/tasks"),
            (town.stranger, "/items"),
        ):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert caller.get(path).status_code == 200
            counts[f"{path} {caller is town.desk}"] = len(queries)
        return counts

    town.begin()
    town.city.case()
    counted()
    before = counted()
    for _time in range(3):
        town.begin()
        town.city.case()
    assert counted() == before


def test_what_is_renewed_must_be_ones_own(town: Town) -> None:
    answer = town.resident.post("/drafts", {"item_code": CODE, "predecessor_id": str(town.city.market.organisation.id)})
    assert answer.status_code == 404
    assert town.resident.get("/drafts").json()["total"] == 0


def test_a_key_is_good_for_one_thing(town: Town) -> None:
    draft = town.ready()
    key = {"Idempotency-Key": draft["submission_key"]}
    assert town.resident.post(f"/drafts/{draft['id']}/submit", {"declared": True}, **key).status_code == 201
    again = town.resident.post("/drafts", {"item_code": CODE}, **key)
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_key_used")
