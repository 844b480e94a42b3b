"""A small town for the tests of the API: two offices, a matter with a question, a material and a fee, some people."""

import io
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.test import Client
from PIL import Image

from tongban.base.actor import SYSTEM
from tongban.base.clock import OFFICE_ZONE
from tongban.cases.models import Case, Task
from tongban.cases.tests.people import City, client_of, make_city
from tongban.catalogue import actions as catalogue
from tongban.catalogue.queries import Guide

CODE = "food-licence"
AT = datetime(2026, 3, 2, 10, 0, tzinfo=OFFICE_ZONE)
ROOT = "/api/v1"
GUIDE: dict[str, Any] = {
    "name": "食品经营许可",
    "name_en": "Food licence",
    "item_type": "01",
    "audiences": ["person", "enterprise"],
    "promised_limit": {"value": 5, "unit": "working_day"},
    "situations": [
        {
            "key": "premises",
            "title": "场所是租来的吗？",
            "options": [{"value": "own", "label": "自有"}, {"value": "rented", "label": "租赁"}],
        }
    ],
    "materials": [
        {"key": "plan", "name": "平面图"},
        {"key": "lease", "name": "租赁合同", "condition": 'situation.premises == "rented"'},
    ],
    "result": {"name": "食品经营许可证", "kind": "licence", "valid_months": 60},
}


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    return content.getvalue()


@dataclass
class Caller:
    """Somebody who calls the API with a session."""

    client: Client = field(default_factory=Client)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{ROOT}{path}", query)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, f"{ROOT}{path}", content, "application/json", headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def upload(self, path: str, content: bytes, name: str = "plan.png") -> Any:
        file = io.BytesIO(content)
        file.name = name
        return self.client.post(f"{ROOT}{path}", {"file": file})


@dataclass
class Town:
    """Who is there, and who calls."""

    city: City
    resident: Caller
    desk: Caller
    reviewer: Caller
    head: Caller
    stranger: Caller = field(default_factory=Caller)

    def begin(self, **wanted: Any) -> dict[str, Any]:
        """Begin a draft of the resident."""
        answer = self.resident.post("/drafts", {"item_code": CODE, "situation": {"premises": "own"}, **wanted})
        assert answer.status_code == 201, answer.content.decode()
        return dict(answer.json())

    def ready(self) -> dict[str, Any]:
        """Fill in a draft until it can be submitted."""
        draft = self.begin()
        for step in draft["steps"]:
            saved = self.resident.send("PUT", f"/drafts/{draft['id']}/steps/{step['key']}", {"answers": answers(step)})
            assert saved.status_code == 200, saved.content.decode()
        added = self.resident.upload(f"/drafts/{draft['id']}/materials/plan/files", picture())
        assert added.status_code == 201, added.content.decode()
        chosen = self.resident.send("PUT", f"/drafts/{draft['id']}/delivery", {"way": "online"})
        assert chosen.status_code == 200, chosen.content.decode()
        return dict(chosen.json())

    def submitted(self) -> Case:
        """Submit an application."""
        draft = self.ready()
        answer = self.resident.post(
            f"/drafts/{draft['id']}/submit", {"declared": True}, **{"Idempotency-Key": draft["submission_key"]}
        )
        assert answer.status_code == 201, answer.content.decode()
        return Case.objects.get(number=answer.json()["case_number"])


def answers(step: dict[str, Any]) -> dict[str, Any]:
    """Answer what has to be answered and is not known."""
    given = {"mobile": "13800138000", "phone": "13800138000", "name": "林知夏", "text": "无", "long_text": "无",
             "address": {"region": "汀南区", "detail": "和平路 1 号 2 室"}, "date": "2026-01-05"}  # fmt: skip
    return {
        one["key"]: given[one["type"]]
        for one in step["questions"]
        if one["required"] and not one["is_known"] and one["type"] in given
    }


def open_task_of(case: Case, kind: str) -> Task:
    return Task.objects.get(case=case, kind=kind, state="open")


def make_town() -> Town:
    city = make_city()
    catalogue.publish(
        actor=SYSTEM,
        guide=Guide.model_validate(GUIDE),
        code=CODE,
        organisation_id=city.market.organisation.id,
        now=AT,
    )
    return Town(
        city=city,
        resident=Caller(client_of(city.lin.username)),
        desk=Caller(client_of(city.desk.username)),
        reviewer=Caller(client_of(city.reviewer.username)),
        head=Caller(client_of(city.head.username)),
    )


def new_key() -> str:
    return str(uuid4())
