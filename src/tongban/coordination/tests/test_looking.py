"""What is found by the clock and by events, once; and what ends it."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from tongban.cases import actions as cases
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case, Clock
from tongban.cases.queries import clocks_due_before
from tongban.cases.tests.people import NOW, City, make_city, open_task
from tongban.coordination import actions
from tongban.coordination.models import Finding, Order, RuleTable
from tongban.coordination.rules.table import PRESET, Rules
from tongban.ledger import actions as ledger
from tongban.notifications.models import Message
from tongban.processes.queries import default_process

TERMS = Terms(item_type="01", item_code="X1", promised=TermLimit(value=5, unit="working_day"), retention_years=1)


def after(days: int) -> datetime:
    return NOW + timedelta(days=days)


def standing(case: Case | None = None) -> set[tuple[str, str]]:
    found = Finding.objects.filter(ended_at=None)
    found = found.filter(case=case) if case else found
    return set(found.values_list("rule", "colour"))


def put_rules(rules: Rules) -> None:
    """Put rules into force, as the supervisor of the centre does."""
    newest = RuleTable.objects.order_by("-version")[0]
    RuleTable.objects.create(
        version=newest.version + 1, content=rules.model_dump(mode="json"), source="测试", published_at=NOW
    )


def test_a_case_goes_from_green_to_yellow_to_red_and_back(city: City) -> None:
    case = city.accepted(terms=TERMS)
    due = Clock.objects.get(case=case, kind="promised").due_on
    assert due.isoformat() == "2026-03-09"
    actions.look(now=NOW)
    assert standing() == set()
    actions.look(now=datetime.fromisoformat("2026-03-06T01:00:00+00:00"))
    assert standing() == {("near_due", "yellow")}
    actions.look(now=datetime.fromisoformat("2026-03-10T01:00:00+00:00"))
    assert standing() == {("whole_late", "red")}
    actions.look(now=datetime.fromisoformat("2026-03-12T15:00:00+00:00"))
    assert standing() == {("whole_late", "red")}
    actions.look(now=datetime.fromisoformat("2026-03-13T01:00:00+00:00"))
    assert standing() == {("whole_very_late", "red")}
    ledger.drain(now=after(11))
    assert Order.objects.get().post == open_task(case, "review").post
    cases.withdraw(actor=city.lin.actor, case=case, now=after(11))
    ledger.drain(now=after(11))
    assert not Finding.objects.filter(ended_at=None, watch__in=["near_due", "whole_late"]).exists()
    assert Finding.objects.filter(ended_why="over").count() == 3


def test_a_late_step_of_the_shipped_process_is_warned_of_before_the_whole_is_late(city: City) -> None:
    """Four of the five days promised are the review's: it is late on Monday, 9 March, and the whole a day later."""
    case = city.accepted(terms=TERMS, process=default_process("promised"))
    step = Clock.objects.get(case=case, kind="step")
    assert step.due_on.isoformat() == "2026-03-06"
    actions.look(now=datetime.fromisoformat("2026-03-06T08:59:59+00:00"))
    assert "step_late" not in {rule for rule, _colour in standing(case)}
    actions.look(now=datetime.fromisoformat("2026-03-09T01:00:00+00:00"))
    assert standing(case) == {("step_late", "yellow"), ("near_due", "yellow")}
    assert Finding.objects.get(case=case, rule="step_late").post_id == open_task(case, "review").post_id
    ledger.drain(now=after(7))
    told = set(Message.objects.filter(key__startswith="supervision-").values_list("account_id", flat=True))
    assert city.reviewer.actor.account_id in told
    task = open_task(case, "review")
    cases.complete_review(actor=city.reviewer.actor, task=task, choice="agree", now=after(7))
    ledger.drain(now=after(7))
    assert "step_late" not in {rule for rule, _colour in standing(case)}


