"""Which clocks there are is a table with versions, edited on a page; cases keep theirs."""

import re
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pydantic import ValidationError

from tongban.cases import actions
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case, Clock, ClockTable
from tongban.cases.queries.clock_tables import rules_by
from tongban.cases.rules.clock_table import ClockRule, ClockRules
from tongban.cases.tests.people import NOW, City, client_of, open_task
from tongban.cases.tests.test_wordings import manager
from tongban.cases.web.clock_table_forms import Table

pytestmark = pytest.mark.django_db
ADDRESS = "/office/clocks/01"
WEEK = TermLimit(value=5, unit="working_day")


def newest() -> ClockTable:
    found = ClockTable.objects.filter(item_type="01").order_by("-version").first()
    assert found is not None
    return found


def rules() -> ClockRules:
    return rules_by(newest().id, "01")


def shown(client: Client) -> dict[str, Any]:
    """Return what the page holds, as a browser would send it back."""
    assert client.get(ADDRESS).status_code == 200
    standing = newest()
    sent: dict[str, Any] = {}
    for form in Table(rules(), standing.source, standing.version).all_forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False and value != "":
                sent[field.html_name] = "on" if value is True else value
            elif hasattr(field.field, "choices") and field.field.required:
                sent[field.html_name] = field.field.choices[0][0]
    return sent


def looked_at(client: Client, sent: dict[str, Any]) -> str:
    """Look at what a version would change; nothing is published by that."""
    before = newest().version
    answer = client.post(ADDRESS, {**sent, "step": "look"})
    assert answer.status_code == 200, answer.content.decode()
    assert newest().version == before
    return answer.content.decode()


def published(client: Client, sent: dict[str, Any]) -> "HttpResponse":
    """Publish what was looked at."""
    seen = re.search(r'name="seen" value="(\w+)"', looked_at(client, sent))
    assert seen
    return client.post(ADDRESS, {**sent, "step": "do", "seen": seen[1]})  # type: ignore[return-value]


def place_of(sent: dict[str, Any], kind: str) -> str:
    return next(name for name, value in sent.items() if name.endswith("-kind") and value == kind).removesuffix("-kind")


def test_a_table_is_changed_on_its_page_and_cases_keep_theirs(city: City) -> None:
    client, before = client_of(manager(city.market).username), city.accepted()
    sent = shown(client)
    sent |= {f"{place_of(sent, 'statutory')}-limit_value": "15", "table-source": "云政发〔2026〕3号"}
    assert published(client, sent).status_code == 302
    assert (newest().version, newest().source) == (2, "云政发〔2026〕3号")
    page = client.get(ADDRESS).content.decode()
    assert "<ins>" in page
    assert "云政发〔2026〕3号" in client.get("/office/clocks").content.decode()
    after = city.accepted()
    due = {case.id: Clock.objects.get(case=case, kind="statutory").due_on for case in (before, after)}
    assert (due[before.id], due[after.id]) == (date(2026, 3, 30), date(2026, 3, 23))


def test_the_page_holds_all_of_a_table(city: City) -> None:
    client, before = client_of(manager(city.market).username), rules()
    assert any(rule.steps for rule in before.clocks)
    assert published(client, {**shown(client), "table-source": "重新公布"}).status_code == 302
    assert (newest().version, rules()) == (2, before)


def test_what_is_published_is_what_was_shown(city: City) -> None:
    client = client_of(manager(city.market).username)
    sent = shown(client)
    place = place_of(sent, "statutory")
    sent |= {f"{place}-limit_value": "15", f"{place}-extension_times": "2"}
    page = looked_at(client, sent)
    for went, came in (("20 个工作日", "15 个工作日"), ("一次", "最多 2 次")):
        assert re.search(rf"<del>[^<]*{went}[^<]*</del>", page)
        assert re.search(rf"<ins>[^<]*{came}[^<]*</ins>", page)
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    other = {**sent, f"{place}-limit_value": "16", "step": "do", "seen": seen[1]}
    assert client.post(ADDRESS, other).status_code == 200
    assert newest().version == 1
    assert client.post(ADDRESS, {**sent, "step": "do"}).status_code == 200
    assert newest().version == 1


def test_clocks_are_folded_into_lines_until_somebody_is_at_them(city: City) -> None:
    client = client_of(manager(city.market).username)
    sent, lines = shown(client), r'<details class="govuk-details"( open)?><summary[^>]*><span[^>]*>([^<]*)</span>'
    place, page = place_of(sent, "statutory"), client.get(ADDRESS).content.decode()
    whole = [(is_open, said) for is_open, said in re.findall(lines, page) if " · " in said]
    assert len(whole) == len(rules().clocks)
    assert all(not is_open for is_open, _said in whole)
    assert any("20 个工作日" in said and "第四十二条" in said for _open, said in whole)
    changed = re.findall(lines, looked_at(client, {**sent, f"{place}-limit_value": "15"}))
    assert ["20 个工作日" in said for is_open, said in changed if is_open and " · " in said] == [True]


