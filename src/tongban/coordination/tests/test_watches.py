"""Each thing that is watched, found in a case that came to it as cases do; and not found in one that did not."""

from datetime import date, datetime, timedelta

import pytest

from tongban.base.actor import SYSTEM
from tongban.cases import actions as cases
from tongban.cases.kinds import DeliveryWish, FeeTerm, TermLimit, Terms
from tongban.cases.models import Case, Clock, Task
from tongban.cases.tests.people import NOW, City, Staff, open_task
from tongban.coordination import actions
from tongban.coordination.models import Finding, Order
from tongban.coordination.rules.table import WATCHES
from tongban.coordination.tests.test_looking import standing
from tongban.ledger import actions as ledger
from tongban.ledger.queries import history_of
from tongban.notifications.models import Message
from tongban.papers.kinds import PaperContent
from tongban.processes import actions as processes
from tongban.processes.tests import invented

pytestmark = pytest.mark.django_db
TERMS = Terms(item_type="01", item_code="X1", promised=TermLimit(value=5, unit="working_day"), retention_years=1)
DAY = timedelta(days=1)
REASONS = "油烟净化设施未安装，不符合第三条"
LAW = "《中华人民共和国行政许可法》第三十八条"


def at(day: str, hour: int = 1) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")


def found(case: Case, watch: str) -> Finding:
    """Return the one warning of this kind that stands against a case."""
    return Finding.objects.get(case=case, watch=watch, ended_at=None)


def told() -> set[object]:
    return set(Message.objects.filter(key__startswith="supervision-").values_list("account_id", flat=True))


def decide(city: City, case: Case, outcome: str, reasons: str, when: datetime) -> None:
    cases.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome=outcome,
        reasons=reasons,
        legal_basis=LAW,
        now=when,
    )


def test_near_due_and_the_whole_late_and_over_when_it_is_decided(city: City) -> None:
    case = city.reviewed(terms=TERMS)
    actions.look(now=at("2026-03-05"))
    assert standing(case) == set()
    actions.look(now=at("2026-03-06"))
    assert (found(case, "near_due").due_on, found(case, "near_due").post_id) == (date(2026, 3, 9), city.head.post.id)
    actions.look(now=at("2026-03-09", 15))
    assert standing(case) == {("near_due", "yellow")}
    actions.look(now=at("2026-03-10"))
    assert standing(case) == {("whole_late", "red")}
    assert found(case, "whole_late").organisation_id == city.market.organisation.id
    decide(city, case, "refused", REASONS, at("2026-03-10"))
    ledger.drain(at("2026-03-10"))
    assert standing(case) == set()


def test_a_step_is_late_and_then_very_late(city: City) -> None:
    text = invented.bpmn(
        invented.start(), invented.step("a", more='tongban:limit="3"'), invented.end(), invented.chain("s", "a", "e")
    )
    limited = processes.publish(code="limited", name="限时审查", bpmn=text, now=NOW)
    case, other = city.accepted(terms=TERMS, process=limited), city.accepted(terms=TERMS)
    actions.look(now=at("2026-03-05"))
    assert standing(case) == {("near_due", "yellow")}
    actions.look(now=at("2026-03-06"))
    late = found(case, "step_late")
    assert (late.rule, late.colour, late.post_id) == ("step_late", "yellow", city.reviewer.post.id)
    assert not Finding.objects.filter(case=other, watch="step_late").exists()
    actions.look(now=at("2026-03-10"))
    assert found(case, "step_late").rule == "step_late"
    actions.look(now=at("2026-03-11"))
    assert (found(case, "step_late").rule, found(case, "step_late").colour) == ("step_very_late", "red")
    cases.complete_review(
        actor=city.reviewer.actor, task=open_task(case, "review"), choice="agree", opinion="好", now=at("2026-03-12")
    )
    ledger.drain(at("2026-03-12"))
    assert not Finding.objects.filter(case=case, watch="step_late", ended_at=None).exists()


