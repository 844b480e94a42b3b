"""Divisions and organisations from files."""

import json
from pathlib import Path

import pytest

from tongban.accounts.tests.people import NOW, a_resident, credit_code
from tongban.base.actor import SYSTEM
from tongban.base.errors import Forbidden
from tongban.organisations import actions, queries
from tongban.organisations.errors import NotReadable
from tongban.organisations.models import Organisation, Post, Region

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data" / "divisions-2023.json"
TREE = [
    {
        "code": "44",
        "name": "岭南省",
        "children": [
            {
                "code": "4401",
                "name": "云汀市",
                "children": [
                    {"code": "440103", "name": "溪山区", "children": [{"code": "440103001", "name": "望江街道"}]}
                ],
            },
            {
                "code": "4419",
                "name": "无县市",
                "children": [
                    {"code": "441900", "name": "无县市", "children": [{"code": "441900003", "name": "东城街道"}]}
                ],
            },
        ],
    }
]


def _write(folder: Path, document: object, name: str = "file.json") -> Path:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def _divisions(path: Path, *, dry_run: bool = False) -> actions.ImportReport:
    return actions.import_divisions(actor=SYSTEM, path=path, dry_run=dry_run, now=NOW)


def _organisations(path: Path, *, dry_run: bool = False) -> actions.ImportReport:
    return actions.import_organisations(actor=SYSTEM, path=path, dry_run=dry_run, now=NOW)


@pytest.mark.django_db
def test_divisions_go_in_once(tmp_path: Path) -> None:
    """Dry run, run, run again; a city without counties is one region."""
    path = _write(tmp_path, TREE)
    rehearsal = _divisions(path, dry_run=True)
    assert not Region.objects.exists()
    first = _divisions(path)
    assert first.added == rehearsal.added
    assert len(first.added) == 6
    assert len(first.merged) == 1
    street = queries.region("441900003000")
    assert (street.level, street.parent_id) == (4, "441900000000")
    assert [region.name for region in queries.regions("440000000000")] == ["云汀市", "无县市"]
    again = _divisions(path)
    assert (again.added, again.changed, again.unchanged) == ([], [], 6)


@pytest.mark.django_db
def test_divisions_change_and_go_missing(tmp_path: Path) -> None:
    """A new name is written, an absent one stays and is reported, broken rows keep nobody out."""
    _divisions(_write(tmp_path, TREE))
    changed = [{"code": "44", "name": "新岭南省"}, {"code": "4x", "name": "坏"}, {"code": "4402"}, 7]
    report = _divisions(_write(tmp_path, changed))
    assert queries.region("440000000000").name == "新岭南省"
    assert len(report.missing) == 5
    assert [problem.field for problem in report.problems] == ["code", "name", ""]
    assert "row 2" in str(report)
    assert report.broken == 3


@pytest.mark.django_db
def test_divisions_as_csv_in_gb18030(tmp_path: Path) -> None:
    """As offices send them."""
    path = tmp_path / "d.csv"
    path.write_bytes("code,name\r\n44,岭南省\r\n440103,溪山区\r\n4401,云汀市\r\n".encode("gb18030"))
    assert len(_divisions(path).added) == 3
    assert queries.region("440103000000").parent_id == "440100000000"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["{", "[" * 100_000, ""])
def test_unreadable_files_are_refused(tmp_path: Path, text: str) -> None:
    """With a sentence, whatever is in them."""
    with pytest.raises(NotReadable):
        _divisions(_write(tmp_path, text))
    with pytest.raises(NotReadable):
        _divisions(tmp_path / "absent.json")


@pytest.mark.django_db
@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not beside this checkout")
def test_all_divisions_of_the_country() -> None:
    """44,699 regions; the four cities without counties are one each; a second run changes nothing."""
    report = _divisions(SHARED)
    assert (len(report.added), len(report.merged), report.broken) == (44_699, 4, 0)
    assert Region.objects.filter(level=1).count() == 31
    again = _divisions(SHARED)
    assert (len(again.added), len(again.changed), again.unchanged) == (0, 0, 44_699)


