"""How the days are counted: the same count on the pages of both sides and in the API, today and as of another day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from tongban.base.actor import SYSTEM
from tongban.base.errors import Invalid
from tongban.calendar import actions as calendar
from tongban.calendar.rules.settling import LocalDay
from tongban.cases import actions, queries
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case, Clock
from tongban.cases.queries import Count
from tongban.cases.tests.people import NOW, City, client_of, open_task, resident
from tongban.ledger import actions as ledger

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SPRING = datetime(2026, 2, 10, 10, 0, tzinfo=NOW.tzinfo) - timedelta(hours=8)
"""Tuesday before the Spring Festival (15 to 23 February; 14 and 28 February are worked)."""
TODAY = date(2026, 3, 12)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> datetime:
    at = NOW + 10 * DAY
    for door in ("web.counting", "web.resident", "web.desk", "api.clocks", "api.routes"):
        monkeypatch.setattr(f"tongban.cases.{door}.now", lambda: at)
    return at


def suspended(city: City, *, over: bool = False) -> Case:
    """Return a case accepted on Monday, 2 March, whose expert review began on the 3rd and, if `over`, ended on the 10th."""
    case = city.accepted()
    suspension = actions.begin_procedure(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        procedure="expert_review",
        ground="需要专家评审",
        expected=TermLimit(value=5, unit="working_day"),
        now=NOW + DAY,
    )
    if over:
        task = open_task(case, "review")
        actions.resume(
            actor=city.reviewer.actor, task=task, suspension_id=suspension.id, outcome="同意", now=NOW + 8 * DAY
        )
    return case


def count(case: Case, as_of: date | None = None, kind: str = "statutory") -> Count:
    found = queries.counts_of(Case.objects.get(id=case.id), today=TODAY, as_of=as_of, for_applicant=False)
    return next(one for one in found.counts if one.shown.kind == kind)


def test_each_day_counts_or_has_its_reason(city: City) -> None:
    case = suspended(city, over=True)
    found = count(case)
    assert found.shown.due_on == Clock.objects.get(case=case, kind="statutory").due_on == date(2026, 4, 7)
    numbers = {one.day: one.number for one in found.days}
    assert found.days[0].day == date(2026, 3, 2)
    assert numbers[date(2026, 3, 2)] is None
    assert numbers[date(2026, 3, 3)] is None
    assert (numbers[date(2026, 3, 10)], numbers[date(2026, 4, 7)]) == (1, 20)
    assert sum(number is not None for number in numbers.values()) == 20
    assert all(one.words for one in found.days if one.number is None)
    assert (found.use.total, found.use.used, found.use.left) == (20, 3, 17)
    reasons = {one.day: (one.reason, one.words) for one in found.days}
    assert reasons[date(2026, 3, 5)] == ("stopped", "需要专家评审")
    assert reasons[date(2026, 4, 6)] == ("holiday", "清明节")
    assert reasons[date(2026, 3, 14)] == ("weekend", "周末")


def test_a_weekend_worked_for_a_holiday_counts_and_says_so(city: City) -> None:
    case = city.case(now=SPRING)
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=SPRING)
    days = {one.day: one for one in count(case).days}
    assert (days[date(2026, 2, 14)].reason, days[date(2026, 2, 14)].number) == ("moved_working_day", 4)
    assert "春节" in days[date(2026, 2, 14)].words
    assert days[date(2026, 2, 17)].words == "春节"


def test_as_of_another_day_only_what_had_happened_counts(city: City) -> None:
    case = suspended(city, over=True)
    before, during = count(case, date(2026, 3, 2)), count(case, date(2026, 3, 6))
    assert (before.shown.state, before.shown.due_on, before.use.used) == ("running", date(2026, 3, 30), 0)
    assert (during.shown.state, during.shown.days_left, during.use.left) == ("stopped", 20, 20)
    assert during.days[-1].day == date(2026, 3, 6)
    assert during.shown.stands_since == NOW + DAY
    ahead = count(case, date(2026, 3, 20))
    assert (ahead.shown.due_on, ahead.use.used) == (date(2026, 4, 7), 9)
    notice = {as_of: count(case, as_of, "notice").shown.state for as_of in (date(2026, 3, 2), date(2026, 3, 6))}
    assert notice == {date(2026, 3, 2): "met", date(2026, 3, 6): "met"}
    for impossible in (date(2026, 3, 1), date(2027, 6, 1)):
        with pytest.raises(Invalid):
            count(case, impossible)


def test_a_clock_that_ended_later_was_running_then(city: City) -> None:
    case = city.case()
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW + 2 * DAY)
    assert count(case, date(2026, 3, 3), "notice").shown.state == "running"
    assert count(case, date(2026, 3, 4), "notice").shown.state == "met"
    found = queries.counts_of(case, today=TODAY, as_of=date(2026, 3, 3), for_applicant=False)
    assert {one.shown.kind for one in found.counts} == {"notice"}


def test_an_extension_counts_from_its_day_on(city: City) -> None:
    case = city.accepted()
    actions.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons="复杂", now=NOW)
    task = open_task(case, "approval")
    actions.answer_approval(actor=city.head.actor, task=task, granted=True, now=NOW + 2 * DAY)
    assert count(case, date(2026, 3, 3)).use.total == 20
    after = count(case, date(2026, 3, 4))
    assert (after.use.total, after.shown.due_on) == (30, date(2026, 4, 14))
    assert any("复杂" in sentence for sentence in after.shown.sentences)


def test_hours_are_counted_in_hours(city: City) -> None:
    terms = Terms(item_type="07", promised=TermLimit(value=30, unit="working_hour"))
    case = city.accepted(terms=terms)
    found = count(case, date(2026, 3, 3), "promised")
    # 10 to 12 and 13 to 17 o'clock on Monday, 9 to 12 and 13 to 17 on Tuesday
    assert (found.use.total, found.use.used, found.use.unit) == (30, 13, "working_hour")


def test_the_pages_and_the_interface_tell_the_same(city: City, today: datetime) -> None:
    case = suspended(city, over=True)
    lin, reviewer = client_of(city.lin.username), client_of(city.reviewer.username)
    own = lin.get(reverse("cases:clocks", args=[case.number])).content.decode()
    office = reviewer.get(reverse("cases:office-clocks", args=[case.number])).content.decode()
    told: dict[str, Any] = lin.get(f"/api/v1/cases/{case.number}/clocks").json()
    law = next(clock for clock in told["clocks"] if clock["kind"] == "statutory")
    paragraph = "".join(law["explanation"])
    follow = lin.get(reverse("cases:follow", args=[case.number])).content.decode()
    desk = reviewer.get(reverse("cases:case", args=[case.number])).content.decode()
    for page in (own, office, follow, desk):
        assert paragraph in page
    assert "截至2026年3月12日（含当日），共 20 个工作日，已用 3 个工作日，还剩 17 个工作日。" in paragraph
    assert law["stops"][0]["paper"]["number"] in paragraph
    assert (law["total"], law["used"], law["left"], len(law["days"])) == (20, 3, 17, 37)
    assert "tb-days__day--stopped" in own


def test_as_if_today_were_another_day_on_page_and_interface(city: City, today: datetime) -> None:
    case = suspended(city, over=True)
    lin = client_of(city.lin.username)
    address = reverse("cases:clocks", args=[case.number])
    page = lin.get(f"{address}?as_of=2026-03-06").content.decode()
    assert "2026年3月3日起暂停" in page
    assert "恢复后还剩 20 个工作日" in page
    assert "2026年4月7日" not in page
    told = lin.get(f"/api/v1/cases/{case.number}/clocks?as_of=2026-03-06").json()
    assert {clock["kind"]: clock["state"] for clock in told["clocks"]}["statutory"] == "stopped"
    for wrong in ("2020-01-01", "gestern", "9999-12-31"):
        assert lin.get(address, {"as_of": wrong}).status_code == 422
        assert lin.get(f"/api/v1/cases/{case.number}/clocks", {"as_of": wrong}).status_code == 422


def test_a_stopped_clock_has_no_date_but_what_is_left(city: City, today: datetime) -> None:
    case = suspended(city)
    page = client_of(city.lin.username).get(reverse("cases:follow", args=[case.number])).content.decode()
    assert "2026年3月3日起暂停" in page
    assert "恢复后还剩 20 个工作日" in page
    shown = {one.kind: one for one in queries.clocks_of(Case.objects.get(id=case.id), today=TODAY, for_applicant=True)}
    with translation.override("en"):
        english = {one.kind: one for one in queries.clocks_of(case, today=TODAY, for_applicant=True)}
    assert shown["statutory"].sentences[-1] == "暂停前已用 0 个工作日（共 20 个工作日），恢复后还剩 20 个工作日。"
    assert english["statutory"].sentences[-1].startswith("Up to then 0 working days of 20 working days were used")


def test_applicants_are_not_shown_limits_for_supervision_nor_others_cases(city: City, today: datetime) -> None:
    case = city.accepted(terms=Terms(item_type="07"))
    lin = client_of(city.lin.username)
    assert lin.get(f"/api/v1/cases/{case.number}/clocks").json()["clocks"] == []
    assert client_of(city.reviewer.username).get(f"/api/v1/cases/{case.number}/clocks").json()["clocks"] != []
    stranger = client_of(resident("陌生人").username)
    assert stranger.get(reverse("cases:clocks", args=[case.number])).status_code == 404
    assert stranger.get(reverse("cases:office-clocks", args=[case.number])).status_code in {403, 404, 302}
    assert stranger.get(f"/api/v1/cases/{case.number}/clocks").status_code == 404


def corrected(day: date, at: datetime) -> None:
    """Close a day here, as it becomes known at an instant."""
    local = LocalDay(day, "停水放假", is_working=False, basis="云政办〔2026〕5号")
    calendar.set_local_day(actor=SYSTEM, local=local, now=at)
    ledger.drain(at)
    while actions.recount_some(now=at) == "more":
        pass


def test_as_of_a_day_the_calendar_is_the_one_known_then(city: City, today: datetime) -> None:
    case = city.accepted()
    corrected(date(2026, 3, 6), NOW + 3 * DAY)
    now_due = Clock.objects.get(case=case, kind="statutory").due_on
    assert now_due == date(2026, 3, 31)
    before, after = count(case, date(2026, 3, 4)), count(case, date(2026, 3, 5))
    assert (before.shown.due_on, after.shown.due_on) == (date(2026, 3, 30), now_due)
    days = {one.day: one for one in before.days}
    assert days[date(2026, 3, 6)].number == 4
    assert "此后日历有更正：按今天已知的日历，该期限应于2026年3月31日届满。" in before.shown.sentences
    assert not any("日历有更正" in said for said in after.shown.sentences)
    address = reverse("cases:clocks", args=[case.number])
    lin = client_of(city.lin.username)
    page = lin.get(f"{address}?as_of=2026-03-04").content.decode()
    told = lin.get(f"/api/v1/cases/{case.number}/clocks?as_of=2026-03-04").json()["clocks"]
    law = next(clock for clock in told if clock["kind"] == "statutory")
    assert "按当时已知的日历计算" in page
    for words in ("2026年3月30日", "该期限应于2026年3月31日届满"):
        assert words in page
    assert law["due_on"] == "2026-03-30"
    assert "该期限应于2026年3月31日届满" in "".join(law["explanation"])
    assert "日历有更正" not in lin.get(address).content.decode()


def test_a_correction_that_moves_no_end_is_told_too(city: City) -> None:
    case = city.accepted()
    corrected(date(2026, 3, 6), NOW + 3 * DAY)
    local = LocalDay(date(2026, 3, 7), "补班", is_working=True, basis="云政办〔2026〕6号")
    calendar.set_local_day(actor=SYSTEM, local=local, now=NOW + 4 * DAY)
    found = count(case, date(2026, 3, 3))
    assert found.shown.due_on == date(2026, 3, 30)
    assert "此后日历有更正，届满日不变。" in found.shown.sentences


def test_a_clock_that_has_ended_keeps_the_days_by_which_it_ended(city: City) -> None:
    case = city.accepted()
    notice = Clock.objects.get(case=case, kind="notice")
    assert (notice.state, notice.due_on) == ("ended", date(2026, 3, 9))
    corrected(date(2026, 3, 6), NOW + 3 * DAY)
    assert Clock.objects.get(id=notice.id).due_on == date(2026, 3, 9)
    found = count(case, kind="notice")
    assert (found.shown.due_on, found.days[-1].day) == (date(2026, 3, 9), date(2026, 3, 9))
    assert any("2026年3月9日" in said for said in found.shown.sentences)
    assert not any("2026年3月10日" in said for said in found.shown.sentences)


def test_a_limit_in_hours_is_missed_by_the_hour(city: City) -> None:
    """An hour from ten o'clock: at noon of the same day it is over, though the day is not."""
    case = city.accepted(terms=Terms(item_type="01", promised=TermLimit(value=1, unit="working_hour")))
    review = open_task(case, "review")
    actions.complete_review(actor=city.reviewer.actor, task=review, choice="agree", now=NOW)
    noon, head = NOW + timedelta(hours=2), city.head.actor
    actions.decide(actor=head, task=open_task(case, "decision"), outcome="granted", reasons="符合", now=noon)
    found = queries.clocks_of(Case.objects.get(id=case.id), today=TODAY, for_applicant=False)
    states = {one.kind: one.state for one in found}
    assert (states["promised"], states["statutory"]) == ("missed", "met")
    last = {one.kind: one.sentences[-1] for one in found}
    assert last["promised"] == "超期不足 1 个工作日：于2026年3月2日 12:00结束。"
    assert "超期" not in last["statutory"]


def test_a_clock_that_was_late_says_by_how_much_and_tells_its_start_once(city: City) -> None:
    """Five days from Monday, 2 March, are over on the 9th; the 13th is four working days later."""
    case = city.case(terms=Terms(item_type="07", policy_limit=TermLimit(value=5, unit="working_day")))
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    actions.complete_review(actor=city.reviewer.actor, task=open_task(case, "review"), choice="agree", now=NOW)
    decision = open_task(case, "decision")
    actions.decide(actor=city.head.actor, task=decision, outcome="granted", reasons="符合", now=NOW + 11 * DAY)
    late = next(
        one
        for one in queries.clocks_of(Case.objects.get(id=case.id), today=TODAY + 2 * DAY, for_applicant=False)
        if one.state == "missed"
    )
    assert (late.due_on, late.sentences[-1]) == (date(2026, 3, 9), "超期 4 个工作日。")
    assert "".join(late.sentences).count("2026年3月2日") == 1
