"""A resident gets a real matter done, and three offices' people do their part: in the browser, on a running city."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journey.city import City, running_city
from tests.journey.official import Official
from tests.journey.resident import Resident
from tests.journey.window import Findings, Screen, Window
from tongban.site.demo.offices import credit_code
from tongban.site.demo.samples import sample_pdf, sample_scan


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    """Start the city once for this file."""
    with running_city() as city:
        yield city


@pytest.fixture
def findings(tmp_path: Path) -> Findings:
    """Collect what is found on the pages."""
    folder = tmp_path / "pages"
    folder.mkdir()
    return Findings(folder)


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """Return what the resident has at home, by the material's key."""
    scan = tmp_path / "租赁合同 扫描件.png"
    scan.write_bytes(sample_scan("租赁合同"))
    found = {"lease": scan}
    for key, name in (("layout", "布局图"), ("rules", "管理制度")):
        found[key] = tmp_path / f"{name}.pdf"
        found[key].write_bytes(sample_pdf(name))
    return found


@dataclass(frozen=True)
class Way:
    """How one test plays the journey: who it is, and through which windows."""

    name: str
    born: str
    email: str
    enterprise: str
    code: str
    resident: Screen
    officials: Screen
    script: bool


WAYS = (
    Way(
        "林·榆木",
        "19880214",
        "yuwei@example.com",
        "云汀市榆味小馆",
        "91990102MA00J0001",
        "phone",
        "desktop",
        script=True,
    ),
    Way(
        "周槐序",
        "19790909",
        "huaixu@example.com",
        "云汀市槐序茶社",
        "91990102MA00J0002",
        "desktop",
        "phone",
        script=False,
    ),
)


@pytest.mark.parametrize("way", WAYS, ids=("phone", "desktop-without-script"))
def test_a_resident_gets_a_licence(
    browser: Browser, city: City, findings: Findings, papers: dict[str, Path], tmp_path: Path, way: Way
) -> None:
    window = Window(browser, city.address, findings, who="resident", screen=way.resident, script=way.script)
    resident = Resident(way.name, way.born, way.email, way.enterprise, credit_code(way.code), window, city, tmp_path)
    apply(resident, papers)
    receipt = words_of(resident.paper("接收回执"))
    assert resident.number in receipt
    assert resident.enterprise in receipt

    desk, review, check, head = (
        Official(username, Window(browser, city.address, findings, who="official", screen=way.officials))
        for username in ("demo-shouli", "demo-shencha", "demo-hecha", "demo-shenpi")
    )
    ask_for_a_better_plan(desk, resident, papers)
    accept(desk, resident)
    examine_side_by_side(review, check, resident)
    decide(head, resident)
    receive_the_result(resident)
    resident.rate()
    head.window.go(f"/office/cases/{resident.number}", "case-rated")
    head.window.shows("一次都没有跑，谢谢。")
    found = findings.all()
    assert not found, "\n".join(found)


def apply(resident: Resident, papers: dict[str, Path]) -> None:
    """Go from the home page to the receipt."""
    resident.find_the_matter()
    resident.open_an_account()
    resident.add_own_enterprise()
    resident.begin()
    resident.fill_the_form()
    resident.hand_in_materials(papers)
    resident.submit()


def ask_for_a_better_plan(desk: Official, resident: Resident, papers: dict[str, Path]) -> None:
    """The acceptance desk asks for one material again; the resident answers."""
    desk.sign_in()
    desk.open_case(resident.number, "case-acceptance")
    desk.window.shows(resident.enterprise, "榆味小馆")
    desk.take()
    desk.step("supplement", {}, "case-supplement-empty")
    desk.step(
        "supplement",
        {"point-material:layout": True, "words-material:layout": "布局图看不清，请重新拍一张。"},
        "inbox-supplement",
    )
    resident.city.letters.wait_for(resident.email, "补正")
    resident.answer_the_supplement(papers["layout"])


def accept(desk: Official, resident: Resident) -> None:
    """The case comes back to the acceptance desk and is accepted."""
    desk.open_case(resident.number, "case-answered")
    desk.step("accept", {}, "inbox-accepted")
    resident.city.letters.wait_for(resident.email, "受理")
    resident.follow("follow-accepted")
    resident.window.shows("材料审查", "现场核查")


def examine_side_by_side(review: Official, check: Official, resident: Resident) -> None:
    """Two officials examine at the same time; an opinion that lacks its finding is asked for."""
    review.sign_in()
    check.sign_in()
    review.open_case(resident.number, "case-review")
    check.open_case(resident.number, "case-check")
    review.take()
    review.step("review", {"opinion": "材料齐全，内容一致。"}, "case-review-unfinished")
    review.step("review", {"choice": "agree"}, "inbox-reviewed")
    check.take()
    check.step("review", {"choice": "pass", "opinion": "现场符合要求。"}, "inbox-checked")


def decide(head: Official, resident: Resident) -> None:
    """The head grants it, seeing the opinions."""
    head.sign_in()
    head.open_case(resident.number, "case-decision")
    assert "材料齐全，内容一致。" in str(head.window.page.content())
    head.take()
    head.step("decide", {"outcome": "granted", "reasons": "符合法定条件，准予许可。"}, "inbox-decided")


def receive_the_result(resident: Resident) -> None:
    """A letter says that the result is there; the paper is whole."""
    resident.city.letters.wait_for(resident.email, "结果")
    resident.follow("follow-result")
    paper = resident.paper("下载结果（PDF）")
    said = words_of(paper)
    for words in ("食品经营许可证", resident.enterprise, "榆味小馆", "有效期"):
        assert words in said, said
    assert re.search(r"〔20\d\d〕\s*\d+\s*号", said), said
    assert_typefaces_embedded(paper)


def words_of(paper: Path) -> str:
    """Return the words of a PDF, as poppler reads them."""
    return subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True).stdout  # noqa: S607 - poppler, from the system


def assert_typefaces_embedded(paper: Path) -> None:
    """Demand that every typeface travels in the file (the column `emb` of poppler's pdffonts)."""
    table = subprocess.run(["pdffonts", str(paper)], capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S607 - likewise
    faces = [line.split() for line in table[2:]]
    assert faces
    assert all(face[-5] == "yes" for face in faces), table


def test_a_data_steward_looks_through_what_is_shared(browser: Browser, city: City, findings: Findings) -> None:
    steward = Official(
        "demo-gongan-sj", Window(browser, city.address, findings, who="official", screen="phone", script=True)
    )
    steward.sign_in()
    window = steward.window
    window.go("/office/data/", "data-catalogue")
    window.shows("人口基础信息", "云汀市公安局")
    window.go("/office/data/resources/population", "data-resource")
    window.shows("现住址", "有条件共享", "《中华人民共和国居民身份证法》第十九条")
    window.go("/office/data/grants/", "data-grants")
    window.shows("核对高龄津贴申请人的年龄和户籍")
    address = window.page.locator('td a[href^="/office/data/grants/"]').first.get_attribute("href")
    window.go(str(address), "data-grant")
    window.go("/office/data/log/", "data-log")
    found = findings.all()
    assert not found, "\n".join(found)