@pytest.mark.django_db
def test_organisations_go_in_once(tmp_path: Path) -> None:
    """With codes, parents named later in the file, posts and holders."""
    _divisions(_write(tmp_path, TREE))
    code = credit_code()
    rows = [
        {
            "name": "云汀市市场监督管理局溪山分局", "parent": "云汀市市场监督管理局", "region": "440103",
            "posts": [{"name": "受理岗", "roles": ["acceptance", "window"],
                       "holders": [{"name": "周明", "staff_number": "A001", "email": "zhou@example.com"}]}],
        },
        {
            "name": "云汀市市场监督管理局", "slug": "market", "credit_code": code, "region": "4401",
            "paper_prefix": "云市监", "codes": {"hunan": "0731"}, "posts": [{"name": "总收件", "roles": ["acceptance"], "is_intake": True}],
        },
    ]  # fmt: skip
    path = _write(tmp_path, {"organisations": rows})
    rehearsal = _organisations(path, dry_run=True)
    assert not Organisation.objects.exists()
    report = _organisations(path)
    assert report.added == rehearsal.added
    assert report.broken == 0, str(report)
    market = queries.organisation_by_slug("market")
    branch = Organisation.objects.get(parent=market)
    assert queries.organisation_by_code("credit_code", code) == market == queries.organisation_by_code("hunan", "0731")
    assert branch.slug == "ytsscjdglxsfj" or branch.slug.startswith("y")
    assert queries.post_for(organisation_id=branch.id, role="acceptance").name == "受理岗"
    assert [official.name for official in queries.officials_of_post(Post.objects.get(name="受理岗").id)] == ["周明"]
    assert queries.jurisdiction().region == queries.region("440100000000")
    again = _organisations(path)
    assert (again.added, again.changed, again.broken) == ([], [], 0)


@pytest.mark.django_db
def test_broken_rows_keep_nobody_out(tmp_path: Path) -> None:
    """Each says where, which field, why."""
    rows = [
        {"name": "好局"},
        {"name": ""},
        {"name": "坏码局", "credit_code": "123"},
        {"name": "无区局", "region": "99"},
        {"name": "孤局", "parent": "没有的局"},
        {"name": "坏岗局", "posts": [{"name": "岗", "roles": ["king"]}]},
        {"name": "圈甲", "slug": "a", "parent": "b"},
        {"name": "圈乙", "slug": "b", "parent": "a"},
        "text",
    ]
    report = _organisations(_write(tmp_path, rows))
    assert {problem.field for problem in report.problems} == {"name", "credit_code", "region", "parent", "roles", ""}
    assert report.broken == 7
    assert set(Organisation.objects.values_list("name", flat=True)) == {"好局", "孤局", "坏岗局", "圈甲", "圈乙"}


@pytest.mark.django_db
def test_organisations_as_csv(tmp_path: Path) -> None:
    """Codes in columns, posts in one cell."""
    code = credit_code()
    text = f"name,short_name,credit_code,code_local,posts\n云汀市民政局,民政局,{code},M01,受理岗:acceptance,review;负责人：approval\n"
    text = text.replace("acceptance,review;负责人：approval", '"').replace(
        "受理岗:", '"受理岗:acceptance,review;负责人：approval'
    )
    report = _organisations(_write(tmp_path, text, "o.csv"))
    assert report.broken == 0, str(report)
    assert queries.organisation_by_code("local", "M01")
    assert sorted(Post.objects.values_list("name", "roles")) == [
        ("受理岗", ["acceptance", "review"]),
        ("负责人", ["approval"]),
    ]


@pytest.mark.django_db
def test_residents_import_nothing(tmp_path: Path) -> None:
    """Only the system and operators."""
    _, resident = a_resident()
    path = _write(tmp_path, TREE)
    with pytest.raises(Forbidden):
        actions.import_divisions(actor=resident, path=path, now=NOW)
    with pytest.raises(Forbidden):
        actions.import_organisations(actor=resident, path=path, now=NOW)