def test_a_second_look_changes_nothing_and_reads_no_clock(city: City, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - pytest's
    for _number in range(3):
        city.accepted(terms=TERMS)
    actions.look(now=after(9))
    before = list(Finding.objects.order_by("id").values())
    assert len(before) == 3
    with django_assert_max_num_queries(8) as asked:
        actions.look(now=after(9))
    assert not [query for query in asked.captured_queries if "cases_clock" in query["sql"]]
    actions.look(now=after(9), whole=True)
    assert list(Finding.objects.order_by("id").values()) == before


def test_what_the_preset_tells_and_orders(city: City) -> None:
    supervisor = city.market.staff("supervisor", "鉴明")
    case = city.accepted(terms=TERMS)
    actions.look(now=after(4))
    ledger.drain(now=after(4))
    told = set(Message.objects.filter(key__startswith="supervision-").values_list("account_id", flat=True))
    assert told == {city.reviewer.actor.account_id}
    actions.look(now=after(8))
    ledger.drain(now=after(8))
    told = set(Message.objects.filter(key__startswith="supervision-").values_list("account_id", flat=True))
    assert {city.reviewer.actor.account_id, supervisor.actor.account_id} <= told
    assert supervisor.actor.account_id is not None
    assert case.number in Message.objects.filter(account_id=supervisor.actor.account_id)[0].subject


def test_provisional_ends_are_not_acted_upon(city: City) -> None:
    case = city.accepted(terms=TERMS)
    Clock.objects.filter(case=case).update(provisional=True)
    actions.look(now=after(30), whole=True)
    assert standing() == set()


def test_what_stays_so_is_found_once_and_settled_with_a_word(city: City) -> None:
    case = city.case(terms=TERMS)
    cases.refuse_acceptance(
        actor=city.desk.actor,
        task=open_task(case, "acceptance"),
        reason="不行",
        legal_basis="第三十二条",
        what_else="另办",
        now=NOW,
    )
    ledger.drain(now=NOW)
    assert standing(case) == {("no_reasons", "red")}
    supervisor = city.market.staff("supervisor", "鉴明")
    finding = Finding.objects.get(case=case)
    actions.settle_warning(actor=supervisor.actor, finding=finding, word="已当面说明", now=NOW)
    actions.settle(case_ids=[case.id], now=NOW)
    assert standing(case) == set()
    assert Finding.objects.get(case=case).word == "已当面说明"


def test_passed_around_more_often_than_allowed(city: City) -> None:
    case = city.accepted(terms=TERMS)
    colleague = city.market.staff("review", "钱审查")
    for number in range(3):
        giver, receiver = (colleague, city.reviewer) if number % 2 else (city.reviewer, colleague)
        cases.hand_over(
            actor=giver.actor,
            task=open_task(case, "review"),
            to_official_id=receiver.official_id,
            word="请接手",
            now=NOW + timedelta(hours=number),
        )
        ledger.drain(now=NOW)
        assert standing(case) == ({("passed_around", "yellow")} if number == 2 else set())


def test_percent_of_the_limit(city: City) -> None:
    rules = [rule.model_copy(update={"active": rule.key == "near_due"}) for rule in PRESET.rules]
    rules[0] = rules[0].model_copy(update={"value": 60, "unit": "percent"})
    put_rules(Rules(rules=tuple(rules)))
    case = city.accepted(terms=TERMS)
    actions.look(now=after(2))
    assert standing(case) == set()
    actions.look(now=after(3))
    assert standing(case) == {("near_due", "yellow")}


def test_a_new_version_finds_anew_and_ends_what_it_does_not_know(city: City) -> None:
    case = city.accepted(terms=TERMS)
    actions.look(now=after(8))
    assert standing(case) == {("whole_late", "red")}
    put_rules(Rules(rules=tuple(one.model_copy(update={"active": False}) for one in PRESET.rules)))
    actions.look(now=after(8))
    assert standing(case) == set()


@pytest.mark.django_db(transaction=True)
def test_two_workers_find_it_once() -> None:
    city = make_city()
    actions.load_preset(NOW)
    for _number in range(5):
        city.accepted(terms=TERMS)
    meet, wrong = Barrier(3), []

    def work() -> None:
        try:
            meet.wait()
            actions.look(now=after(9))
        except Exception as fault:  # noqa: BLE001 - shown below
            wrong.append(fault)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    meet.wait()
    for thread in threads:
        thread.join()
    assert not wrong
    assert Finding.objects.count() == 5
    assert Finding.objects.values("about_id").distinct().count() == 5


def test_the_clocks_are_found_by_their_index(city: City) -> None:
    city.accepted(terms=TERMS)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = clocks_due_before(after(9).date(), ["promised"], since=after(7).date()).explain()
    assert "clock_running" in plan
