from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import openpyxl
import pytest

from tongban.base.actor import NOBODY, SYSTEM
from tongban.base.errors import Forbidden
from tongban.catalogue import actions, queries
from tongban.catalogue.errors import ImportRefused
from tongban.catalogue.importing import mapping, values
from tongban.catalogue.models import HandlingItem, HandlingVersion
from tongban.catalogue.tests.conftest import DATA, NOW
from tongban.catalogue.tests.importing import changed_fixture, guide, taken_in, written
from tongban.organisations import actions as organisations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class TestGuidesWithColumns:
    def test_everything_stated_is_kept(self) -> None:
        report = taken_in(DATA / "guides")
        assert report.broken == []
        assert [one.identity.code for one in report.added] == ["X00172009001-02", "X00172009001-01"]
        found = guide("X00172009001-01")
        assert found.authority_name == "县级市场监管部门"
        assert found.item_type == "07"
        assert found.audiences == ("person", "enterprise")
        assert [found.statutory_limit.value, found.statutory_limit.unit] == [20, None]
        assert [found.promised_limit.value, found.promised_limit.unit] == [7, "working_day"]
        assert [found.handling_kind, found.handling_kind_is_default] == ["promised", True]
        assert found.channels == ("window", "web")
        assert [(item.label, item.amount_fen) for item in found.fees[0].items] == [("正本", 1000), ("副本", 550)]
        assert [(law.law, law.article) for law in found.legal_basis] == [
            ("《虚构省社区餐饮条例》", "第3、4条"),
            ("《虚构省社区餐饮条例》", "第9条"),
        ]
        assert found.result.kind == "licence"

    def test_amounts_that_stand_in_words_make_none_of_them_certain(self, tmp_path: Path) -> None:
        charges = [
            {
                "feename": "检测费",
                "items": [["个人", 10, "元"], ["单位", "面议", ""]],
                "chargeBylaw": "",
                "isMinus": "否",
            }
        ]
        taken_in(changed_fixture(tmp_path, chargeList=charges))
        [fee] = guide("X00172009001-01").fees
        assert [item.amount_fen for item in fee.items] == [1000]
        assert "面议" in fee.standard
        assert fee.partly_in_words

    def test_materials_are_not_simply_required_or_not(self) -> None:
        taken_in(DATA / "guides")
        materials = {one.name: one for one in guide("X00172009001-01").materials}
        assert [materials["营业执照"].need, materials["营业执照"].exemption] == ["may_follow", "electronic_licence"]
        assert materials["入户核查表"].stage == "on_site"
        assert [materials["信用承诺"].need, materials["信用承诺"].exemption] == ["credit_exempt", "promise"]
        assert [materials["未知材料"].need, materials["未知材料"].need_stated] == ["optional", "按需"]
        assert materials["单位的场所说明"].copies == 2

    def test_papers_that_exclude_each_other_become_a_question(self) -> None:
        taken_in(DATA / "guides")
        found = guide("X00172009001-01")
        assert [option.label for option in found.situations[0].options] == ["个人", "单位", "以上都不是"]
        applied = queries.applied(found, situation={"applicant_is": "case1"}, applicant_kind="person")
        names = {material.name for material in applied.materials}
        assert "个人的场所说明" in names
        assert "单位的场所说明" not in names

    def test_on_the_spot_is_read_where_the_source_says_so(self) -> None:
        taken_in(DATA / "guides")
        found = guide("X00172009001-02")
        assert [found.handling_kind, found.promised_limit.unit, found.promised_limit.value] == [
            "on_the_spot",
            "on_the_spot",
            None,
        ]
        assert not found.handling_kind_is_default

    def test_all_of_them_can_be_applied_for(self) -> None:
        taken_in(DATA / "guides")
        assert HandlingItem.objects.filter(applicable=True).count() == 2

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"unifyName": ""}, "unifyName"),
            ({"unifyName": None}, "unifyName"),
            ({"unifyName": ["x", {"y": 1}]}, "unifyName"),
            ({"unifyName": "长" * 301}, "unifyName"),
            ({"unifyId": ""}, "unifyId"),
            ({"minSeq": "一次"}, "minSeq"),
            ({"minSeq": -1}, "minSeq"),
            ({"materialList": [["只有一个值"]]}, "materialList[1]"),
            ({"materialList": "x" * 10, "materialColumns": {"a": 1}}, "materialColumns"),
            ({"materialList": {"a": 1}}, "materialList"),
            ({"materialList": [["", "必要", "原件", 1, "其他", "无", None, "其他", "注"]]}, "materialList[1]"),
            ({"materialList": [["甲", "必要", "原件", "很多", "其他", "无", None, "其他", None]]}, "copiesNum"),
            ({"acceptanceCondition": {"a": 1}}, "acceptanceCondition"),
        ],
    )
    def test_what_is_broken_is_named_and_kept_out(self, tmp_path: Path, changes: dict[str, Any], field: str) -> None:
        report = taken_in(changed_fixture(tmp_path, **changes), DATA / "guides" / "dangchang-zhengming.json")
        assert [(one.file, one.row, one.field) for one in report.broken] == [("guide.json", 1, field)]
        assert len(report.added) == 1
        assert "guide.json" in str(report)

    def test_unknown_codes_are_remarked_and_not_guessed(self, tmp_path: Path) -> None:
        report = taken_in(changed_fixture(tmp_path, typeName="新类型", isCharge="看情况", serveObject="飞鸟"))
        assert {one.field for one in report.remarks} >= {"typeName", "isCharge", "serveObject", "approveLimit.value"}
        found = guide("X00172009001-01")
        assert [found.item_type, found.charges, found.audiences] == ["", None, ("person", "enterprise")]


