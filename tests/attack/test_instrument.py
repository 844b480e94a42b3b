"""What `make attack` walks and reads by itself: every page of the house, and what its log says of faults."""

import logging
from pathlib import Path

from django.urls import resolve

from bench.attack.city import City
from bench.attack.parts.advisories import ignorant
from bench.inside import addresses
from tongban.base.logging import KeyValueFormatter


def test_every_page_is_attacked_at_an_address_of_its_own() -> None:
    pages = addresses.all_of_them()
    assert len(pages) > 150
    for page in pages:
        if page["access"]:
            assert resolve(page["path"]).route == page["route"]
    paths = [page["path"] for page in pages if page["access"]]
    assert set(addresses.routes_of(paths)) == {page["route"] for page in pages if page["access"]}


def _fall() -> None:
    try:
        int("x")
    except ValueError as wrong:
        raise RuntimeError from wrong


def test_a_fault_in_the_log_is_found_and_a_warning_is_none(tmp_path: Path) -> None:
    log = tmp_path / "log"
    formatter = KeyValueFormatter()

    def line(level: int, fault: Exception | None = None) -> str:
        told = (type(fault), fault, fault.__traceback__) if fault is not None else None
        return formatter.format(logging.LogRecord("tongban", level, "x.py", 1, "words", None, told)) + "\n"

    try:
        _fall()
    except RuntimeError as fallen:
        fault = fallen
    quiet = line(logging.WARNING) + line(logging.INFO)
    log.write_text(quiet + line(logging.ERROR, fault) + quiet + line(logging.ERROR), encoding="utf-8")
    city = City("http://127.0.0.1:1", tmp_path, log, {}, None)  # type: ignore[arg-type]  # nothing is asked within
    assert [one.partition(":")[0] for one in city.faults()][:1] == ["RuntimeError"], "the last of what led to it"
    assert len(city.faults()) == 2
    assert city.faults(since=log.stat().st_size) == []
    log.write_text(quiet + "Traceback (most recent call last):\n  File\nValueError: x\n", encoding="utf-8")
    assert city.faults() == ["ValueError: x"]
    log.write_text(quiet, encoding="utf-8")
    assert city.faults() == []


def test_an_index_of_advisories_that_knows_no_old_hole_is_not_believed() -> None:
    known = {"name": "jinja2", "version": "2.10", "vulns": [{"id": "PYSEC-2019-217"}]}
    assert ignorant([known]) == ""
    assert ignorant(None)
    assert "not found" in ignorant([{"name": "jinja2", "skip_reason": "Dependency not found on the index"}])
    assert "jinja2" in ignorant([{"name": "jinja2", "version": "2.10", "vulns": []}])
    assert ignorant([])