def test_a_result_is_not_delivered_in_time(city: City) -> None:
    """Ten working days from the decision (行政许可法 art. 44): from 2 March until the 16th."""
    case = city.reviewed(terms=TERMS, delivery=DeliveryWish(way="window", electronic=False))
    decide(city, case, "granted", "符合条件，予以许可。", NOW)
    cases.issue_result(
        actor=SYSTEM,
        case_id=case.id,
        name="食品经营许可证",
        valid_from=date(2026, 3, 2),
        valid_to=date(2031, 3, 1),
        content=PaperContent(title="食品经营许可证", office="云澜市市场监督管理局", rows=(("经营者", "林知夏"),)),
        now=NOW,
    )
    assert Clock.objects.get(case=case, kind="delivery").due_on == date(2026, 3, 16)
    actions.look(now=at("2026-03-16", 15))
    assert standing(case) == {("near_due", "yellow")}
    actions.look(now=at("2026-03-17"))
    late = found(case, "undelivered")
    assert (late.colour, late.post_id) == ("yellow", open_task(case, "delivery").post_id)
    giver = city.market.staff("delivery", "孙发证")
    cases.deliver(
        actor=giver.actor, task=open_task(case, "delivery"), way="window", handed_to="林知夏", now=at("2026-03-17")
    )
    ledger.drain(at("2026-03-17"))
    assert standing(case) == set()


def test_a_result_that_is_never_issued_is_not_delivered_in_time_either(city: City) -> None:
    """The ten days run from the decision; while the applicant owes a fee they stand, and nobody is warned."""
    charged = Terms(item_type="01", item_code="X1", fees=(FeeTerm(name="工本费", amount_fen=1000),), retention_years=1)
    stuck, owing = city.reviewed(terms=TERMS), city.reviewed(terms=charged)
    for case in (stuck, owing):
        decide(city, case, "granted", "符合条件，予以许可。", NOW)
    actions.look(now=at("2026-03-17"))
    assert found(stuck, "undelivered").organisation_id == city.market.organisation.id
    assert not Finding.objects.filter(case=owing).exists()
    cashier = city.market.staff("fees", "吴收费")
    cases.settle_fee(actor=cashier.actor, fee=owing.fees.get(), receipt_number="票1", now=at("2026-03-17"))
    actions.look(now=at("2026-03-31"))
    assert Clock.objects.get(case=owing, kind="delivery").due_on == date(2026, 3, 30)
    assert found(owing, "undelivered").due_on == date(2026, 3, 30)


def test_a_second_supplement_is_found_and_a_first_is_not(city: City) -> None:
    case, points = city.case(terms=TERMS), [("material", "lease", "缺签字")]
    cases.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=NOW)
    ledger.drain(NOW)
    assert standing(case) == set()
    cases.give_supplement(actor=city.lin.actor, case_id=case.id, now=NOW + DAY)
    cases.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=NOW + DAY)
    ledger.drain(NOW + DAY)
    second = found(case, "second_supplement")
    assert (second.since, second.post_id, second.lasting) == (NOW + DAY, city.desk.post.id, True)
    cases.give_supplement(actor=city.lin.actor, case_id=case.id, now=NOW + 2 * DAY)
    ledger.drain(NOW + 2 * DAY)
    assert found(case, "second_supplement") == second


def test_passed_on_late_is_held_against_who_kept_it(city: City) -> None:
    in_time, late = city.case(terms=TERMS), city.case(terms=TERMS)
    for case, when in ((in_time, NOW + 2 * DAY), (late, NOW + 3 * DAY)):
        cases.pass_on(
            actor=city.desk.actor,
            task=open_task(case, "acceptance"),
            organisation_id=city.health.organisation.id,
            word="属卫健职权",
            now=when,
        )
    ledger.drain(NOW + 3 * DAY)
    assert not Finding.objects.filter(case=in_time, watch="passed_on_late").exists()
    assert found(late, "passed_on_late").post_id == city.desk.post.id


def test_passed_around_between_offices_and_colleagues(city: City) -> None:
    case, colleague = city.case(terms=TERMS), city.health.staff("acceptance", "吴受理")
    givers = [(city.desk, city.health), (colleague, city.market), (city.desk, city.health)]
    for number, (giver, to) in enumerate(givers):
        cases.pass_on(
            actor=giver.actor,
            task=open_task(case, "acceptance"),
            organisation_id=to.organisation.id,
            word="不属本局",
            now=NOW + timedelta(hours=number),
        )
        ledger.drain(NOW)
        assert bool(Finding.objects.filter(case=case, watch="passed_around").exists()) == (number == 2)
    assert found(case, "passed_around").post_id == colleague.post.id


@pytest.mark.parametrize(("reasons", "is_found"), [("不符合条件", True), (REASONS, False)])
def test_a_refusal_without_reasons_demands_an_order(city: City, reasons: str, *, is_found: bool) -> None:
    case = city.reviewed(terms=TERMS)
    decide(city, case, "refused", reasons, NOW)
    ledger.drain(NOW)
    assert (("no_reasons", "red") in standing(case)) == is_found
    assert Order.objects.filter(case=case, post=city.head.post).exists() == is_found
    if is_found:
        assert found(case, "no_reasons").official_id == city.head.official_id


