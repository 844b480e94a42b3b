"""Registers made and followed on pages; one subject looked up and kept, through the gate and never past it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser
from tests.standing import nothing_changes

from tongban.base.clock import now
from tongban.base.tests.looking import look, shown
from tongban.cases.tests.people import client_of, office
from tongban.exchange import actions as exchange
from tongban.exchange.models import LookUp, Resource, Source
from tongban.exchange.rules.calls import Call, StandingReference
from tongban.exchange.rules.entries import ItemDraft
from tongban.registers import actions, errors
from tongban.registers.models import RecordVersion, Register
from tongban.registers.tests.town import FIELDS, Town, entry

REGISTERS, SUBJECT = "/office/registers/", "/office/registers/population/subject"
CODES = ({"value": 1, "label": "在用"}, {"value": 2, "label": "停用"})
STALL = (
    ItemDraft(code="name", name="名称", is_required=True, sharing_class="unconditional"),
    ItemDraft(code="seats", name="座位", type="I", sharing_class="unconditional"),
    ItemDraft(code="state", name="状态", type="I", sharing_class="unconditional", code_list=CODES),
    ItemDraft(code="opened_on", name="开业日期", type="D", sharing_class="unconditional"),
    ItemDraft(code="licensed", name="有证", type="L", sharing_class="unconditional"),
)


def page(client: Client, address: str) -> str:
    """Open a page."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def published(town: Town, slug: str, **changes: Any) -> Resource:
    """Publish an entry, or its next version, of the keeper."""
    draft = entry(slug, **changes)
    version = exchange.draft_resource(
        actor=town.steward.actor, provider_id=town.keeper.organisation.id, draft=draft, now=now()
    )
    exchange.submit_resource(actor=town.steward.actor, version_id=version.id, now=now())
    return exchange.publish_resource(actor=town.reviewer.actor, version_id=version.id, now=now()).resource


def in_force(resource: Resource) -> UUID:
    """Return the id of the version in force."""
    assert resource.in_force_id is not None
    return resource.in_force_id


def granted(town: Town, *fields: str, register: str = "population", **changes: Any) -> str:
    """Let the keeper keep its register; returns the grant's id."""
    values: dict[str, Any] = {
        "resource_id": Resource.objects.get(slug=register).id, "consumer_id": town.keeper.organisation.id,
        "purpose": "keeping", "purpose_words": "维护基础库", "standing": "keeping",
        "valid_until": now() + timedelta(days=30),
    }  # fmt: skip
    return str(town.grant(*fields, **(values | changes)).id)


def asked(town: Town, grant: str, **changes: Any) -> dict[str, Any]:
    """Return what is sent to look somebody up."""
    about = town.about()
    sent = {"number": about.number, "identity_kind": about.identity_kind, "grant": grant, "case": ""}
    return {f"ask-{name}": value for name, value in (sent | changes).items()} | {"step": "look"}


def on(prefix: str, day: date) -> dict[str, int]:
    """Return a date as its three inputs send it."""
    return {f"{prefix}_year": day.year, f"{prefix}_month": day.month, f"{prefix}_day": day.day}


def test_a_register_is_made_of_an_entry_without_programming(town: Town) -> None:
    resource = published(town, "stalls", fields=STALL, name="摊位")
    steward = client_of(town.steward.username)
    assert f"{REGISTERS}make/stalls" in page(steward, REGISTERS)
    address = f"{REGISTERS}make/stalls"
    assert "1 在用" in page(steward, address)
    with nothing_changes():
        assert steward.post(address, {"seen": str(town.resource.in_force_id)})["Location"] == address
    answer = steward.post(address, {"seen": str(resource.in_force_id), "names_subjects": "on"})
    assert answer["Location"] == f"{REGISTERS}stalls/"
    register = Register.objects.get(code="stalls")
    assert (register.names_subjects, register.keeper_id) == (True, town.keeper.organisation.id)
    assert Source.objects.get(resource=resource).settings == {"register": "stalls"}
    assert f"{REGISTERS}make/stalls" not in page(steward, REGISTERS)
    with nothing_changes():
        assert steward.get(address).status_code == 404
        with pytest.raises(errors.ReadElsewhere):
            actions.make_register_of(
                actor=town.steward.actor, resource_id=resource.id, seen=in_force(resource), now=now()
            )
    grant = granted(town, *(item.code for item in STALL), register="stalls")
    typed: dict[str, Any] = {
        "record-value-name": "糖水",
        "record-value-seats": "１２",
        "record-value-state": "2",
        "record-value-licensed": "true",
    }
    typed |= on("record-value-opened_on", date(2026, 1, 5)) | on("record-valid_from", date(2026, 1, 5))
    answer = steward.post(f"{REGISTERS}stalls/subject", asked(town, grant) | typed | {"step": "record"})
    assert answer.status_code == 200
    told = answer.content.decode()
    assert "糖水" in told
    values = exchange.look_up(call=_keeping(town, "stalls"), actor=town.steward.actor, now=now()).values
    assert values == {"name": "糖水", "seats": 12, "state": 2, "opened_on": "2026-01-05", "licensed": True}


