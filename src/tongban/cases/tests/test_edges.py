"""Days and instants at which counting is easily wrong, from the receipt to the pages: what people do and what they see.

How each is counted is docs/law/counting-time.md; the bare rules have tests of their own (`calendar`, `make clock`).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from tongban.base.actor import SYSTEM
from tongban.calendar import actions as calendar
from tongban.calendar.rules import Policy
from tongban.calendar.rules.settling import SetPolicy
from tongban.calendar.tests.test_pages import seen
from tongban.cases import actions, queries
from tongban.cases.errors import TooLate
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case, Clock, Decision
from tongban.cases.tests.people import NOW, City, Staff, client_of, open_task
from tongban.cases.tests.test_deemed import permit, renewal
from tongban.cases.tests.test_recounting import recount
from tongban.cases.tests.test_wordings import manager

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Shanghai")
SECOND, INSTANT = timedelta(seconds=1), timedelta(microseconds=1)
DOORS = ("web.counting", "web.desk", "web.office", "web.resident", "web.steps", "api.clocks", "api.routes")
SetNow = Callable[[datetime], datetime]


def here(*parts: int) -> datetime:
    """Return an instant by the clock of the office."""
    return datetime(*parts, tzinfo=HERE)  # type: ignore[arg-type,misc]  # year, month, day, hour …


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> SetNow:
    """Let the pages open at a given instant."""

    def opens(at: datetime) -> datetime:
        for door in DOORS:
            monkeypatch.setattr(f"tongban.cases.{door}.now", lambda: at.astimezone(UTC))
        return at

    return opens


def clock(case: Case, kind: str) -> Clock:
    return Clock.objects.filter(case=case, kind=kind).latest("started_at")


def page(client: Client, case: Case, name: str = "follow") -> str:
    return client.get(reverse(f"cases:{name}", args=[case.number])).content.decode()


def post(by: Staff, case: Case, kind: str, step: str, **sent: object) -> int:
    """Do a step on its page, and return how that was answered."""
    task = open_task(case, kind)
    typed = {"revision": Case.objects.get(id=case.id).revision, **sent}
    address = reverse("cases:act", args=[case.number, task.id, step])
    return client_of(by.username).post(address, typed).status_code


@pytest.mark.parametrize(
    ("received", "due_on"),
    [
        (here(2026, 3, 2, 16, 59, 59), date(2026, 3, 9)),
        (here(2026, 3, 2, 17), date(2026, 3, 10)),
        (here(2026, 3, 2, 23, 59, 59), date(2026, 3, 10)),
        (here(2026, 3, 3), date(2026, 3, 10)),
        (here(2026, 3, 6, 16, 59, 59), date(2026, 3, 13)),
        (here(2026, 3, 6, 17), date(2026, 3, 16)),
        (here(2026, 3, 8, 23, 59, 59), date(2026, 3, 16)),
        (here(2026, 3, 9), date(2026, 3, 16)),
    ],
)
def test_the_last_second_of_an_office_day_and_midnight(
    city: City, today: SetNow, received: datetime, due_on: date
) -> None:
    """The notice clock counts five days after the day of receipt, and acts when the office has closed on the last."""
    case = city.case(now=received)
    assert clock(case, "notice").due_on == due_on
    closing = here(due_on.year, due_on.month, due_on.day, 17)
    today(received)
    told = f"{due_on.year}年{due_on.month}月{due_on.day}日"
    assert told in page(client_of(city.lin.username), case)
    assert told in page(client_of(city.desk.username), case, "office-clocks")
    assert actions.deem_accepted(now=closing - INSTANT, limit=5) == []
    assert actions.deem_accepted(now=closing, limit=5) == [case.id]


def test_the_desk_accepts_in_the_last_second_and_not_in_the_next(city: City, today: SetNow) -> None:
    late, case = city.case(), city.case()
    today(here(2026, 3, 9, 17) - SECOND)
    assert post(city.desk, case, "acceptance", "accept") == 302
    assert not Case.objects.get(id=case.id).acceptance_is_deemed
    assert clock(case, "statutory").due_on == date(2026, 4, 7)
    at = today(here(2026, 3, 9, 17))
    task, revision = open_task(late, "acceptance"), late.revision
    assert actions.deem_accepted(now=at, limit=5) == [late.id]
    address = reverse("cases:act", args=[late.number, task.id, "accept"])
    assert client_of(city.desk.username).post(address, {"revision": revision}).status_code == 409
    assert clock(late, "statutory").due_on == date(2026, 3, 30), "from the receipt on"


def test_received_on_a_saturday_that_is_worked(city: City, today: SetNow) -> None:
    """Saturday, 14 February 2026, is worked for the Spring Festival, as is Saturday the 28th."""
    at = today(here(2026, 2, 14, 10))
    case = city.case(now=at)
    assert clock(case, "notice").due_on == date(2026, 2, 28)
    shown = page(client_of(city.lin.username), case, "clocks")
    assert "2026年2月28日" in shown
    assert "为春节调休上班" in shown or "春节" in shown
    assert post(city.desk, case, "acceptance", "accept") == 302
    law = clock(case, "statutory")
    assert (law.due_on, law.started_at) == (date(2026, 3, 20), at)
    evening = city.case(now=here(2026, 2, 14, 17))
    assert clock(evening, "notice").due_on == date(2026, 3, 2), (
        "the evening belongs to the first day after the holidays"
    )


@pytest.mark.parametrize(
    ("accepted", "due_on"),
    [
        (here(2024, 1, 31, 10), date(2024, 2, 29)),
        (here(2024, 2, 29, 10), date(2024, 3, 29)),
        (here(2023, 1, 31, 10), date(2023, 2, 28)),
        (here(2024, 1, 30, 17), date(2024, 2, 29)),
    ],
)
def test_months_and_29_february(city: City, today: SetNow, accepted: datetime, due_on: date) -> None:
    case = city.case(now=accepted, terms=Terms(item_type="01", promised=TermLimit(value=1, unit="month")))
    today(accepted)
    assert post(city.desk, case, "acceptance", "accept") == 302
    assert clock(case, "promised").due_on == due_on
    told = f"{due_on.year}年{due_on.month}月{due_on.day}日"
    assert told in page(client_of(city.lin.username), case)
    assert clock(case, "step").due_on <= due_on


def test_a_permit_that_ends_on_29_february_is_renewed_at_its_end(city: City) -> None:
    case = renewal(city, permit(city, last_day=date(2028, 2, 29)))
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    end = here(2028, 3, 1)
    assert (clock(case, "renewal").due_on, clock(case, "renewal").due_at) == (date(2028, 2, 29), end)
    assert actions.deem_renewed(now=end - INSTANT, limit=5) == []
    assert actions.deem_renewed(now=end, limit=5) == [case.id]
    assert Decision.objects.get(case=case).is_deemed


def test_a_stop_on_the_last_day(city: City, today: SetNow) -> None:
    """The limit ends on Monday, 30 March; what stops on that day before closing time leaves the day to be counted."""
    case = city.accepted()
    assert clock(case, "statutory").due_on == date(2026, 3, 30)
    today(here(2026, 3, 30, 16, 59, 59))
    sent = {"procedure": "test", "ground": "抽样检测", "expected": "2", "unit": "working_day"}
    assert post(city.reviewer, case, "review", "procedure", **sent) == 302
    assert clock(case, "statutory").state == "stopped"
    assert "恢复后还剩 1 个工作日" in page(client_of(city.lin.username), case)
    today(here(2026, 4, 2, 9))
    stop = case.suspensions.get()
    assert post(city.reviewer, case, "review", "resumption", suspension=str(stop.id), outcome="合格") == 302
    law = clock(case, "statutory")
    assert (law.state, law.due_on, law.due_at) == ("running", date(2026, 4, 2), here(2026, 4, 2, 17))
    shown = page(client_of(city.lin.username), case, "clocks")
    assert "2026年4月2日" in shown
    assert "抽样检测" in shown


def test_a_stop_that_is_over_before_closing_time_of_the_last_day_moves_nothing(city: City, today: SetNow) -> None:
    case = city.accepted()
    today(here(2026, 3, 30, 10))
    sent = {"procedure": "test", "ground": "抽样检测", "expected": "1", "unit": "working_day"}
    assert post(city.reviewer, case, "review", "procedure", **sent) == 302
    today(here(2026, 3, 30, 16, 59, 59))
    stop = case.suspensions.get()
    assert post(city.reviewer, case, "review", "resumption", suspension=str(stop.id), outcome="合格") == 302
    assert clock(case, "statutory").due_on == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("accepted", "due_on"),
    [
        (here(2026, 3, 2, 16, 59, 59), date(2026, 3, 2)),
        (here(2026, 3, 2, 17), date(2026, 3, 3)),
        (here(2026, 3, 6, 17), date(2026, 3, 9)),
    ],
)
@pytest.mark.parametrize("unit", ["working_day", "calendar_day", "on_the_spot"])
def test_a_limit_of_nothing_ends_on_the_day_itself(
    city: City, today: SetNow, unit: str, accepted: datetime, due_on: date
) -> None:
    terms = Terms.model_validate({"item_type": "01", "promised": {"value": 0, "unit": unit}})
    case = city.case(now=accepted - SECOND, terms=terms)
    today(accepted)
    assert post(city.desk, case, "acceptance", "accept") == 302
    promised = clock(case, "promised")
    assert (promised.due_on, promised.limit_value) == (due_on, 0)
    assert promised.due_at == here(due_on.year, due_on.month, due_on.day, 17)
    for client, name in ((city.lin, "follow"), (city.reviewer, "office-clocks")):
        assert f"{due_on.year}年{due_on.month}月{due_on.day}日" in page(client_of(client.username), case, name)


def test_a_calendar_that_is_corrected_once_cases_are_open(city: City, today: SetNow) -> None:
    """An item manager closes a day on the page; the open limit moves, and both sides see it with the reason."""
    case, ended = city.accepted(), city.accepted()
    actions.withdraw(actor=city.lin.actor, case=ended, now=NOW)
    keeper = client_of(manager(city.market).username)
    day = {"day_year": "2026", "day_month": "3", "day_day": "20", "kind": "off"}
    sent = {**day, "name": "抗洪停办", "basis": "云政办〔2026〕9号"}
    looked = keeper.post("/office/calendar/local-days", {**sent, "step": "look"}).content.decode()
    assert clock(case, "statutory").due_on == date(2026, 3, 30)
    done = keeper.post("/office/calendar/local-days", {**sent, "step": "do", "seen": seen(looked)})
    assert done.status_code == 302
    recount()
    assert clock(case, "statutory").due_on == date(2026, 3, 31)
    assert clock(case, "step").due_on == open_task(case, "review").due_on == date(2026, 3, 25)
    assert clock(ended, "statutory").due_on == date(2026, 3, 30), "what has ended stays"
    today(NOW + timedelta(days=1))
    for client, name in ((city.lin, "clocks"), (city.reviewer, "office-clocks")):
        shown = page(client_of(client.username), case, name)
        assert "2026年3月31日" in shown
        assert "抗洪停办" in shown


@pytest.mark.parametrize(
    ("at", "closes", "is_in_time"),
    [
        (here(2026, 3, 11, 16, 59, 59), "office", True),
        (here(2026, 3, 11, 17), "office", False),
        (here(2026, 3, 11, 18), "office", False),
        (here(2026, 3, 11, 18), "midnight", True),
        (here(2026, 3, 11, 23, 59, 59), "midnight", True),
        (here(2026, 3, 12), "midnight", False),
    ],
)
def test_in_time_on_the_last_day_is_one_rule_for_all(
    city: City, at: datetime, closes: Literal["office", "midnight"], *, is_in_time: bool
) -> None:
    """What is decided is late for states and figures when more time could not be asked for any more, and only then."""
    settled = SetPolicy(date(2020, 1, 1), Policy(closes=closes), "云政办〔2026〕1号")
    calendar.set_policy(actor=SYSTEM, settled=settled, now=NOW)
    law = Terms(item_type="01", statutory=TermLimit(value=7, unit="working_day"))
    case, other, waiting = city.reviewed(terms=law), city.reviewed(terms=law), city.case(now=NOW + timedelta(days=2))
    head = city.head.actor
    task = open_task(case, "decision")
    assert clock(case, "statutory").due_on == clock(waiting, "notice").due_on == date(2026, 3, 11)
    actions.decide(actor=head, task=task, outcome="granted", reasons="符合条件", now=at)
    [told] = [one for one in queries.clocks_of(case, today=at.date(), for_applicant=True) if one.kind == "statutory"]
    assert told.state == ("met" if is_in_time else "missed")
    [figure] = queries.finished_cases([case.id])
    assert figure.statutory is not None
    assert figure.statutory.met_by(figure.ended_at) is is_in_time
    assert (actions.deem_accepted(now=at, limit=5) == []) is is_in_time
    asking = {"actor": head, "task": open_task(other, "decision"), "reasons": "案情复杂", "now": at}
    if is_in_time:
        actions.ask_extension(**asking)  # type: ignore[arg-type]  # as above
    else:
        with pytest.raises(TooLate):
            actions.ask_extension(**asking)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("closes", ["office", "midnight"])
def test_the_days_used_so_far_are_those_up_to_today(city: City, closes: Literal["office", "midnight"]) -> None:
    """Where days close at midnight, today ends with the first instant of tomorrow, which does not count yet."""
    settled = SetPolicy(date(2020, 1, 1), Policy(closes=closes), "云政办〔2026〕1号")
    calendar.set_policy(actor=SYSTEM, settled=settled, now=NOW)
    case = city.accepted()
    [counted] = [
        one
        for one in queries.counts_of(case, today=date(2026, 3, 4), for_applicant=True).counts
        if one.shown.kind == "statutory"
    ]
    assert (counted.use.used, counted.use.left) == (2, 18)