class TestListOfNames:
    def test_only_names_are_guides_to_come(self) -> None:
        report = taken_in(DATA / "list.json")
        assert [(one.row, one.field) for one in report.broken] == [(3, "name")]
        assert [one.guide.has_guide for one in report.added] == [False, False]
        item = queries.item("G-007-001-990102000000-000-119902-1-00")
        assert not item.applicable
        assert item.service_item.catalogue_item.code == "G-007-001"
        assert item.service_item.authority_name == "虚构区民政局"
        assert item.service_item.organisation is None
        assert "guide to come" in str(report)


class TestExchangeFields:
    def test_nested(self) -> None:
        report = taken_in(DATA / "exchange.json")
        assert report.broken == []
        assert [one.field for one in report.left_out] == ["停放证注销(虚构)"]
        found = guide("T-1-01")
        assert [found.promised_limit.value, found.promised_limit.unit] == [3, "working_day"]
        assert [found.handling_kind, found.handling_kind_is_default] == ["promised", False]
        assert found.themes == ("transport",)
        assert [step.name for step in found.steps] == ["申请", "受理", "审查", "决定"]
        assert [(one.name, one.need) for one in found.materials] == [("行驶证", "required"), ("委托书", "optional")]
        assert found.fees[0].items[0].amount_fen == 1000
        assert found.questions[0].answer == "三天。"
        assert found.places[0].address == "虚构路1号"
        assert found.conditions == ("有车", "有位")

    def test_rows_of_a_sheet_in_gbk(self, tmp_path: Path) -> None:
        content = (DATA / "exchange.csv").read_text("utf-8").encode("gbk")
        report = taken_in(written(tmp_path, "exchange.csv", content))
        assert [(one.row, one.field) for one in report.broken] == [(5, "task_name"), (6, "material_name")]
        assert [one.name for one in guide("C-1").materials] == ["身份证", "摊位照片"]
        assert [guide("C-1").promised_limit.value, guide("C-1").promised_limit.unit] == [5, None]
        assert guide("C-2").handling_kind == "on_the_spot"

    def test_sheets_joined_by_code(self, tmp_path: Path) -> None:
        path = tmp_path / "items.xlsx"
        book = openpyxl.Workbook()
        base, materials, extend = book.active, book.create_sheet("材料"), book.create_sheet("extend")
        assert base is not None
        base.append(["task_code", "task_name", "task_type", "server_type", "promise_day", "promise_type"])
        base.append(["E-1", "养蜂登记(虚构)", 20, "自然人", 3, "工作日"])
        materials.append(["task_code", "material_name", "is_need"])
        materials.append(["E-1", "蜂箱照片", "必要"])
        materials.append(["E-9", "无主材料", "必要"])
        extend.append(["task_code", "is_online", "link_way"])
        extend.append(["E-1", "1", "0999-7654321"])
        book.save(path)
        report = taken_in(path)
        assert [(one.file, one.row, one.field) for one in report.broken] == [("items.xlsx[材料]", 3, "task_code")]
        found = guide("E-1")
        assert [found.materials[0].name, found.online, found.consult_phone] == ["蜂箱照片", True, "0999-7654321"]

    def test_formulas_are_reported_and_not_worked_out(self, tmp_path: Path) -> None:
        path = tmp_path / "items.xlsx"
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(["task_code", "task_name"])
        book.active.append(["E-1", "=HYPERLINK(A1)"])
        book.active.append(["E-2", "登记(虚构)"])
        book.save(path)
        report = taken_in(path)
        assert [(one.row, one.field) for one in report.broken] == [(2, "task_name")]
        assert len(report.added) == 1


