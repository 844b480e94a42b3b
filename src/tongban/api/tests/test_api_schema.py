"""Schemathesis plays against every operation, as nobody, as a resident, as an official.

It finds no fault (5xx) and no answer that the description does not have. Each call is undone, so that the next one finds
the town as it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from tongban.api.mounting import api
from tongban.api.tests.town import CODE, Town, open_task_of
from tongban.base.actor import SYSTEM
from tongban.base.api import Guard
from tongban.base.clock import now
from tongban.exchange import actions as exchange
from tongban.exchange.models import Resource
from tongban.exchange.rules.entries import EntryDraft, ItemDraft
from tongban.exchange.tests.following import webhook_of
from tongban.registers import actions as registers

pytestmark = pytest.mark.django_db

CONFIGURATION = SchemathesisConfig.from_dict(
    {
        "checks": {
            # What is sound by its shape may still be wrong by its meaning, or come in the wrong state of a case.
            "positive_data_acceptance": {"expected-statuses": ["2xx", "4xx"]},
            "negative_data_rejection": {"expected-statuses": ["4xx"]},
            # The player's own session goes with every call; that closed doors are closed, the play as nobody shows.
            "ignored_auth": {"enabled": False},
        },
        "generation": {"with-security-parameters": False},
    }
)
UNPLAYED = frozenset({"open_session", "end_session"})
"""The session of the play must stand; signing in is counted, and tried by tests of its own."""
TOKEN = "a" * 32
EXAMPLES, FEW = 8, 1


DONE = {
    "nobody": {"find_items", "read_item", "list_themes", "list_departments", "read_session"},
    "resident": {"read_me", "list_applicants", "list_drafts", "read_draft", "discard_draft", "list_cases", "read_case"},
    "official": {"read_me", "read_inbox", "read_task", "claim_task", "release_task", "list_cases", "read_case"},
}
"""What each must have been able to do, so that the play does not end at closed doors."""


@dataclass
class Player:
    """Who plays, with ids of things that are really there."""

    role: str
    known: dict[str, str] = field(default_factory=dict)
    session: str = ""
    statuses: dict[str, set[int]] = field(default_factory=dict)

    @property
    def done(self) -> set[str]:
        """Operations that did something at least once."""
        return {name for name, statuses in self.statuses.items() if min(statuses) < HTTPStatus.BAD_REQUEST}

    @property
    def call(self) -> dict[str, Any]:
        if not self.session:
            return {}
        return {"cookies": {"sessionid": self.session, "csrftoken": TOKEN}, "headers": {"X-CSRFToken": TOKEN}}

    def examples(self, access: str) -> int:
        """Operations that are closed to the player are only knocked at."""
        return (
            EXAMPLES if access in {"anybody", "signed_in", self.role} and (self.session or access == "anybody") else FEW
        )


@cache
def access_of() -> dict[str, str]:
    """Return who may call each operation."""
    return {
        str(operation.operation_id): next(one.access for one in operation.auth_callbacks if isinstance(one, Guard))
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
    }


def _player(town: Town, role: str) -> Player:
    draft, case = town.ready(), town.submitted()
    known = {"code": CODE, "draft_id": draft["id"], "number": case.number, "key": "plan"}
    known["entry_id"] = next(one["entries"][0]["id"] for one in draft["materials"] if one["entries"])
    known["task_id"] = str(open_task_of(case, "acceptance").id)
    known["step"] = draft["steps"][0]["key"]
    known["resource"] = _resource(town)
    resource = Resource.objects.get(slug=known["resource"])
    known["webhook_id"] = str(webhook_of(resource.id, resource.provider_id).id)
    caller = {"nobody": town.stranger, "resident": town.resident, "official": town.desk}[role]
    cookie = caller.client.cookies.get("sessionid")
    return Player(role, known, cookie.value if cookie else "")


def _resource(town: Town) -> str:
    """Publish an entry of the catalogue of data; returns its slug."""
    item = ItemDraft(code="name", name="名称", sharing_class="unconditional")
    entry = EntryDraft(
        slug="shops",
        code="101001/7",
        subject_kind="enterprise",
        name="店铺",
        summary="店铺",
        category="店铺",
        items=(item,),
    )
    register = registers.make_register(actor=SYSTEM, keeper_id=town.city.market.organisation.id, entry=entry, now=now())
    version = exchange.submit_resource(actor=SYSTEM, version_id=register.resource.versions.get().id, now=now())
    exchange.publish_resource(actor=SYSTEM, version_id=version.id, now=now())
    return entry.slug


def _known(operation: Any, player: Player) -> dict[str, str]:
    names = {one["name"] for one in operation.definition.raw["parameters"] if one["in"] == "path"}
    known = {name: player.known[name] for name in names}
    if "/steps/" in operation.path:
        known["key"] = player.known["step"]
    return known


def _takes(operation: Any) -> bool:
    """Whether anything is sent beside the address: where nothing is, nothing wrong can be."""
    raw = operation.definition.raw
    return "requestBody" in raw or any(one["in"] != "path" for one in raw["parameters"])


def _play(operation: Any, player: Player) -> None:
    """Call an operation with sound and with wrong input, on things that are there."""
    examples = player.examples(access_of()[operation.definition.raw["operationId"]])
    known = _known(operation, player)
    chosen = {"path_parameters": known} if known else {}
    modes = [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if examples > FEW and _takes(operation) else [])]

    @given(case=one_of([operation.as_strategy(generation_mode=mode, **chosen) for mode in modes]))
    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def play(case: Any) -> None:
        undone = transaction.atomic()
        undone._from_testcase = True  # type: ignore[attr-defined]  # as the test's own: durable ones may be in it
        with undone:
            answer = case.call_and_validate(**player.call)
            player.statuses.setdefault(operation.definition.raw["operationId"], set()).add(answer.status_code)
            transaction.set_rollback(True)

    play()


@contextmanager
def one_connection() -> Iterator[None]:
    """Keep the test's transaction open: around each request a server lets go of connections it could not use again."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("role", ["nobody", "resident", "official"])
def test_no_fault_and_nothing_undescribed(role: str, town: Town) -> None:
    player = _player(town, role)
    with one_connection():
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=CONFIGURATION)
        failures = [
            words
            for found in schema.get_all_operations()
            if isinstance(found, Ok)
            for words in _failures(found.ok(), player)
        ]
    assert not failures, "\n".join(failures)
    assert DONE[role] <= player.done


def _failures(operation: Any, player: Player) -> Iterator[str]:
    if operation.definition.raw["operationId"] in UNPLAYED:
        return
    try:
        _play(operation, player)
    except FailureGroup as found:
        yield f"{operation.label} ({player.role}): {found}"
