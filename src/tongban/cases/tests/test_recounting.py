"""A change of the calendar: every open end that it can move is reckoned anew, told, and in the history."""

import threading
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.books import COMPARISONS, Look
from tongban.calendar import actions as calendar
from tongban.calendar import queries as calendar_queries
from tongban.calendar.rules import NamedDay, Policy
from tongban.calendar.rules.settling import LocalDay, SetPolicy
from tongban.cases import actions, handlers, queries
from tongban.cases.actions import recounting
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case, Clock, Recount, RecountPiece, SupplementRequest
from tongban.cases.tests.people import NOW, City, make_city, open_task
from tongban.ledger import actions as ledger
from tongban.ledger.queries import history_of
from tongban.notifications.models import Message

pytestmark = pytest.mark.usefixtures("steps_without_limits")

DECEMBER = datetime(2026, 12, 14, 2, 0, tzinfo=UTC)
NOTICE = [
    NamedDay(date(2027, 1, 1), "元旦", is_working=False),
    NamedDay(date(2027, 1, 4), "元旦", is_working=False),
    NamedDay(date(2027, 1, 9), "元旦", is_working=True),
]
DAY = LocalDay(date(2026, 3, 5), "停电闭馆", is_working=False, basis="云政发〔2026〕2号")
PROMISE = Terms(
    item_type="01",
    item_code="X1",
    retention_years=1,
    promised=TermLimit(value=10, unit="working_day"),
    statutory=TermLimit(value=1, unit="month"),
)


def killed(*_given: object, **_named: object) -> None:
    """Die where the piece is written down as done: all else of it has been written."""
    raise KeyboardInterrupt


def recount(now: datetime = NOW) -> list[str]:
    """Hand on what has happened and do all that there is to do; return how each piece ended."""
    ledger.drain(now)
    outcomes: list[str] = []
    while (outcome := actions.recount_some(now=now)) == "more":
        outcomes.append(outcome)
    while handlers.tell_some_moved(now=now):
        pass
    return [*outcomes, outcome]


def ends(case: Case) -> dict[str, tuple[date, bool]]:
    open_clocks = Clock.objects.filter(case=case).exclude(state="ended")
    return {clock.kind: (clock.due_on, clock.provisional) for clock in open_clocks}


def moves(case: Case) -> list[Any]:
    return [event.event for event in history_of("case", case.id) if event.kind == "cases.clocks_moved"]


def books_agree() -> None:
    for name in ("cases.order_of_work", "cases.clocks", "cases.intervals", "cases.states"):
        assert list(COMPARISONS[name].compare(Look(now=NOW)).named) == []


