"""What supervisors see: figures, the cases behind them, files; and what others do not."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tongban.base.cells import harmless
from tongban.cases.models import Case
from tongban.cases.tests.people import City, client_of
from tongban.insight.models import FinishedCase
from tongban.insight.rules.figures import FIGURES
from tongban.insight.tests.lives import at, decided, make_world, read_all, recuse, supervisor
from tongban.organisations.models import Organisation

pytestmark = pytest.mark.django_db

SPRING = "from=2026-03-01&to=2026-04-30"


@pytest.fixture
def watching(city: City) -> Client:
    make_world(city)
    read_all(at(4, 8))
    return client_of(supervisor(city).username)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_every_figure_of_the_page_opens_the_list_with_as_many_cases(watching: Client) -> None:
    page = text_of(watching, f"/office/figures/?{SPRING}")
    assert "75.0%" in page
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/office/figures/[a-z_]+\?[^"]+)"', page)}
    assert {link.split("/")[-1].split("?")[0] for link in links} >= {"on_time", "days_median", "online", "withdrawn"}
    assert len(links) > 25
    for link in sorted(links):
        behind = text_of(watching, link)
        assert re.search(r"[1-9]\d* 件办件</caption>", behind) or "没有办件" in behind, link
    late = text_of(watching, f"/office/figures/on_time?{SPRING}&part=rest")
    assert "1 件办件</caption>" in late
    assert Case.objects.get(decided_at=at(3, 10)).number in late


def test_the_files_say_what_the_page_says(watching: Client) -> None:
    answer = watching.get(f"/office/figures/?{SPRING}&as=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="figures-20260301-20260430.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    head, first = rows[0], rows[1]
    told = dict(zip(head, first, strict=True))
    assert (told["办结件数"], told["按时办结率"], told["减时间"]) == ("6", "0.75", "0.75")
    book = load_workbook(io.BytesIO(watching.get(f"/office/figures/?{SPRING}&as=xlsx").content))
    sheet = list(book.worksheets[0].values)
    assert [str(cell or "") for cell in sheet[1][:3]] == first[:3]
    listed = watching.get(f"/office/figures/on_time?{SPRING}&as=csv").content.decode("utf-8-sig")
    assert len(listed.strip().splitlines()) == 1 + 3


def test_no_cell_of_a_file_is_a_formula(city: City, watching: Client) -> None:
    Case.objects.update(title='=HYPERLINK("http://x","y")')
    Organisation.objects.filter(id=city.market.organisation.id).update(name="+cmd|'/c calc'!A0")
    rows = list(
        csv.reader(io.StringIO(watching.get(f"/office/figures/finished?{SPRING}&as=csv").content.decode("utf-8-sig")))
    )
    assert {row[1] for row in rows[1:]} == {'\'=HYPERLINK("http://x","y")'}
    assert {row[2] for row in rows[1:]} == {"'+cmd|'/c calc'!A0"}
    book = load_workbook(io.BytesIO(watching.get(f"/office/figures/finished?{SPRING}&as=xlsx").content))
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert "f" not in kinds


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_what_a_spreadsheet_would_reckon_is_quoted(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("店招 = 一块") == "店招 = 一块"
    assert harmless(-3) == -3


def test_a_case_from_which_the_supervisor_stands_aside_counts_without_its_number(city: City) -> None:
    watcher = supervisor(city)
    case = decided(city, at(3, 2), at(3, 4))
    other = decided(city, at(3, 2), at(3, 5))
    recuse(city, watcher, case)
    read_all(at(3, 6))
    client = client_of(watcher.username)
    page = text_of(client, f"/office/figures/finished?{SPRING}")
    assert "2 件办件</caption>" in page
    assert "您已回避此件" in page
    assert other.number in page
    assert case.number not in page
    assert case.number not in client.get(f"/office/figures/finished?{SPRING}&as=csv").content.decode()


def test_only_supervisors_see_figures_and_only_of_their_reach(city: City, watching: Client) -> None:
    for username in (city.head.username, city.desk.username, city.lin.username):
        assert client_of(username).get(f"/office/figures/?{SPRING}").status_code == 403
    assert Client().get(f"/office/figures/?{SPRING}").status_code == 302
    FinishedCase.objects.update(organisation_id=Organisation.objects.create(name="别的城市", slug="elsewhere").id)
    city.market.posts["acceptance"].is_intake = False
    city.market.posts["acceptance"].save()
    page = text_of(watching, f"/office/figures/?{SPRING}&organisation={FinishedCase.objects.first().organisation_id}")  # type: ignore[union-attr]  # there are six
    assert "此范围内没有办结件" in page


@pytest.mark.parametrize(
    "address",
    ["from=yesterday", "from=2026-04-30&to=2026-03-01", "organisation=x", "post=%00", "item=%00'", "by=x", "to=9999-12-31", "channel=x", "page=x"],
)  # fmt: skip
def test_what_cannot_be_read_is_said_or_left_out(watching: Client, address: str) -> None:
    text_of(watching, f"/office/figures/?{address}")
    text_of(watching, f"/office/figures/on_time?{address}")


def test_a_figure_that_is_not_there_is_not_found(watching: Client) -> None:
    assert watching.get("/office/figures/nothing").status_code == 404


def test_more_cases_and_offices_cost_no_more_queries(city: City, watching: Client) -> None:
    for address in (f"/office/figures/?{SPRING}&by=item", f"/office/figures/finished?{SPRING}"):
        text_of(watching, address)
        with CaptureQueriesContext(connection) as few:
            text_of(watching, address)
        for number in range(3):
            case = decided(city, at(3, 2), at(3, 4 + number))
            read_all(at(3, 20))
            FinishedCase.objects.filter(case=case).update(item_code=f"Z{number}", post_id=None)
        with CaptureQueriesContext(connection) as more:
            text_of(watching, address)
        assert len(more) == len(few), address


def test_every_figure_has_a_meaning_in_chinese(watching: Client) -> None:
    page = text_of(watching, f"/office/figures/?{SPRING}")
    for figure in FIGURES.values():
        assert str(figure.name) in page
        assert not re.search("[A-Za-z]", str(figure.meaning)), figure.key
