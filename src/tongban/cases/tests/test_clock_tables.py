"""Which clocks there are is a table with versions, edited on a page; cases keep theirs."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Clock, ClockTable
from tongban.cases.queries.clock_tables import shipped_rules
from tongban.cases.tests.people import City, client_of
from tongban.cases.tests.test_wordings import manager
from tongban.cases.web.clock_table_forms import Table

pytestmark = pytest.mark.django_db
ADDRESS = "/office/clocks/01"


def shown(client: Client) -> dict[str, Any]:
    """Return what the page holds, as a browser would send it back."""
    assert client.get(ADDRESS).status_code == 200
    standing = ClockTable.objects.filter(item_type="01").order_by("-version").first()
    assert standing is not None
    sent: dict[str, Any] = {}
    for form in Table(shipped_rules("01"), standing.source, standing.version).all_forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False and value != "":
                sent[field.html_name] = "on" if value is True else value
            elif hasattr(field.field, "choices") and field.field.required:
                sent[field.html_name] = field.field.choices[0][0]
    return sent


def test_a_table_is_changed_on_its_page_and_cases_keep_theirs(city: City) -> None:
    client, before = client_of(manager(city.market).username), city.accepted()
    sent = shown(client)
    kinds = {value: name for name, value in sent.items() if name.endswith("-kind")}
    place = kinds["statutory"].removesuffix("-kind")
    sent |= {f"{place}-limit_value": "15", "table-source": "云政发〔2026〕3号"}
    assert client.post(ADDRESS, sent).status_code == 302
    newest = ClockTable.objects.filter(item_type="01").order_by("-version").first()
    assert newest is not None
    assert (newest.version, newest.source) == (2, "云政发〔2026〕3号")
    page = client.get(ADDRESS).content.decode()
    assert "<ins>" in page
    assert "云政发〔2026〕3号" in client.get("/office/clocks").content.decode()
    after = city.accepted()
    due = {case.id: Clock.objects.get(case=case, kind="statutory").due_on for case in (before, after)}
    assert (due[before.id], due[after.id]) == (date(2026, 3, 30), date(2026, 3, 23))


@pytest.mark.parametrize(
    ("field", "value", "beside"),
    [
        ("limit_value", "x", "limit_value"),
        ("limit_value", "", "limit_value"),
        ("extension_value", "0", "extension_value"),
        ("begins", "never", "begins"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(city: City, field: str, value: str, beside: str) -> None:
    client = client_of(manager(city.market).username)
    sent = shown(client)
    sent[f"clock-0-{field}"] = value
    answer = client.post(ADDRESS, sent)
    assert answer.status_code == 422
    assert f"id_clock-0-{beside}-error" in answer.content.decode()
    assert ClockTable.objects.filter(item_type="01").count() == 1


def test_a_table_needs_its_source_and_the_page_of_today(city: City) -> None:
    client = client_of(manager(city.market).username)
    assert client.post(ADDRESS, {**shown(client), "table-source": " "}).status_code == 422
    assert client.post(ADDRESS, {**shown(client), "table-after_version": "7"}).status_code == 422
    twice = {name.replace("clock-0", "clock-4"): value for name, value in shown(client).items() if "clock-0" in name}
    assert client.post(ADDRESS, {**shown(client), **twice}).status_code == 422
    assert ClockTable.objects.filter(item_type="01").count() == 1


def test_only_the_centre_lays_clocks_down(city: City) -> None:
    other = client_of(manager(city.health).username)
    assert other.post(ADDRESS, {**shown(other), "table-source": "x"}).status_code == 403
    assert client_of(city.head.username).get("/office/clocks").status_code == 403
    assert ClockTable.objects.filter(item_type="01").count() == 1
    week = TermLimit(value=5, unit="working_day")
    assert city.accepted(terms=Terms(item_type="01", promised=week)).clock_table_id is not None
