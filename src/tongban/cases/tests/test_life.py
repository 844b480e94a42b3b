"""The whole way of a case, and what it leaves behind at each turn."""

from datetime import date, timedelta

import pytest

from tongban.base.actor import SYSTEM
from tongban.base.errors import NotFound
from tongban.cases import actions, queries
from tongban.cases.actions import Point
from tongban.cases.errors import NotComplete, NotInThisState, OwnMatter, RatedAlready, StaleCase, TaskDone
from tongban.cases.kinds import DeliveryWish, FeeTerm, TermLimit, Terms
from tongban.cases.models import Case, Clock, FeeDemand, Task
from tongban.cases.tests import people
from tongban.cases.tests.people import NOW, City, open_task, process_without_limits
from tongban.ledger import actions as ledger
from tongban.ledger import queries as ledger_queries
from tongban.notifications import queries as notifications
from tongban.papers.kinds import PaperContent

DAY = timedelta(days=1)


def fresh(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def kinds_of_papers(case: Case) -> list[str]:
    return [row.paper.kind for row in queries.papers_of(case, for_applicant=True)]


def decide(city: City, case: Case, outcome: str = "granted") -> None:
    actions.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome=outcome,
        reasons="经审查,符合条件。",
        legal_basis="《中华人民共和国行政许可法》第三十八条",
        now=NOW,
    )


def content() -> PaperContent:
    return PaperContent(title="食品经营许可证", office="云澜市市场监督管理局", rows=(("经营者", "林知夏"),))


def test_opening_gives_number_clock_and_task(city: City) -> None:
    case = city.case()
    task = open_task(case, "acceptance")
    clock = case.clocks.get()
    assert case.number.startswith("20260302-")
    assert task.post == city.market.posts["acceptance"]
    assert (clock.kind, clock.due_on) == ("notice", date(2026, 3, 9))
    assert task.due_on == date(2026, 3, 9)
    assert fresh(case).due_on == date(2026, 3, 9)


def test_granted_online_case_runs_to_delivery(city: City) -> None:
    case = city.reviewed()
    decide(city, case)
    assert queries.ready_for_result(queries.case_by_id(case.id))
    result = actions.issue_result(
        actor=SYSTEM, case_id=case.id, name="食品经营许可证", valid_from=date(2026, 3, 2),
        valid_to=date(2031, 3, 1), content=content(), now=NOW,
    )  # fmt: skip
    assert result is not None
    done = fresh(case)
    assert done.state == "delivered"
    assert done.retain_until == date(2027, 3, 2)
    assert kinds_of_papers(done) == ["acceptance", "decision_granted", "result", "delivery"]
    assert not done.tasks.filter(state="open").exists()
    assert not done.clocks.exclude(state="ended").exists()
    with pytest.raises(NotInThisState):
        actions.issue_result(
            actor=SYSTEM, case_id=case.id, name="x", valid_from=date(2026, 3, 2), valid_to=None,
            content=content(), now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("with_process", [True, False])
def test_what_comes_after_acceptance_is_due_when_the_decision_is(city: City, *, with_process: bool) -> None:
    case = city.accepted(process=process_without_limits() if with_process else None)
    task = case.tasks.get(state="open")
    first = case.clocks.filter(state="running").order_by("due_on")[0]
    assert task.kind == ("review" if with_process else "decision")
    assert task.due_on == fresh(case).due_on == first.due_on != date(2026, 3, 9)
    assert task.provisional == first.provisional


def test_permit_clocks_start_at_acceptance(city: City) -> None:
    terms = Terms(item_type="01", promised=TermLimit(value=7, unit="working_day"))
    case = city.accepted(terms=terms)
    clocks = {clock.kind: clock for clock in case.clocks.all()}
    assert clocks["notice"].state == "ended"
    assert (clocks["statutory"].limit_value, clocks["statutory"].due_on) == (20, date(2026, 3, 30))
    assert clocks["promised"].due_on == date(2026, 3, 11)
    assert fresh(case).due_on == date(2026, 3, 11)
    assert open_task(case, "review").due_on == clocks["step"].due_on == date(2026, 3, 9)


def test_without_any_limit_only_supervision_watches_and_nobody_is_promised(city: City) -> None:
    case = city.accepted(terms=Terms(item_type="07"))
    assert {clock.kind for clock in case.clocks.all()} == {"policy", "step"}
    assert queries.clocks_of(case, today=date(2026, 3, 2), for_applicant=True) == []
    ledger.drain(NOW)
    told = notifications.box_of(city.lin.actor).first()
    assert told is not None
    assert "2026" not in told.subject


def test_a_supplement_ends_the_notice_clock_and_its_answer_starts_it_anew(city: City) -> None:
    case = city.case()
    with pytest.raises(NotComplete) as empty:
        actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=[], now=NOW)
    assert set(empty.value.fields) == {"points"}
    with pytest.raises(NotComplete) as wordless:
        actions.ask_supplement(
            actor=city.desk.actor, task=open_task(case, "acceptance"), points=[Point("material", "lease", " ")], now=NOW
        )
    assert set(wordless.value.fields) == {"words-material:lease"}
    request = actions.ask_supplement(
        actor=city.desk.actor,
        task=open_task(case, "acceptance"),
        points=[("material", "lease", "请上传有双方签字的合同"), ("field", "address", "请写明门牌号")],
        now=NOW,
    )
    assert request.answer_by == date(2026, 4, 1)
    waiting = fresh(case)
    assert (waiting.state, waiting.due_on) == ("supplement", None)
    assert len(queries.open_supplement_points(waiting)) == 2
    later = NOW + 3 * DAY
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, process_data={"form": {"a": 1}}, now=later)
    again = fresh(case)
    assert (again.state, again.due_on) == ("submitted", date(2026, 3, 12))
    assert again.process_data == {"form": {"a": 1}}
    assert again.clocks.filter(state="ended").count() == 1
    with pytest.raises(NotInThisState):
        actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=later)