def test_a_step_that_was_left_out_before_the_decision(city: City) -> None:
    """No action of ours leaves one out; a case taken over from another system may have come so."""
    case, other = city.reviewed(terms=TERMS), city.reviewed(terms=TERMS)
    step = Task.objects.get(case=case, kind="review")
    Task.objects.filter(id=step.id).update(state="cancelled", outcome="", done_by=None)
    for one in (case, other):
        decide(city, one, "refused", REASONS, NOW)
    ledger.drain(NOW)
    assert found(case, "step_skipped").about_id == step.id
    assert not Finding.objects.filter(case=other, watch="step_skipped").exists()


def test_deemed_acceptance_is_a_mark_on_the_office(city: City) -> None:
    case = city.case(terms=TERMS)
    over = datetime.fromisoformat("2026-03-09T09:00:00+00:00")
    assert cases.deem_accepted(now=over, limit=10) == [case.id]
    ledger.drain(over)
    assert found(case, "deemed_accepted").colour == "red"
    assert found(case, "deemed_accepted").lasting
    accepted = city.accepted(terms=TERMS)
    ledger.drain(over)
    assert not Finding.objects.filter(case=accepted, watch="deemed_accepted").exists()


@pytest.mark.parametrize(("level", "is_found"), [(5, True), (4, True), (3, False)])
def test_a_bad_rating_is_watched_until_somebody_answers(city: City, level: int, *, is_found: bool) -> None:
    case = city.reviewed(terms=TERMS)
    decide(city, case, "refused", REASONS, NOW)
    cases.rate(actor=city.lin.actor, case=case, level=level, words="没人理我", now=NOW)
    actions.look(now=at("2026-03-16"))
    assert standing(case) == set()
    actions.look(now=at("2026-03-17"))
    assert standing(case) == ({("bad_rating_soon", "yellow")} if is_found else set())
    actions.look(now=at("2026-03-23"))
    assert standing(case) == ({("bad_rating_soon", "yellow")} if is_found else set())
    actions.look(now=at("2026-03-24"))
    assert standing(case) == ({("bad_rating", "red")} if is_found else set())
    ledger.drain(at("2026-03-24"))
    assert Order.objects.filter(case=case).exists() == is_found
    if is_found:
        cases.answer_rating(
            actor=city.desk.actor, case=case, words="已核实，今后一次告知，并当面致歉。", now=at("2026-03-24")
        )
        ledger.drain(at("2026-03-24"))
        assert standing(case) == set()


def test_everything_that_can_be_watched_has_a_test_here() -> None:
    """Whoever adds a watch adds a case that comes to it."""
    proved = {
        "near_due", "whole_late", "step_late", "undelivered", "second_supplement", "passed_on_late", "passed_around",
        "no_reasons", "step_skipped", "deemed_accepted", "bad_rating",
    }  # fmt: skip
    assert set(WATCHES) == proved


@pytest.fixture
def supervisor(city: City) -> Staff:
    return city.market.staff("supervisor", "鉴明")


def test_a_warning_goes_up_by_itself(city: City, supervisor: Staff) -> None:
    """Yellow the day before, red when late, with an order three days later, to the superior after five more."""
    case = city.accepted(terms=TERMS)
    seen = []
    for day in ("2026-03-06", "2026-03-10", "2026-03-13", "2026-03-20", "2026-03-23"):
        actions.look(now=at(day))
        ledger.drain(at(day))
        actions.escalate(now=at(day))
        ledger.drain(at(day))
        one = Finding.objects.get(case=case, ended_at=None)
        seen.append((one.rule, one.colour, one.escalated_at is not None, city.head.actor.account_id in told()))
    assert seen == [
        ("near_due", "yellow", False, False),
        ("whole_late", "red", False, True),
        ("whole_very_late", "red", False, True),
        ("whole_very_late", "red", False, True),
        ("whole_very_late", "red", True, True),
    ]
    order = Order.objects.get(case=case)
    assert (order.post_id, order.due_on, order.superior_post_id) == (
        city.reviewer.post.id, date(2026, 3, 18), city.head.post.id,
    )  # fmt: skip
    up = Message.objects.filter(account_id=city.head.actor.account_id, subject__contains="仍未")  # type: ignore[misc]  # it has one
    assert up.count() == 1
    actions.escalate(now=at("2026-03-24"))
    ledger.drain(at("2026-03-24"))
    assert up.count() == 1
    kinds = [event.kind for event in history_of("case", case.id)]
    assert kinds.count("coordination.warning_escalated") == 1
    assert kinds.count("coordination.warning_raised") == 3
    assert supervisor.actor.account_id in told()