def _keeping(town: Town, register: str) -> Call:
    call = town.call("x", *(item.code for item in STALL), purpose="keeping", resource=register)
    return replace(call, reference=StandingReference("keeping"))


def test_a_register_follows_its_entry_after_a_look(town: Town) -> None:
    steward, address = client_of(town.steward.username), f"{REGISTERS}population/"
    assert "发布这一版结构" not in page(steward, address)
    more = (*FIELDS[1:], FIELDS[0], ItemDraft(code="height", name="身高", type="I", sharing_class="unconditional"))
    resource = published(town, "population", fields=more, code=town.resource.code)
    told = page(steward, address)
    assert "<ins>身高 (height)</ins>" in told
    assert "发布这一版结构" in told
    with nothing_changes():
        steward.post(address, {"seen": "x"})
    assert steward.post(address, {"seen": str(resource.in_force_id)}).status_code == 302
    assert town.register.schemas.count() == 2
    with nothing_changes(), pytest.raises(errors.NothingNew):
        actions.follow_entry(actor=town.steward.actor, register_id=town.register.id, seen=in_force(resource), now=now())
    other = tuple(replace(item, type="M") if item.code == "address" else item for item in more)
    resource = published(town, "population", fields=other, code=town.resource.code)
    told = page(steward, address)
    assert "发布这一版结构" not in told
    assert "住址 (address)" in told
    with nothing_changes():
        steward.post(address, {"seen": str(resource.in_force_id)})


def test_who_sees_and_who_keeps(town: Town) -> None:
    published(town, "stalls", fields=STALL)
    elsewhere = office("云澜市教育局", "school", roles=("steward", "acceptance"))
    other, clerk = client_of(elsewhere.staff("steward").username), client_of(elsewhere.staff("acceptance").username)
    lin = client_of(town.lin.username)
    for client in (other, clerk):
        assert "人口基础信息" in page(client, REGISTERS)
        assert "make/stalls" not in page(client, REGISTERS)
        assert "没有这个基础库的授权" in page(client, SUBJECT)
    with nothing_changes():
        assert other.get(f"{REGISTERS}make/stalls").status_code == 404
        assert clerk.get(f"{REGISTERS}make/stalls").status_code == 403
        assert {client.post(f"{REGISTERS}population/", {}).status_code for client in (other, clerk)} == {404}
        assert {lin.get(address).status_code for address in (REGISTERS, SUBJECT)} == {403}
        with pytest.raises(errors.NotTheKeeper):
            actions.follow_entry(
                actor=town.reviewer.actor, register_id=town.register.id, seen=town.register.id, now=now()
            )


def test_the_keeper_passes_the_gate_and_is_logged(town: Town) -> None:
    steward = client_of(town.steward.username)
    assert "没有这个基础库的授权" in page(steward, SUBJECT)
    grant = granted(town, "name", "address")
    assert town.about().number not in page(steward, SUBJECT)
    told = steward.post(SUBJECT, asked(town, grant)).content.decode()
    row = LookUp.objects.get()
    assert (row.refused, row.fields, row.reference_kind) == ("", ["name", "address"], "keeping")
    assert row.official_id == town.steward.official_id
    assert "书院路 18 号" in told
    assert "青溪区" not in told, "the grant does not name the district"
    assert "2020年1月1日" in told


def test_an_official_with_a_case_sees_what_the_grant_allows_and_keeps_nothing(town: Town) -> None:
    grant = str(town.grant("name", valid_until=now() + timedelta(days=9)).id)
    desk, number = client_of(town.staff["acceptance"].username), town.case()
    told = desk.post(SUBJECT, asked(town, grant, case=number)).content.decode()
    assert "林知夏" in told
    assert "登记新情况" not in told
    versions = RecordVersion.objects.count()
    desk.post(SUBJECT, asked(town, grant, case=number) | {"step": "end", **on("end-valid_to", date(2026, 1, 1))})
    assert RecordVersion.objects.count() == versions
    for case, status, words in (("", 403, "请写明"), ("20260302-AAAAAAAA", 403, "您的岗位")):
        answer = desk.post(SUBJECT, asked(town, grant, case=case))
        assert answer.status_code == status
        assert words in answer.content.decode()
        assert "林知夏" not in answer.content.decode()
    assert set(LookUp.objects.values_list("refused", flat=True)) == {"", "reference_missing", "case_unknown"}