def test_unknown_target_of_a_supplement_is_refused(city: City) -> None:
    case = city.case()
    with pytest.raises(NotFound):
        actions.ask_supplement(
            actor=city.desk.actor, task=open_task(case, "acceptance"), points=[("material", "other", "x")], now=NOW
        )
    assert fresh(case).state == "submitted"


def test_an_overdue_supplement_lapses(city: City) -> None:
    case = city.case()
    task = open_task(case, "acceptance")
    actions.ask_supplement(actor=city.desk.actor, task=task, points=[("material", "lease", "x")], now=NOW)
    assert actions.lapse_overdue(now=NOW + 30 * DAY) == 0
    assert actions.lapse_overdue(now=NOW + 31 * DAY) == 1
    assert fresh(case).state == "lapsed"
    assert actions.lapse_overdue(now=NOW + 31 * DAY) == 0


def test_a_provisional_date_is_never_acted_upon(city: City) -> None:
    far = NOW.replace(year=2027, month=12, day=20)
    case = city.case(now=far)
    task = open_task(case, "acceptance")
    request = actions.ask_supplement(actor=city.desk.actor, task=task, points=[("material", "lease", "x")], now=far)
    assert request.provisional
    assert actions.lapse_overdue(now=far + 90 * DAY) == 0
    assert fresh(case).state == "supplement"


def test_not_accepting_needs_reason_basis_and_advice(city: City) -> None:
    case = city.case()
    task = open_task(case, "acceptance")
    with pytest.raises(NotComplete) as missing:
        actions.refuse_acceptance(actor=city.desk.actor, task=task, reason="", legal_basis=" ", what_else="", now=NOW)
    assert set(missing.value.fields) == {"reason", "legal_basis", "what_else"}
    actions.refuse_acceptance(
        actor=city.desk.actor, task=task, reason="不属于本机关职权", legal_basis="行政许可法第三十二条",
        what_else="请向省局申请", now=NOW,
    )  # fmt: skip
    ended = fresh(case)
    assert ended.state == "not_accepted"
    assert ended.ended_at == NOW
    assert kinds_of_papers(case) == ["non_acceptance"]


def test_passing_on_keeps_the_day_of_receipt(city: City) -> None:
    case = city.case()
    health_desk = city.health.staff("acceptance")
    task = open_task(case, "acceptance")
    with pytest.raises(NotComplete):
        actions.pass_on(actor=city.desk.actor, task=task, organisation_id=city.market.organisation.id, now=NOW)
    actions.pass_on(
        actor=city.desk.actor, task=task, organisation_id=city.health.organisation.id, word="属卫健职权", now=NOW + DAY
    )
    passed = fresh(case)
    assert passed.organisation_id == city.health.organisation.id
    assert passed.due_on == date(2026, 3, 9)
    actions.accept(actor=health_desk.actor, task=open_task(case, "acceptance"), now=NOW + DAY)
    assert fresh(case).state == "review"