class TestRuns:
    def test_a_dry_run_says_what_the_real_one_does_and_does_nothing(self) -> None:
        planned = taken_in(DATA, dry_run=True)
        assert not HandlingItem.objects.exists()
        done = taken_in(DATA)
        assert [one.identity.code for one in planned.added] == [one.identity.code for one in done.added]
        assert "nothing was done" in str(planned)
        assert "nothing was done" not in str(done)

    def test_a_second_run_changes_nothing(self) -> None:
        first = taken_in(DATA)
        before = list(HandlingItem.objects.order_by("id").values_list("id", "changed_at", "current_id"))
        second = taken_in(DATA)
        assert [second.added, second.changed, len(second.unchanged)] == [[], [], len(first.added)]
        assert list(HandlingItem.objects.order_by("id").values_list("id", "changed_at", "current_id")) == before

    def test_a_change_makes_a_version(self, tmp_path: Path) -> None:
        taken_in(DATA / "guides")
        report = taken_in(changed_fixture(tmp_path, minSeq=1))
        assert [len(report.added), len(report.changed)] == [0, 1]
        assert HandlingVersion.objects.filter(handling_item__code="X00172009001-01").count() == 2

    def test_what_is_absent_is_cancelled_only_if_asked(self) -> None:
        taken_in(DATA / "guides")
        one = DATA / "guides" / "hezuo-canting.json"
        report = taken_in(one)
        assert [report.absent, report.withdrawn] == [[("X00172009001-02", "居民证明当场开具(虚构)")], []]
        assert HandlingItem.objects.exclude(state="cancelled").count() == 2
        assert len(taken_in(one, withdraw=True).withdrawn) == 1
        assert queries.item("X00172009001-02").state == "cancelled"
        assert taken_in(one).absent == []
        assert len(taken_in(DATA / "guides").changed) == 1
        assert queries.item("X00172009001-02").state == "in_use"

    def test_nothing_is_withdrawn_while_something_cannot_be_read(self, tmp_path: Path) -> None:
        taken_in(DATA / "guides")
        report = taken_in(changed_fixture(tmp_path, unifyName=""), withdraw=True)
        assert report.withdrawn == []
        assert HandlingItem.objects.filter(state="cancelled").count() == 0

    def test_two_localities_may_use_the_same_codes(self, tmp_path: Path) -> None:
        taken_in(DATA / "guides" / "hezuo-canting.json")
        taken_in(changed_fixture(tmp_path, unifyId="FIXTURE-OTHER"))
        codes = set(HandlingItem.objects.values_list("code", flat=True))
        assert len(codes) == 2
        assert "X00172009001-01" in codes

    def test_the_organisation_given_handles_them(self) -> None:
        office = organisations.create_organisation(actor=SYSTEM, name="虚构市市场监管局", slug="scjg", now=NOW)
        taken_in(DATA / "guides", organisation="scjg", region="9901")
        item = queries.item("X00172009001-01")
        assert item.service_item.organisation_id == office.id
        assert item.service_item.region_code == "990100000000"

    @pytest.mark.parametrize("options", [{"organisation": "nobody"}, {"region": "x"}, {"mapping": Path("/no/such")}])
    def test_wrong_options_are_refused_in_a_sentence(self, options: dict[str, Any]) -> None:
        with pytest.raises(ImportRefused) as refusal:
            taken_in(DATA, **options)
        assert str(refusal.value).endswith(".")
        assert not HandlingItem.objects.exists()

    def test_only_item_managers_import(self) -> None:
        with pytest.raises(Forbidden):
            actions.import_guides(actor=NOBODY, paths=[DATA], now=NOW)