def test_record_correct_and_end(town: Town) -> None:
    steward = client_of(town.steward.username)
    grant = granted(town, "name", "address", "district")
    ask = asked(town, grant)
    moved = {
        "record-value-name": "林知夏",
        "record-value-address": "望江路 2 号",
        **on("record-valid_from", date(2026, 2, 1)),
    }
    told = steward.post(SUBJECT, ask | moved | {"step": "record"}).content.decode()
    assert "望江路 2 号" in told
    wrong = {"correct-value-address": "望江路 20 号", **on("correct-on", date(2026, 2, 3))}
    told = steward.post(SUBJECT, ask | wrong | {"step": "correct"}).content.decode()
    assert "望江路 20 号" in told
    assert "林知夏" in told, "what was not corrected stays"
    past = steward.post(SUBJECT, ask | {f"ask-{name}": part for name, part in on("day", date(2026, 1, 1)).items()})
    assert "书院路 18 号" in past.content.decode()
    ended = steward.post(SUBJECT, ask | {"step": "end", **on("end-valid_to", date(2026, 3, 1))}).content.decode()
    assert "望江路" not in ended


@pytest.mark.parametrize(
    ("step", "sent", "field"),
    [
        ("look", {"ask-number": "1"}, "ask-number"),
        ("look", {"ask-number": ""}, "ask-number"),
        ("look", {"ask-grant": "x"}, "ask-grant"),
        ("record", {"record-value-name": ""}, "record-value-name"),
        ("record", {"record-valid_from_year": "x"}, "record-valid_from_year"),
        (
            "record",
            {"record-value-birth_date_year": "2026", "record-value-birth_date_month": "13"},
            "record-value-birth_date_year",
        ),
        ("correct", {"correct-value-address": ""}, ""),
        ("correct", {"correct-key": "没有"}, ""),
        ("end", {"end-valid_to_year": "1999"}, ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(town: Town, step: str, sent: dict[str, str], field: str) -> None:
    steward, grant = client_of(town.steward.username), granted(town, "name")
    right: dict[str, Any] = {
        "record-value-name": "林",
        "correct-value-address": "x",
        **on("record-valid_from", date(2026, 2, 1)),
    }
    right |= on("correct-on", date(2026, 2, 1)) | on("end-valid_to", date(2026, 2, 1))
    if "end-valid_to_year" in sent:
        steward.post(SUBJECT, asked(town, grant) | right | {"step": "end"})
        sent = {"end-valid_to_year": "2027"}
    versions = RecordVersion.objects.count()
    answer = steward.post(SUBJECT, asked(town, grant) | right | sent | {"step": step})
    told = answer.content.decode()
    assert answer.status_code in {404, 422}
    assert "govuk-error-summary" in told
    assert not field or f'href="#id_{field}"' in told
    assert RecordVersion.objects.count() == versions


def test_the_list_costs_the_same_however_many_there_are(town: Town) -> None:
    steward, costs = client_of(town.steward.username), []
    for part in range(2):
        steward.get(REGISTERS)
        with CaptureQueriesContext(connection) as queries:
            page(steward, REGISTERS)
        costs.append(len(queries))
        for number in range(3):
            resource = published(town, f"more-{part}-{number}", fields=STALL)
            seen = in_force(resource)
            if number:
                actions.make_register_of(actor=town.steward.actor, resource_id=resource.id, seen=seen, now=now())
    assert costs[0] == costs[1]


def test_how_the_pages_look(town: Town, browser: Browser, tmp_path: Path) -> None:
    long = "城市生活垃圾分类收集运输处置全过程监管信息" * 4
    published(town, "stalls", fields=STALL, name=long)
    more = (*FIELDS, ItemDraft(code="height", name=long[:90], type="I", sharing_class="unconditional"))
    published(town, "population", fields=more, code=town.resource.code)
    steward, other = client_of(town.steward.username), client_of(town.staff["acceptance"].username)
    grant = granted(town, "name", "address", "birth_date", "religion", purpose_words=long)
    pages = shown(
        steward, {"registers": REGISTERS, "make": f"{REGISTERS}make/stalls", "register": f"{REGISTERS}population/"}
    )
    pages |= shown(steward, {"ask": SUBJECT}) | shown(other, {"no-grant": SUBJECT})
    pages["answer-en"] = steward.post(SUBJECT, asked(town, grant)).content.decode()
    pages["wrong-en"] = steward.post(SUBJECT, asked(town, grant) | {"step": "record"}).content.decode()
    assert look(browser, pages, tmp_path) == []