def test_a_refusal_names_remedies_and_is_complete_at_once(city: City) -> None:
    case = city.reviewed(terms=Terms(item_type="01", fees=(FeeTerm(name="工本费", amount_fen=1000),)))
    with pytest.raises(NotComplete) as missing:
        actions.decide(
            actor=city.head.actor, task=open_task(case, "decision"), outcome="refused", reasons="不符合", now=NOW
        )
    assert set(missing.value.fields) == {"legal_basis"}
    decide(city, case, "refused")
    ended = fresh(case)
    assert ended.state == "delivered"
    assert "60" in ended.decision.remedies
    assert ended.fees.get().state == "waived"
    assert "decision_refused" in kinds_of_papers(ended)


def test_fees_open_amounts_are_asked_and_the_result_waits_for_them(city: City) -> None:
    terms = Terms(item_type="01", fees=(FeeTerm(name="检测费"), FeeTerm(name="工本费", amount_fen=500)))
    case = city.case(terms=terms)
    task = open_task(case, "acceptance")
    with pytest.raises(NotComplete) as missing:
        actions.accept(actor=city.desk.actor, task=task, now=NOW)
    assert set(missing.value.fields) == {"fee-0"}
    actions.accept(actor=city.desk.actor, task=task, fee_amounts={"检测费": 12_300}, now=NOW)
    assert sorted(case.fees.values_list("amount_fen", flat=True)) == [500, 12_300]
    review = open_task(case, "review")
    actions.complete_review(actor=city.reviewer.actor, task=review, choice="agree", now=NOW)
    decide(city, case)
    assert not queries.ready_for_result(queries.case_by_id(case.id))
    clerk = city.market.staff("fees")
    for fee in queries.fees_due(clerk.actor):
        actions.settle_fee(actor=clerk.actor, fee=fee, receipt_number="湘财 0001", now=NOW)
    assert queries.ready_for_result(queries.case_by_id(case.id))
    other = city.health.staff("fees")
    with pytest.raises(NotFound):
        actions.settle_fee(actor=other.actor, fee=FeeDemand.objects.all()[0], receipt_number="1", now=NOW)


def test_a_fee_that_is_not_due_after_all_is_noted_with_its_reason_and_demands_nothing(city: City) -> None:
    case = city.case(
        terms=Terms(item_type="01", fees=(FeeTerm(name="检测费", standard="按面积计"), FeeTerm(name="工本费")))
    )
    task = open_task(case, "acceptance")
    amounts = {"检测费": 0, "工本费": 500}
    for reasons in ({}, {"检测费": " "}, {"工本费": "免"}):
        with pytest.raises(NotComplete) as missing:
            actions.accept(actor=city.desk.actor, task=task, fee_amounts=amounts, fee_reasons=reasons, now=NOW)
        assert set(missing.value.fields) == {"fee-0-reason"}
    assert fresh(case).state == "submitted"
    assert not case.fees.exists()
    reasons = {"检测费": "不足 10 平方米，免收", "工本费": "不作数"}
    actions.accept(actor=city.desk.actor, task=task, fee_amounts=amounts, fee_reasons=reasons, now=NOW)
    dropped, due = case.fees.order_by("amount_fen")
    assert (dropped.state, dropped.waive_reason, dropped.paper_id) == ("not_due", "不足 10 平方米，免收", None)
    assert (due.state, due.waive_reason, due.amount_fen) == ("due", "", 500)
    assert kinds_of_papers(case).count("fee_demand") == 1
    told = [event.kind for event in ledger_queries.history_of("case", case.id)]
    assert (told.count("cases.fee_demanded"), told.count("cases.fee_found_not_due")) == (1, 1)


def test_nobody_accepts_a_case_with_an_open_fee_in_bulk(city: City) -> None:
    case = city.case(terms=Terms(item_type="01", fees=(FeeTerm(name="检测费", standard="按面积计"),)))
    outcome = actions.accept_many(actor=city.desk.actor, tasks=[open_task(case, "acceptance")], now=NOW)
    assert [number for number, _words in outcome.refused] == [case.number]
    assert fresh(case).state == "submitted"


