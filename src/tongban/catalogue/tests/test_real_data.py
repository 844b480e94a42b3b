"""The real guides of ../shared/data: all of them import, and the lessons they teach are kept."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from tongban.base.actor import SYSTEM
from tongban.catalogue import actions, queries
from tongban.catalogue.models import HandlingItem

pytestmark = pytest.mark.django_db


def test_all_guides_import_and_can_be_applied_for(shared: Path, now: datetime) -> None:
    files = list((shared / "service-guides").glob("*.json"))
    report = actions.import_guides(actor=SYSTEM, paths=[shared / "service-guides"], now=now)
    assert [report.broken, len(report.added)] == [[], len(files)]
    ready = HandlingItem.objects.filter(applicable=True, current__form__isnull=False, current__process__isnull=False)
    assert ready.count() == len(files)
    again = actions.import_guides(actor=SYSTEM, paths=[shared / "service-guides"], now=now)
    assert [again.added, again.changed, again.absent, len(again.unchanged)] == [[], [], [], len(files)]

    lost = queries.published("000709110003-02").guide
    assert [lost.statutory_limit.value, lost.statutory_limit.unit] == [60, "calendar_day"]
    assert [lost.promised_limit.value, lost.promised_limit.unit] == [15, "working_day"]
    assert lost.authority_name == "县级公安部门"

    licence = queries.published("000109140009-01").guide
    assert [licence.handling_kind, licence.promised_limit.unit] == ["on_the_spot", "on_the_spot"]

    relief = queries.published("000511001000-01").guide
    assert [relief.statutory_limit.value, relief.statutory_limit.unit] == [40, None]
    assert [one.stage for one in relief.materials].count("by_office") == 2
    assert [one.stage for one in relief.materials].count("on_site") == 1

    felling = queries.published("000164120000-01").guide
    assert len(felling.situations[0].options) == 4
    assert queries.search("开药店").hits[0].row.code == "000172005000-01"
    assert queries.search("买房过户").hits[0].row.code == "000715001007-04"


def test_the_list_of_names_imports_as_guides_to_come(shared: Path, now: datetime) -> None:
    path = shared / "service-list-guangan.json"
    number = len(json.loads(path.read_text("utf-8")))
    report = actions.import_guides(actor=SYSTEM, paths=[path], now=now)
    assert [report.broken, len(report.added)] == [[], number]
    assert not HandlingItem.objects.filter(applicable=True).exists()
    again = actions.import_guides(actor=SYSTEM, paths=[path], now=now)
    assert [again.added, again.changed, len(again.unchanged)] == [[], [], number]
    assert len(queries.departments()) == 34
    assert "食品" in queries.search("开饭店").hits[0].row.name


def test_one_thing_themes_are_not_mistaken_for_guides(shared: Path, now: datetime) -> None:
    report = actions.import_guides(actor=SYSTEM, paths=[shared / "one-thing"], now=now)
    assert [report.added, len(report.broken)] == [[], 3]
