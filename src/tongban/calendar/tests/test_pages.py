"""The pages of those who keep the calendar."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tongban.accounts import actions as accounts
from tongban.accounts.models import Account
from tongban.base.actor import SYSTEM
from tongban.calendar import actions, queries
from tongban.calendar.models import CalendarVersion
from tongban.calendar.rules import NamedDay
from tongban.organisations import actions as organisations

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "/office/calendar/",
    "/office/calendar/2027",
    "/office/calendar/2027/notice",
    "/office/calendar/history",
    "/office/calendar/local-days",
    "/office/calendar/policies",
)
LINES = "2027-01-01至2027-01-03,元旦,休\n2027-02-20,春节,班"
DAY = {
    "day_year": "2027",
    "day_month": "4",
    "day_day": "8",
    "name": "三月三",
    "kind": "off",
    "basis": "云政发〔2027〕2号",
}
POLICY = {
    "holds_from_year": "2027", "holds_from_month": "1", "holds_from_day": "1", "office_hours": "8:30-12:00，14:00-18:00",
    "first_day": "1", "closes": "office", "months": "corresponding_day", "basis": "云政发〔2026〕9号",
}  # fmt: skip


def official(role: str) -> Client:
    now = timezone.now()
    office = organisations.create_organisation(actor=SYSTEM, name="云澜市行政审批局", slug=f"o-{role}", now=now)
    post = organisations.create_post(
        actor=SYSTEM, organisation_id=office.id, name="事项管理岗", roles=[role], is_intake=False, now=now
    )
    keeper = accounts.create_official(
        actor=SYSTEM,
        name="周管理",
        staff_number=f"K-{role}",
        username=f"keeper-{role}",
        password="right horse 马",
        now=now,
    )
    organisations.appoint(actor=SYSTEM, official_id=keeper.id, post_id=post.id, now=now)
    client = Client()
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(Account.objects.get(username=f"keeper-{role}"), backend=backend)
    return client


@pytest.fixture
def keeper(db: None) -> Client:
    return official("item_manager")


def seen(page: str) -> str:
    """Return what the page says has been seen."""
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_others_do_not_see_the_pages() -> None:
    reviewer = official("review")
    assert [reviewer.get(address).status_code for address in ADDRESSES] == [403] * len(ADDRESSES)
    assert reviewer.post("/office/calendar/2027/notice", {"days": LINES, "source": "x"}).status_code == 403
    assert "/office/calendar/" not in text(reviewer, "/office/")


def test_one_office_does_not_change_the_calendar_of_all(keeper: Client) -> None:
    """Where there is a service centre, its item managers keep the calendar; others look at it."""
    centre = organisations.create_organisation(actor=SYSTEM, name="政务服务中心", slug="centre", now=timezone.now())
    organisations.create_post(
        actor=SYSTEM,
        organisation_id=centre.id,
        name="统一收件岗",
        roles=["acceptance"],
        is_intake=True,
        now=timezone.now(),
    )
    typed = {"source": "国办发明电〔2026〕1号", "days": LINES, "step": "look"}
    page = keeper.post("/office/calendar/2027/notice", typed).content.decode()
    assert keeper.post("/office/calendar/2027/notice", {**typed, "step": "do", "seen": seen(page)}).status_code == 403
    assert queries.newest(2027) is None


def test_a_year_shows_its_days(keeper: Client) -> None:
    page = text(keeper, "/office/calendar/2026")
    assert "春节，休息" in page
    assert "春节，上班" in page
    assert page.count("<table") == 12
    assert "系统自带" in page
    assert "还没有发布" not in page
    assert "还没有发布" in text(keeper, "/office/calendar/2027")
    assert keeper.get("/office/calendar/2100").status_code == 404
    assert "/office/calendar/" in text(keeper, "/office/")


def test_a_notice_is_published_once_it_was_seen(keeper: Client) -> None:
    typed = {"source": "国办发明电〔2026〕1号", "days": LINES, "step": "look"}
    looked = keeper.post("/office/calendar/2027/notice", typed)
    page = looked.content.decode()
    assert looked.status_code == 200
    assert "2027年2月20日" in page
    assert queries.newest(2027) is None
    done = keeper.post("/office/calendar/2027/notice", {**typed, "step": "do", "seen": seen(page)})
    assert done.status_code == 302
    row = CalendarVersion.objects.get(part=2027, in_force=True)
    assert row.published_by is not None
    assert (row.source, row.published_by.name) == ("国办发明电〔2026〕1号", "周管理")
    assert queries.working_calendar().is_working(date(2027, 2, 20))
    assert "2027-01-01至2027-01-03,元旦,休" in text(keeper, "/office/calendar/2027/notice")
    assert "周管理" in text(keeper, "/office/calendar/history")


def test_other_days_than_those_seen_are_shown_first(keeper: Client) -> None:
    typed = {"source": "notice", "days": LINES, "step": "look"}
    old = seen(keeper.post("/office/calendar/2027/notice", typed).content.decode())
    other = {**typed, "days": LINES + "\n2027-02-08,春节,休", "step": "do", "seen": old}
    assert keeper.post("/office/calendar/2027/notice", other).status_code == 200
    assert queries.newest(2027) is None
    actions.publish_year(year=2028, days=[NamedDay(date(2028, 1, 3), "元旦", False)], source="x", now=timezone.now())
    assert keeper.post("/office/calendar/2027/notice", {**typed, "step": "do", "seen": old}).status_code == 200
    assert queries.newest(2027) is None


def test_a_file_takes_the_place_of_the_lines(keeper: Client) -> None:
    file = SimpleUploadedFile("2027.csv", LINES.encode("gb18030"), content_type="text/csv")
    looked = keeper.post("/office/calendar/2027/notice", {"source": "notice", "days": "", "file": file, "step": "look"})
    page = looked.content.decode()
    assert "2027-01-01至2027-01-03,元旦,休" in page
    typed = {"source": "notice", "days": LINES, "step": "do", "seen": seen(page)}
    assert keeper.post("/office/calendar/2027/notice", typed).status_code == 302
    assert len(queries.notice_of(2027)) == 4


@pytest.mark.parametrize("days", ["", "2027-02-30,春节,休", "2026-01-01,元旦,休", "2027-01-01,元旦,也许"])
def test_wrong_days_are_named_and_nothing_is_lost(keeper: Client, days: str) -> None:
    before = CalendarVersion.objects.count()
    answer = keeper.post("/office/calendar/2027/notice", {"source": "某号", "days": days, "step": "do", "seen": "x"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "某号" in page
    assert days in page
    assert "govuk-error-message" in page
    assert CalendarVersion.objects.count() == before


def test_a_local_day_is_set_and_taken_back(keeper: Client) -> None:
    looked = keeper.post("/office/calendar/local-days", {**DAY, "step": "look"})
    assert queries.local_days() == []
    done = keeper.post("/office/calendar/local-days", {**DAY, "step": "do", "seen": seen(looked.content.decode())})
    assert done.status_code == 302
    assert "三月三" in text(keeper, "/office/calendar/2027")
    assert "云政发〔2027〕2号" in text(keeper, "/office/calendar/local-days")
    assert keeper.post("/office/calendar/local-days/remove", {"day": "2027-04-08"}).status_code == 302
    assert queries.local_days() == []
    assert keeper.post("/office/calendar/local-days/remove", {"day": "2027-04-08"}).status_code == 404
    assert keeper.post("/office/calendar/local-days/remove", {"day": "never"}).status_code == 404
    assert "三月三" in text(keeper, "/office/calendar/history")


def test_policy_values_are_set_and_taken_back(keeper: Client) -> None:
    looked = keeper.post("/office/calendar/policies", {**POLICY, "step": "look"})
    assert queries.policies() == []
    done = keeper.post("/office/calendar/policies", {**POLICY, "step": "do", "seen": seen(looked.content.decode())})
    assert done.status_code == 302
    assert queries.policy(date(2027, 1, 1)).closing.hour == 18
    assert "08:30–12:00" in text(keeper, "/office/calendar/policies")
    wrong = keeper.post("/office/calendar/policies", {**POLICY, "office_hours": "9:00-8:00", "step": "look"})
    assert wrong.status_code == 422
    assert "9:00-8:00" in wrong.content.decode()
    assert keeper.post("/office/calendar/policies/remove", {"day": "2027-01-01"}).status_code == 302
    assert queries.policies() == []


def test_the_calendar_as_it_was_known(keeper: Client) -> None:
    actions.publish_year(year=2027, days=[NamedDay(date(2027, 1, 1), "元旦", False)], source="x", now=timezone.now())
    assert "还没有发布" in text(keeper, "/office/calendar/2027?as_of=2026-01-01")
    assert "还没有发布" not in text(keeper, "/office/calendar/2027?as_of=2099-01-01")
    assert "还没有发布" not in text(keeper, "/office/calendar/2027?as_of=never")


def test_the_history_asks_no_more_for_more_versions(
    keeper: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14):
        text(keeper, "/office/calendar/history")


def test_english_is_complete(keeper: Client) -> None:
    keeper.cookies["django_language"] = "en"
    for address in ADDRESSES:
        main = text(keeper, address).partition('id="main"')[2].partition("</main>")[0]
        assert "Calendar" in main or "Local" in main or "Office hours" in main or "Notice" in main