def test_delivery_at_the_window(city: City) -> None:
    case = city.reviewed(delivery=DeliveryWish(way="window"))
    decide(city, case)
    actions.issue_result(
        actor=SYSTEM, case_id=case.id, name="许可证", valid_from=date(2026, 3, 2), valid_to=None,
        content=content(), now=NOW,
    )  # fmt: skip
    assert fresh(case).state == "completed"
    task = open_task(case, "delivery")
    assert task.due_on == date(2026, 3, 16)
    clerk = city.market.staff("delivery")
    with pytest.raises(NotComplete):
        actions.deliver(actor=clerk.actor, task=task, way="window", now=NOW)
    actions.deliver(actor=clerk.actor, task=task, way="window", handed_to="本人,身份证已核", now=NOW)
    assert fresh(case).state == "delivered"
    with pytest.raises(TaskDone):
        actions.deliver(actor=clerk.actor, task=task, way="window", handed_to="本人", now=NOW)


def test_withdrawing_ends_everything(city: City) -> None:
    case = city.accepted()
    stranger = people.resident("陌生人")
    with pytest.raises(NotFound):
        actions.withdraw(actor=stranger.actor, case=case, now=NOW)
    assert fresh(case).state == "review"
    actions.withdraw(actor=city.lin.actor, case=case, reason="不办了", now=NOW)
    ended = fresh(case)
    assert ended.state == "withdrawn"
    assert set(ended.tasks.values_list("state", flat=True)) == {"done", "cancelled"}
    assert not ended.clocks.exclude(state=Clock.State.ENDED).exists()
    assert kinds_of_papers(case)[-1] == "withdrawal"


def test_a_decided_case_cannot_be_withdrawn(city: City) -> None:
    case = city.reviewed()
    decide(city, case)
    with pytest.raises(NotInThisState):
        actions.withdraw(actor=city.lin.actor, case=case, now=NOW)


def test_a_stale_page_is_refused_and_told_what_has_changed(city: City) -> None:
    case = city.case()
    task = open_task(case, "acceptance")
    other = city.market.staff("acceptance", "孙受理")
    actions.hand_over(actor=city.desk.actor, task=task, to_official_id=other.official_id, word="请看", now=NOW)
    with pytest.raises(StaleCase) as stale:
        actions.accept(actor=other.actor, task=task, revision=1, now=NOW)
    assert stale.value.changes
    assert fresh(case).state == "submitted"
    actions.accept(actor=other.actor, task=task, revision=fresh(case).revision, now=NOW)


def test_every_turn_is_told_in_the_language_of_the_account(city: City) -> None:
    ann = people.resident("Ann Lee", language="en")
    case = people.open_case(city.market, ann)
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    ledger.drain(NOW)
    subjects = list(notifications.box_of(ann.actor).values_list("subject", flat=True))
    assert "Accepted: Food licence" in subjects
    assert "Received: Food licence" in subjects


def test_each_change_is_in_the_ledger_with_the_revision(city: City) -> None:
    case = city.reviewed()
    decide(city, case)
    happened = [event.kind for event in ledger_queries.history_of("case", case.id)]
    assert happened == [
        "cases.case_opened", "cases.case_accepted", "cases.review_completed", "cases.case_decided",
    ]  # fmt: skip
    revisions = [event.data["revision"] for event in ledger_queries.history_of("case", case.id)]
    assert revisions == sorted(revisions)


def test_rating_once_and_only_by_the_applicant(city: City) -> None:
    case = city.reviewed()
    with pytest.raises(NotInThisState):
        actions.rate(actor=city.lin.actor, case=case, level=1, now=NOW)
    decide(city, case, "refused")
    with pytest.raises(OwnMatter):
        actions.rate(actor=city.head.actor, case=case, level=1, now=NOW)
    actions.rate(actor=city.lin.actor, case=case, level=2, words="很快", now=NOW)
    with pytest.raises(RatedAlready):
        actions.rate(actor=city.lin.actor, case=case, level=1, now=NOW)


def test_a_case_without_a_process_goes_straight_to_the_decision(city: City) -> None:
    case = city.accepted(process=None)
    assert open_task(case, "decision").post == city.market.posts["approval"]
    assert Task.objects.filter(kind="review").count() == 0