@pytest.mark.django_db
class TestRecounting:
    def test_a_local_day_moves_ends_tells_and_is_in_the_history(self, city: City) -> None:
        case = city.accepted(terms=PROMISE)
        assert ends(case)["promised"][0] == date(2026, 3, 16)
        calendar.set_local_day(actor=SYSTEM, local=DAY, now=NOW)
        recount()
        assert ends(case)["promised"] == (date(2026, 3, 17), False)
        assert ends(case)["statutory"] == (date(2026, 4, 2), False)
        [listed] = queries.search_cases(city.desk.actor)[:2]
        assert listed.first_due == date(2026, 3, 17)  # type: ignore[attr-defined]  # annotated
        assert {task.due_on for task in case.tasks.filter(state="open")} == {date(2026, 3, 17)}
        (event,) = moves(case)
        assert [(end.kind, end.was, end.now, end.told) for end in event.ends] == [
            ("promised", date(2026, 3, 16), date(2026, 3, 17), True)
        ]
        message = Message.objects.filter(account_id=city.lin.account_id).latest("created_at", "id")
        assert "2026年3月17日" in message.body
        assert "2026年3月16日" in message.body
        assert any("2026年3月17日" in one.words for one in queries.history(case))
        assert any("2026年3月17日" in one.words for one in queries.applicant_history(case))
        clock = Clock.objects.get(case=case, kind="promised")
        assert clock.due_at == datetime(2026, 3, 17, 9, 0, tzinfo=UTC)
        books_agree()

    @pytest.mark.parametrize("end", ["withdrawn", "lapsed"])
    def test_nobody_hears_of_an_answer_that_is_not_awaited_any_more(self, city: City, end: str) -> None:
        case = city.case()
        points = [("material", "lease", "缺签字")]
        actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=NOW)
        request = SupplementRequest.objects.get(case=case)
        if end == "withdrawn":
            actions.withdraw(actor=city.lin.actor, case=case, now=NOW)
        else:
            actions.lapse_overdue(now=NOW + timedelta(days=60))
        assert Case.objects.get(id=case.id).state == end
        day = LocalDay(request.answer_by, "停电闭馆", is_working=False, basis="b")
        calendar.set_local_day(actor=SYSTEM, local=day, now=NOW)
        recount()
        assert Recount.objects.get().touched == 0
        assert moves(case) == []

    def test_taken_back_it_is_as_before_and_again_changes_nothing(self, city: City) -> None:
        case = city.accepted(terms=PROMISE)
        before = ends(case)
        calendar.set_local_day(actor=SYSTEM, local=DAY, now=NOW)
        recount()
        calendar.remove_local_day(actor=SYSTEM, day=DAY.day, now=NOW)
        recount()
        assert ends(case) == before
        assert len(moves(case)) == 2
        RecountPiece.objects.update(done=False)
        Recount.objects.update(finished_at=None)
        recount()
        assert len(moves(case)) == 2

    def test_cases_that_the_day_lies_outside_of_are_not_touched(self, city: City) -> None:
        case = city.accepted(terms=PROMISE)
        far = LocalDay(date(2026, 6, 4), "三月三", is_working=False, basis="b")
        calendar.set_local_day(actor=SYSTEM, local=far, now=NOW)
        recount()
        assert Recount.objects.get().touched == 0
        assert moves(case) == []

    def test_a_notice_makes_provisional_ends_firm_and_moves_those_that_it_must(self, city: City) -> None:
        case = city.case(now=DECEMBER, terms=PROMISE)
        actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=DECEMBER)
        assert ends(case)["promised"] == (date(2026, 12, 28), True)
        assert ends(case)["statutory"] == (date(2027, 1, 14), True)
        short = city.case(now=DECEMBER + timedelta(days=14), terms=PROMISE)
        assert ends(short)["notice"] == (date(2027, 1, 5), True)
        assert open_task(short, "acceptance").provisional
        calendar.publish_year(year=2027, days=NOTICE, source="国办发明电〔2026〕1号", now=DECEMBER)
        recount()
        assert ends(case)["promised"] == (date(2026, 12, 28), False)
        assert ends(case)["statutory"] == (date(2027, 1, 14), False)
        assert ends(short)["notice"] == (date(2027, 1, 6), False)
        assert not open_task(short, "acceptance").provisional
        assert moves(case) == []
        assert len(moves(short)) == 1

    def test_a_policy_moves_what_started_under_it(self, city: City) -> None:
        early = city.accepted(terms=PROMISE)
        late = city.case(now=NOW + timedelta(days=7), terms=PROMISE)
        actions.accept(actor=city.desk.actor, task=open_task(late, "acceptance"), now=NOW + timedelta(days=7))
        before, counted = ends(early), ends(late)["promised"][0]
        settled = SetPolicy(date(2026, 3, 9), Policy(office_hours=((time(9), time(18)),), first_day=1), "云政发3号")
        calendar.set_policy(actor=SYSTEM, settled=settled, now=NOW)
        recount()
        assert ends(early) == before
        assert ends(late)["promised"][0] == counted - timedelta(days=3)  # Monday to the Friday before
        clock = Clock.objects.get(case=late, kind="promised")
        assert clock.due_at == datetime(2026, 3, 20, 10, 0, tzinfo=UTC)

    def test_the_day_for_the_answer_to_a_supplement_moves_too(self, city: City) -> None:
        case = city.case()
        point = actions.Point(target_kind="field", target_key="address", words="请补充")
        actions.ask_supplement(
            actor=city.desk.actor, task=open_task(case, "acceptance"), points=[point], word="", now=NOW
        )
        request = SupplementRequest.objects.get(case=case)
        closing = LocalDay(request.answer_by, "停电闭馆", is_working=False, basis="b")
        calendar.set_local_day(actor=SYSTEM, local=closing, now=NOW)
        recount()
        request.refresh_from_db()
        assert request.answer_by == calendar_queries.working_calendar().working_day_after(closing.day, 1)
        assert moves(case)[0].ends[0].kind == "supplement"

    def test_stopped_clocks_and_hours_are_reckoned_by_themselves(self, city: City) -> None:
        case = city.accepted(terms=PROMISE)
        clock = Clock.objects.get(case=case, kind="promised")
        clock.limit_unit, clock.limit_value = "working_hour", 70
        clock.save()
        calendar.set_local_day(actor=SYSTEM, local=DAY, now=NOW)
        recount()
        clock.refresh_from_db()
        assert clock.due_at == datetime(2026, 3, 17, 2, 0, tzinfo=UTC)

    def test_what_came_in_under_the_calendar_of_before_is_looked_at_again(self, city: City) -> None:
        calendar.set_local_day(actor=SYSTEM, local=DAY, now=NOW)
        assert recount()[-1] == "later"
        case = city.accepted(terms=PROMISE)
        clock = Clock.objects.get(case=case, kind="promised")
        Clock.objects.filter(id=clock.id).update(due_on=date(2026, 3, 16))  # as if read just before the change
        assert recount(NOW + recounting.GRACE)[-1] == "nothing"
        assert ends(case)["promised"][0] == date(2026, 3, 17)
        assert Recount.objects.get().finished_at is not None


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_case_that_is_being_worked_on_is_left_and_come_back_to(self) -> None:
        city = make_city()
        held, free = city.accepted(terms=PROMISE), city.accepted(terms=PROMISE)
        ledger.drain(NOW)  # what is news of the case would wait for its lock
        calendar.set_local_day(actor=SYSTEM, local=DAY, now=NOW)
        locked, go_on = threading.Event(), threading.Event()

        def work() -> None:
            with transaction.atomic():
                Case.objects.select_for_update().get(id=held.id)
                locked.set()
                go_on.wait(timeout=90)
                actions.withdraw(actor=city.lin.actor, case=held, now=NOW)
            connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        assert locked.wait(timeout=20)
        assert recount()[-1] == "later"
        assert ends(free)["promised"][0] == date(2026, 3, 17)
        assert ends(held)["promised"][0] == date(2026, 3, 16)
        go_on.set()
        thread.join(timeout=20)
        assert recount()[-1] == "later"  # nothing but the second look is left
        assert RecountPiece.objects.filter(done=False).count() == 0
        assert moves(held) == []
        assert Case.objects.get(id=held.id).state == "withdrawn"
        books_agree()

    def test_a_worker_that_dies_in_the_middle_leaves_nothing_undone_or_done_twice(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        city = make_city()
        cases = [city.accepted(terms=PROMISE) for _number in range(3)]
        monkeypatch.setattr(recounting, "CASES_IN_A_PIECE", 1)
        calendar.set_local_day(actor=SYSTEM, local=DAY, now=NOW)
        ledger.drain(NOW)
        assert actions.recount_some(now=NOW) == "more"  # the plan
        assert actions.recount_some(now=NOW) == "more"  # the first case
        monkeypatch.setattr(RecountPiece, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.recount_some(now=NOW)
        monkeypatch.undo()
        assert sorted(len(moves(case)) for case in cases) == [0, 0, 1]
        recount()
        assert [len(moves(case)) for case in cases] == [1, 1, 1]
        assert {ends(case)["promised"][0] for case in cases} == {date(2026, 3, 17)}
        books_agree()

    def test_several_workers_do_each_case_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        city = make_city()
        cases = [city.accepted(terms=PROMISE) for _number in range(6)]
        monkeypatch.setattr(recounting, "CASES_IN_A_PIECE", 1)
        calendar.set_local_day(actor=SYSTEM, local=DAY, now=NOW)
        ledger.drain(NOW)

        def work() -> None:
            for _round in range(20):
                actions.recount_some(now=NOW)
            connection.close()

        threads = [threading.Thread(target=work) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert [len(moves(case)) for case in cases] == [1] * 6
        assert sum(RecountPiece.objects.values_list("moved", flat=True)) == 6

    def test_what_it_has_moved_itself_is_not_looked_at_again(self) -> None:
        city = make_city()
        moved, another = city.accepted(terms=PROMISE), city.accepted(terms=PROMISE)
        ledger.drain(NOW)
        while ledger.seal_once():
            pass
        calendar.set_local_day(actor=SYSTEM, local=DAY, now=NOW)
        assert recount()[-1] == "later"
        actions.withdraw(actor=city.lin.actor, case=another, now=NOW)
        assert actions.recount_some(now=NOW + recounting.GRACE) == "more"
        looked_at = RecountPiece.objects.filter(done=False).values_list("case_ids", flat=True)
        assert [case_id for ids in looked_at for case_id in ids] == [another.id]
        assert len(moves(moved)) == len(moves(another)) == 1