MAPPING = """
name: own
source: own
recognise: {all: [bh, mc]}
identity: {key: bh, code: bh, catalogue_code: bh, authority_name: bm}
fields:
  name: mc
  audiences: {from: dx, split: "|", codes: {g: person, q: enterprise}}
  levels: {constant: 县级}
limits:
  promised_limit: {value: sx.z, unit: {from: sx.dw, codes: {g: working_day}}}
materials:
  rows: cl
  fixed_columns: [n, b]
  fields: {name: n, need: {from: b, codes: {"1": required, "2": optional}}}
unused: [bz]
"""


class TestOwnMappings:
    RECORD: ClassVar[dict[str, object]] = {
        "bh": "A1",
        "mc": "自定事项",
        "bm": "自定局",
        "dx": "g|q",
        "sx": {"z": 2, "dw": "g"},
        "cl": [["甲", 1], ["乙", "2"]],
        "bz": "",
        "qt": 1,
    }

    @pytest.mark.parametrize("suffix", ["yaml", "toml"])
    def test_a_mapping_file(self, tmp_path: Path, suffix: str) -> None:
        text = MAPPING if suffix == "yaml" else _as_toml()
        path = written(tmp_path, f"own.{suffix}", text)
        report = taken_in(written(tmp_path, "data.json", [self.RECORD]), mapping=path)
        assert report.broken == []
        found = guide("A1")
        assert [found.audiences, found.levels, found.promised_limit.unit] == [
            ("person", "enterprise"),
            "县级",
            "working_day",
        ]
        assert [one.need for one in found.materials] == ["required", "optional"]
        assert any("qt" in one.reason for one in report.remarks)

    def test_without_it_the_shape_is_unknown(self, tmp_path: Path) -> None:
        report = taken_in(written(tmp_path, "data.json", [self.RECORD]))
        assert "bh, mc" in report.broken[0].reason

    @pytest.mark.parametrize(
        "text", ["{", "name: x", "- 1", "a: &a [*a, *a]", "\x00", "name: !!python/object/apply:os.system [ls]"]
    )
    def test_a_wrong_mapping_is_refused_in_a_sentence(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(ImportRefused):
            mapping.read_mapping(written(tmp_path, "m.yaml", text))


def _as_toml() -> str:
    return """
name = "own"
source = "own"
recognise = {all = ["bh", "mc"]}
identity = {key = "bh", code = "bh", catalogue_code = "bh", authority_name = "bm"}
unused = ["bz"]
[fields]
name = "mc"
audiences = {from = "dx", split = "|", codes = {g = "person", q = "enterprise"}}
levels = {constant = "县级"}
[limits]
promised_limit = {value = "sx.z", unit = {from = "sx.dw", codes = {g = "working_day"}}}
[materials]
rows = "cl"
fixed_columns = ["n", "b"]
fields = {name = "n", need = {from = "b", codes = {1 = "required", 2 = "optional"}}}
"""


@pytest.mark.parametrize(
    ("written_as", "value", "unit"),
    [
        ("5", 5, ""), ("5个工作日", 5, "working_day"), ("20 工作日", 20, "working_day"), ("60日", 60, "calendar_day"), ("3个月", 3, "month"),
        ("24小时", 24, "hour"), ("即办", None, "on_the_spot"), ("当场办结", None, "on_the_spot"), ("１５", 15, ""), ("5.0", 5, ""), ("五天", None, ""), ("-3", None, ""), ("99999999999", None, ""), ("", None, ""),
    ],
)  # fmt: skip
def test_limits_as_written(written_as: str, value: int | None, unit: str) -> None:
    assert values.limit_value(written_as) == (value, unit)


def test_the_shipped_mappings_are_sound(now: datetime) -> None:
    assert {one.name for one in mapping.shipped()} == {"hunan-guides", "guangan-list", "exchange"}