def test_several_clocks_are_added_at_once_and_their_steps_chosen(city: City) -> None:
    client = client_of(manager(city.market).username)
    sent = shown(client)
    first = int(sent["table-number"]) - 1
    more = client.post(ADDRESS, {**sent, "step": "add"})
    assert more.status_code == 200
    assert f'name="clock-{first + 1}-kind"' in more.content.decode()
    for place, step, value in ((first, "acceptance", 1), (first + 1, "decision", 2)):
        sent |= {
            f"clock-{place}-kind": "step",
            f"clock-{place}-begins": "step",
            f"clock-{place}-steps": [step],
            f"clock-{place}-limit_value": str(value),
            f"clock-{place}-limit_unit": "working_day",
        }
    sent["table-number"] = str(first + 2)
    assert published(client, sent).status_code == 302
    found = {step: rule.limit.value for rule in rules().clocks for step in rule.steps if rule.limit}
    assert found == {"passed_on": 2, "acceptance": 1, "decision": 2}
    case = city.case()
    assert open_task(case, "acceptance").due_on == date(2026, 3, 3)


def test_how_often_a_limit_is_extended_is_edited_and_holds(city: City) -> None:
    client = client_of(manager(city.market).username)
    sent = shown(client)
    sent |= {f"{place_of(sent, kind)}-extension_times": "2" for kind in ("statutory", "promised")}
    assert published(client, sent).status_code == 302
    case = city.accepted()
    for due_on in (date(2026, 4, 14), date(2026, 4, 28)):
        actions.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons="复杂", now=NOW)
        actions.answer_approval(actor=city.head.actor, task=open_task(case, "approval"), granted=True, now=NOW)
        assert Case.objects.get(id=case.id).due_on == due_on


@pytest.mark.parametrize(
    ("field", "value", "beside"),
    [
        ("limit_value", "x", "limit_value"),
        ("limit_value", "", "limit_value"),
        ("extension_value", "0", "extension_value"),
        ("extension_times", "11", "extension_times"),
        ("begins", "never", "begins"),
        ("begins", "step", "steps"),
        ("steps", ["decision"], "begins"),
        ("steps", ["dancing"], "steps"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(city: City, field: str, value: object, beside: str) -> None:
    client = client_of(manager(city.market).username)
    sent = shown(client)
    sent |= {"clock-0-extension_value": "5", "clock-0-extension_unit": "working_day", f"clock-0-{field}": value}
    answer = client.post(ADDRESS, sent)
    assert answer.status_code == 422
    assert f"id_clock-0-{beside}-error" in answer.content.decode()
    assert ClockTable.objects.filter(item_type="01").count() == 1


def test_a_table_needs_its_source_and_the_page_of_today(city: City) -> None:
    client = client_of(manager(city.market).username)
    sent = shown(client)
    assert published(client, {**sent, "table-source": " "}).status_code == 422
    assert published(client, {**sent, "table-after_version": "7"}).status_code == 422
    last = int(sent["table-number"]) - 1
    twice = {name.replace("clock-0", f"clock-{last}"): value for name, value in sent.items() if "clock-0" in name}
    assert client.post(ADDRESS, {**sent, **twice}).status_code == 422
    step = place_of(sent, "step")
    twice = {name.replace(step, f"clock-{last}"): value for name, value in sent.items() if f"{step}-" in name}
    more = {f"clock-{last}-steps": ["passed_on", "review"]}
    assert published(client, {**sent, **twice, **more}).status_code == 422
    assert ClockTable.objects.filter(item_type="01").count() == 1


def test_only_the_centre_lays_clocks_down(city: City) -> None:
    other = client_of(manager(city.health).username)
    assert published(other, {**shown(other), "table-source": "x"}).status_code == 403
    assert client_of(city.head.username).get("/office/clocks").status_code == 403
    assert ClockTable.objects.filter(item_type="01").count() == 1
    week = TermLimit(value=5, unit="working_day")
    assert city.accepted(terms=Terms(item_type="01", promised=week)).clock_table_id is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"begins": "acceptance", "at_end": "deemed_accepted"},
        {"begins": "receipt", "at_end": "deemed_renewed"},
        {"begins": "acceptance", "own": "validity"},
        {"begins": "receipt", "own": "validity", "at_end": "deemed_accepted"},
    ],
)
def test_a_table_deems_nothing_that_the_timer_could_not_do(wrong: dict[str, Any]) -> None:
    ClockRule.model_validate({"kind": "x", "begins": "receipt", "limit": WEEK, "at_end": "deemed_accepted"})
    with pytest.raises(ValidationError):
        ClockRule.model_validate({"kind": "x", "limit": WEEK, **wrong})
