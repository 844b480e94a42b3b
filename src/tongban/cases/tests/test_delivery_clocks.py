"""Ten days from the decision until the result is handed over (行政许可法 art. 44), and what an unpaid fee does to them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from tongban.base.actor import SYSTEM
from tongban.base.books import Look
from tongban.cases import actions, queries
from tongban.cases.books import clocks as books
from tongban.cases.kinds import DeliveryWish, FeeTerm, ResultTerm, TermLimit, Terms
from tongban.cases.models import Case, Clock, FeeDemand
from tongban.cases.rules.clock_table import PERMITS, ClockRule, ClockRules
from tongban.cases.tests.people import NOW, City, open_task
from tongban.cases.tests.test_deemed import MIDNIGHT, STATED, fresh, issue, permit, renewal

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AT_WINDOW = DeliveryWish(way="window")


def granted(city: City, **changes: object) -> Case:
    """Grant a case; nobody has issued its result yet."""
    case = city.reviewed(delivery=AT_WINDOW, **changes)
    actions.decide(
        actor=city.head.actor, task=open_task(case, "decision"), outcome="granted", reasons="符合条件", now=NOW
    )
    return fresh(case)


def delivery(case: Case) -> Clock:
    return case.clocks.get(kind="delivery")


def agree() -> bool:
    compared = (books.clocks, books.intervals, books.order_of_work)
    return [named for each in compared for named in each(Look(now=NOW)).named] == []


def test_it_begins_with_the_decision_and_not_with_the_result(city: City) -> None:
    case = granted(city)
    clock = delivery(case)
    assert (clock.state, clock.started_at, clock.due_on) == ("running", NOW, date(2026, 3, 16))
    assert (case.state, case.due_on) == ("decided", date(2026, 3, 16))
    assert agree()
    issue(case, valid_to=None)
    assert delivery(case) == clock, "the result does not begin it again"
    assert open_task(case, "delivery").due_on == date(2026, 3, 16)
    assert agree()


def test_it_stands_while_a_fee_is_unpaid_and_says_so(city: City) -> None:
    case = granted(city, terms=Terms(item_type="01", fees=(STATED, FeeTerm(name="检测费", amount_fen=500))))
    assert (delivery(case).state, case.due_on) == ("stopped", None)
    assert agree()
    today = date(2026, 3, 5)
    with translation.override("zh-hans"):
        shown = queries.clocks_of(case, today=today, for_applicant=True)[0]
    assert shown.kind == "delivery"
    assert any("等待缴费" in sentence for sentence in shown.sentences), shown.sentences
    first, last = case.fees.order_by("id")
    cashier = city.market.staff("fees", "吴收费").actor
    actions.settle_fee(actor=cashier, fee=first, receipt_number="票1", now=NOW + DAY)
    assert delivery(case).state == "stopped", "another fee is still to be paid"
    actions.settle_fee(actor=cashier, fee=last, receipt_number="票2", now=datetime(2026, 3, 9, 2, tzinfo=UTC))
    clock = delivery(case)
    assert (clock.state, clock.due_on, fresh(case).due_on) == ("running", date(2026, 3, 20), date(2026, 3, 20))
    assert agree()
    with translation.override("zh-hans"):
        shown = queries.clocks_of(fresh(case), today=date(2026, 3, 10), for_applicant=True)[0]
    assert any("等待缴费" in sentence for sentence in shown.sentences), shown.sentences
    with translation.override("en"):
        shown = queries.clocks_of(fresh(case), today=date(2026, 3, 10), for_applicant=True)[0]
    assert any("Waiting for the fee to be paid" in sentence for sentence in shown.sentences), shown.sentences


def test_the_books_tell_a_clock_that_stands_for_nothing_or_outlasts_the_decision(city: City) -> None:
    free, late = granted(city), granted(city)
    assert agree()
    Clock.objects.filter(case=free, kind="delivery").update(state="stopped")
    Clock.objects.filter(case=late, kind="statutory").update(state="running")
    named = " ".join(books.clocks(Look(now=NOW)).named)
    assert f"case {free.number} is decided: the clock delivery is stopped, and no fee is due" in named
    assert late.number not in named, "it began with the decision's own instant"
    Clock.objects.filter(case=late, kind="statutory").update(started_at=NOW - DAY)
    assert f"{late.number} is decided: the clock statutory is running beyond" in " ".join(
        books.clocks(Look(now=NOW)).named
    )


def test_a_fee_that_is_waived_lets_it_run_on_too(city: City) -> None:
    case = granted(city, terms=Terms(item_type="01", fees=(STATED,)))
    cashier = city.market.staff("fees", "吴收费").actor
    actions.waive_fee(actor=cashier, fee=FeeDemand.objects.get(case=case), reason="低保家庭", now=NOW + DAY)
    assert (delivery(case).state, delivery(case).due_on) == ("running", date(2026, 3, 16)), (
        "paid on the first day counted"
    )


def test_where_the_table_says_so_it_runs_whatever_is_owed(city: City) -> None:
    clocks = tuple(
        rule.model_copy(update={"waits_for_fees": False}) if rule.kind == "delivery" else rule
        for rule in PERMITS.clocks
    )
    rules = PERMITS.model_copy(update={"clocks": clocks})
    table = actions.publish_clock_table(actor=SYSTEM, item_type="01", rules=rules, source="云政发〔2026〕9号", now=NOW)
    assert ClockRules.model_validate(table.content) == rules
    case = granted(city, terms=Terms(item_type="01", fees=(STATED,)))
    assert (delivery(case).state, delivery(case).due_on) == ("running", date(2026, 3, 16))


def test_what_is_usual_is_not_written_down_so_that_an_earlier_release_reads_it() -> None:
    assert all("waits_for_fees" not in rule for rule in PERMITS.model_dump(mode="json")["clocks"])
    assert ClockRules.model_validate(PERMITS.model_dump(mode="json")) == PERMITS


def test_a_permit_renewed_by_law_is_to_be_delivered_too(city: City) -> None:
    licence = ResultTerm(kind="licence", name="食品经营许可证", succeeds=True)
    free = renewal(city, permit(city), delivery=AT_WINDOW)
    owing = renewal(city, permit(city), terms=Terms(item_type="01", fees=(STATED,), result=licence))
    assert set(actions.deem_renewed(now=MIDNIGHT, limit=10)) == {free.id, owing.id}
    assert (delivery(free).state, delivery(free).started_at) == ("running", MIDNIGHT)
    assert fresh(free).due_on == delivery(free).due_on == date(2026, 4, 27)
    assert (delivery(owing).state, fresh(owing).due_on) == ("stopped", None)
    assert agree()


def test_a_refusal_is_delivered_in_the_same_time(city: City) -> None:
    case = city.reviewed(delivery=AT_WINDOW, terms=Terms(item_type="01", fees=(STATED,)))
    actions.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome="refused",
        reasons="不符合条件",
        legal_basis="第三十八条",
        now=NOW,
    )
    assert (delivery(case).state, delivery(case).due_on) == ("running", date(2026, 3, 16))
    assert open_task(case, "delivery").due_on == date(2026, 3, 16)


def test_of_a_kind_that_begins_twice_the_rule_of_the_turn_is_meant() -> None:
    week, later = TermLimit(value=5, unit="working_day"), TermLimit(value=20, unit="working_day")
    rules = ClockRules(
        clocks=(
            ClockRule(kind="policy", begins="receipt", limit=week, stops=False),
            ClockRule(kind="policy", begins="acceptance", limit=later),
        )
    )
    found = {state: rules.rule_in("policy", state) for state in ("submitted", "supplement", "review", "suspended")}
    limits = {state: rule.limit for state, rule in found.items() if rule is not None}
    assert limits == {"submitted": week, "supplement": week, "review": later, "suspended": later}
