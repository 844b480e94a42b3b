import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongban.catalogue import actions
from tongban.catalogue.tests.conftest import DATA
from tongban.catalogue.tests.importing import changed_fixture, taken_in, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def _bomb(folder: Path) -> Path:
    path = folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 1024 * 1024))
    return path


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.json", "[" * 100_000),
            ("a.json", '{"a":' * 60 + "1" + "}" * 60),
            ("a.json", b"\x00\x01\x02\xff\xfe\xff"),
            ("a.json", "{not json"),
            ("a.json", "9" * 10_000),
            ("a.json", '"text"'),
            ("a.json", "[1, null, []]"),
            ("a.json", ""),
            ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00"),
            ("a.csv", 'task_name\n"' + "x" * 200_000 + '"'),
            ("a.csv", ",".join(["a"] * 600) + "\n1"),
            ("a.xlsx", b"PK\x03\x04 no zip"),
            ("a.xlsx", "text"),
            ("a.txt", "text"),
        ],
    )
    def test_are_refused_in_a_sentence_while_the_rest_goes_in(
        self, tmp_path: Path, name: str, content: str | bytes
    ) -> None:
        report = taken_in(written(tmp_path, name, content), DATA / "guides" / "dangchang-zhengming.json")
        assert report.broken
        assert all(one.file == name and one.reason for one in report.broken)
        assert len(report.added) == 1

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        report = taken_in(_bomb(tmp_path))
        assert "unpacks" in report.broken[0].reason

    def test_an_external_entity_is_not_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        book = openpyxl.Workbook()
        book.save(path)
        evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        with zipfile.ZipFile(path, "w") as new:
            for name, content in parts.items():
                new.writestr(name, evil if name.endswith("sheet1.xml") else content)
        report = taken_in(path)
        assert [one.row for one in report.broken] == [0]

    def test_what_is_not_there(self, tmp_path: Path) -> None:
        assert [one.row for one in taken_in(tmp_path / "no.json", tmp_path).broken] == [0, 0]

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.dictionaries(
            st.sampled_from(
                [
                    "unifyName",
                    "approveLimit",
                    "materialList",
                    "chargeList",
                    "according",
                    "minSeq",
                    "isCharge",
                    "serveObject",
                    "processSteps",
                    "zjfwList",
                    "resultSampleName",
                    "transactionFrom",
                ]
            ),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
                max_leaves=6,
            ),
        )
    )
    def test_no_shape_of_a_value_makes_it_fail(self, tmp_path: Path, changes: dict[str, Any]) -> None:
        report = actions.plan_import(paths=[changed_fixture(tmp_path, **changes)])
        assert len(report.items) + len(report.broken) >= 1
