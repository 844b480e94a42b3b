"""What happens by itself: deemed acceptance, deemed renewal, and what else belongs to the timer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from tongban.base.actor import SYSTEM
from tongban.cases import actions, queries
from tongban.cases.errors import FeesUnfixed, NotComplete, NothingToFix, TaskDone
from tongban.cases.kinds import FeeTerm, ResultTerm, TermLimit, Terms
from tongban.cases.models import Case, Clock, Decision, FeeDemand, Result, Suspension, Task
from tongban.cases.tests.people import NOW, City, client_of, open_case, open_task
from tongban.ledger import actions as ledger
from tongban.ledger.queries import history_of
from tongban.notifications import queries as notifications
from tongban.papers.kinds import PaperContent
from tongban.papers.models import Paper

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LAST_DAY = date(2026, 3, 9)
"""Five working days after NOW, a Monday."""
OVER = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
"""17:00 of that day in the office."""
SECOND = timedelta(seconds=1)
PERMIT_ENDS = date(2026, 4, 11)
MIDNIGHT = datetime(2026, 4, 11, 16, 0, tzinfo=UTC)
STATED = FeeTerm(name="工本费", amount_fen=1000)
OPEN = FeeTerm(name="检测费", standard="按项目收取")


def fresh(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def kinds_of_papers(case: Case) -> list[str]:
    return list(case.case_papers.order_by("paper__issued_at", "paper_id").values_list("paper__kind", flat=True))


def test_who_is_not_told_in_time_is_accepted_from_the_day_of_receipt(city: City) -> None:
    case = city.case(terms=Terms(item_type="01", promised=TermLimit(value=7, unit="working_day"), fees=(STATED,)))
    task = open_task(case, "acceptance")
    assert actions.deem_accepted(now=OVER - SECOND, limit=10) == []
    assert fresh(case).state == "submitted"
    assert actions.deem_accepted(now=OVER, limit=10) == [case.id]
    assert actions.deem_accepted(now=OVER, limit=10) == []
    turned = fresh(case)
    assert (turned.state, turned.acceptance_is_deemed, turned.accepted_at) == ("review", True, NOW)
    running = {clock.kind: (clock.started_at, clock.due_on) for clock in case.clocks.filter(state="running")}
    assert running.pop("step") == (OVER, date(2026, 3, 11)), "begins only now, and ends with the whole"
    assert running == {"statutory": (NOW, date(2026, 3, 30)), "promised": (NOW, date(2026, 3, 11))}
    assert case.clocks.get(kind="notice").ended_by == "deemed_accepted"
    task.refresh_from_db()
    assert (task.state, task.done_by_id) == ("cancelled", None)
    assert (open_task(case, "review").due_on, turned.due_on) == (date(2026, 3, 11), date(2026, 3, 11))
    assert sorted(kinds_of_papers(case)) == ["acceptance_deemed", "fee_demand"]
    assert FeeDemand.objects.get(case=case).paper is not None
    paper = Paper.objects.get(kind="acceptance_deemed")
    assert "2026年3月2日" in "".join(paper.content["paragraphs"])
    [mark] = [one for one in history_of("case", case.id) if one.kind == "cases.case_deemed_accepted"]
    assert mark.data["organisation_id"] == str(city.market.organisation.id)
    assert mark.data["late_post_id"] == str(task.post_id)


def test_the_applicant_hears_of_it_and_both_pages_say_so(city: City) -> None:
    case = city.case()
    actions.deem_accepted(now=OVER, limit=10)
    ledger.drain(OVER)
    told = [message.subject for message in notifications.box_of(city.lin.actor)]
    assert any("依法视为受理" in subject for subject in told), told
    shown = client_of(city.lin.username).get(reverse("cases:follow", args=[case.number])).content.decode()
    assert "依法视为受理" in shown
    assert "逾期未告知，已视为受理" in shown
    assert "超期办结" not in shown
    shown = client_of(city.reviewer.username).get(reverse("cases:case", args=[case.number])).content.decode()
    assert "依法视为受理" in shown


def test_it_goes_on_as_any_other_case(city: City) -> None:
    case = city.case()
    actions.deem_accepted(now=OVER, limit=10)
    actions.complete_review(actor=city.reviewer.actor, task=open_task(case, "review"), choice="agree", now=OVER)
    decision = actions.decide(
        actor=city.head.actor, task=open_task(case, "decision"), outcome="granted", reasons="符合条件", now=OVER
    )
    assert decision.outcome == "granted"
    with pytest.raises(TaskDone) as late:
        actions.accept(actor=city.desk.actor, task=Task.objects.get(case=case, kind="acceptance"), now=OVER)
    assert late.value.changes


def test_an_amount_that_was_left_open_is_fixed_before_the_grant(city: City) -> None:
    case = city.case(terms=Terms(item_type="01", fees=(STATED, OPEN)))
    actions.deem_accepted(now=OVER, limit=10)
    assert list(case.fees.values_list("name", flat=True)) == ["工本费"]
    review = open_task(case, "review")
    with pytest.raises(NotComplete):
        actions.fix_open(actor=city.reviewer.actor, task=review, fee_amounts={}, now=OVER)
    actions.complete_review(actor=city.reviewer.actor, task=review, choice="agree", now=OVER)
    task = open_task(case, "decision")
    with pytest.raises(FeesUnfixed):
        actions.decide(actor=city.head.actor, task=task, outcome="granted", reasons="符合条件", now=OVER)
    assert fresh(case).state == "review"
    actions.fix_open(actor=city.head.actor, task=task, fee_amounts={"检测费": 2500}, now=OVER)
    assert dict(case.fees.values_list("name", "amount_fen")) == {"工本费": 1000, "检测费": 2500}
    with pytest.raises(NothingToFix):
        actions.fix_open(actor=city.head.actor, task=task, fee_amounts={"检测费": 2500}, now=OVER)
    actions.decide(actor=city.head.actor, task=task, outcome="granted", reasons="符合条件", now=OVER)
    assert kinds_of_papers(case).count("fee_demand") == 2


def test_a_provisional_end_is_never_acted_upon(city: City) -> None:
    case = city.case()
    Clock.objects.filter(case=case).update(provisional=True)
    assert not actions.act_on_what_is_due(now=OVER + 30 * DAY).done
    assert fresh(case).state == "submitted"


def test_only_where_the_table_says_so(city: City) -> None:
    case = city.case(terms=Terms(item_type="07", promised=TermLimit(value=5, unit="working_day")))
    assert not actions.act_on_what_is_due(now=OVER + 30 * DAY).done
    assert fresh(case).state == "submitted"


def test_what_is_sent_in_later_starts_the_time_anew(city: City) -> None:
    case = city.case()
    points = [("material", "lease", "缺签字")]
    actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=NOW)
    assert actions.deem_accepted(now=OVER + DAY, limit=10) == []
    again = OVER + 2 * DAY
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=again)
    assert actions.deem_accepted(now=again + 5 * DAY, limit=10) == []
    assert actions.deem_accepted(now=again + 8 * DAY, limit=10) == [case.id]
    assert fresh(case).accepted_at == again


def test_questions_to_superiors_are_dropped(city: City) -> None:
    case = city.case()
    points = [("material", "lease", "缺签字")]
    actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=NOW)
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=NOW)
    actions.ask_late_supplement(
        actor=city.desk.actor,
        task=open_task(case, "acceptance"),
        points=[("field", "address", "不详")],
        reasons="看漏",
        now=NOW,
    )
    actions.deem_accepted(now=OVER, limit=10)
    assert case.approvals.get().granted is False
    assert [task.kind for task in case.tasks.filter(state="open")] == ["review"]


def test_many_at_once_have_numbers_without_gaps(city: City) -> None:
    cases = [city.case() for _case in range(5)]
    aside = cases[2]
    actions.stand_aside(actor=city.reviewer.actor, case=_seen_by_reviewer(city, aside), reason="亲属", now=NOW)
    assert len(actions.deem_accepted(now=OVER, limit=3)) == 3
    assert len(actions.deem_accepted(now=OVER, limit=3)) == 2
    serials = Paper.objects.filter(kind="acceptance_deemed").order_by("serial").values_list("serial", flat=True)
    assert list(serials) == [1, 2, 3, 4, 5]
    assert open_task(aside, "review").post_id != city.reviewer.post.id


def _seen_by_reviewer(city: City, case: Case) -> Case:
    Task.objects.filter(case=case).update(post=city.reviewer.post)
    return case


def test_one_case_that_fails_keeps_nobody_up(city: City) -> None:
    broken, case = city.case(), city.case()
    Case.objects.filter(id=broken.id).update(state="lapsed")
    timer = actions.Timer()
    assert actions.act_on_what_is_due(now=OVER).failed == {broken.id}
    assert fresh(case).state == "review"
    other = city.case(now=NOW + DAY)
    timer.go_on(now=OVER + DAY)
    assert fresh(other).state == "review"
    Case.objects.filter(id=broken.id).update(state="submitted")
    timer.go_on(now=OVER + DAY)
    assert fresh(broken).state == "submitted", "it is left alone for a while"
    timer.go_on(now=OVER + 2 * DAY)
    assert fresh(broken).state == "review"


def permit(city: City, *, last_day: date | None = PERMIT_ENDS) -> Result:
    """Return a permit in force that Lin holds."""
    case = city.reviewed()
    actions.decide(
        actor=city.head.actor, task=open_task(case, "decision"), outcome="granted", reasons="符合条件", now=NOW
    )
    return issue(case, valid_to=last_day)


def issue(case: Case, *, valid_to: date | None) -> Result:
    content = PaperContent(office="云澜市市场监督管理局", title="食品经营许可证")
    result = actions.issue_result(
        actor=SYSTEM,
        case_id=case.id,
        name="食品经营许可证",
        valid_from=NOW.date(),
        valid_to=valid_to,
        content=content,
        now=NOW,
    )
    assert result is not None
    return result


def renewal(city: City, held: Result, **changes: object) -> Case:
    values = {"terms": Terms(item_type="01", result=ResultTerm(kind="licence", name="食品经营许可证", succeeds=True))}
    return open_case(city.market, city.lin, predecessor_id=held.id, **{**values, **changes})


def test_a_renewal_has_a_clock_that_ends_with_the_permit(city: City) -> None:
    case = renewal(city, permit(city))
    clock = case.clocks.get(kind="renewal")
    assert (clock.due_on, clock.due_at, clock.provisional) == (PERMIT_ENDS, MIDNIGHT, False)
    [shown] = [one for one in queries.clocks_of(case, today=NOW.date(), for_applicant=True) if one.kind == "renewal"]
    assert "2026年4月11日" in shown.sentences[0]
    assert "第五十条" in shown.sentences[0]
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW + DAY)
    clock.refresh_from_db()
    assert (clock.state, fresh(case).due_on) == ("running", date(2026, 3, 31))
    suspension = actions.begin_procedure(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        procedure="inspection",
        ground="现场核查",
        expected=TermLimit(value=30, unit="working_day"),
        now=NOW + DAY,
    )
    assert suspension.ended_at is None
    clock.refresh_from_db()
    assert (clock.state, clock.due_at, fresh(case).due_on) == ("running", MIDNIGHT, PERMIT_ENDS)


@pytest.mark.parametrize(
    ("last_day", "succeeds", "asked"),
    [
        (None, True, NOW),
        (date(2026, 3, 31), True, NOW),
        (PERMIT_ENDS, "change", NOW),
        (PERMIT_ENDS, True, NOW + 11 * DAY),
    ],
)
def test_no_clock_where_nothing_can_be_deemed(
    city: City,
    last_day: date | None,
    succeeds: bool | str,  # noqa: FBT001 - a row of the table
    asked: datetime,
) -> None:
    terms = Terms(item_type="01", result=ResultTerm(kind="licence", name="证", succeeds=succeeds))
    case = renewal(city, permit(city, last_day=last_day), terms=terms, now=asked)
    assert not case.clocks.filter(kind="renewal").exists()


def test_asked_on_the_thirtieth_day_before_is_in_time(city: City) -> None:
    assert renewal(city, permit(city), now=NOW + 10 * DAY).clocks.filter(kind="renewal").exists()


@pytest.mark.parametrize("state", ["submitted", "supplement", "review", "suspended"])
def test_no_decision_by_the_last_day_renews_the_permit(city: City, state: str) -> None:
    held = permit(city)
    case = renewal(city, held)
    _bring(city, case, state)
    assert fresh(case).state == state
    assert actions.deem_renewed(now=MIDNIGHT - SECOND, limit=10) == []
    assert actions.deem_renewed(now=MIDNIGHT, limit=10) == [case.id]
    assert actions.deem_renewed(now=MIDNIGHT, limit=10) == []
    renewed, decision = fresh(case), Decision.objects.get(case=case)
    assert (renewed.state, renewed.decided_at, renewed.due_on) == ("decided", MIDNIGHT, date(2026, 4, 27))
    assert (decision.outcome, decision.is_deemed, decision.official_id, decision.post_id) == (
        "granted", True, None, None,
    )  # fmt: skip
    assert "第五十条" in decision.legal_basis
    assert decision.paper is not None
    assert held.number in "".join(decision.paper.content["paragraphs"])
    assert not case.tasks.filter(state="open").exists()
    assert case.clocks.exclude(state="ended").get().kind == "delivery", "ten days from the decision of the law"
    assert not case.suspensions.filter(ended_at__isnull=True).exists()
    assert [one.kind for one in history_of("case", case.id)][-2:] == [
        "cases.case_deemed_renewed", "cases.case_decided",
    ]  # fmt: skip
    successor = issue(case, valid_to=PERMIT_ENDS + 365 * DAY)
    assert successor.predecessor_id == held.id
    ledger.drain(MIDNIGHT)
    told = [message.subject for message in notifications.box_of(city.lin.actor)]
    assert sum("依法视为准予延续" in subject for subject in told) == 1
    assert sum("准予" in subject for subject in told) == 2, "the grant of the first permit, and the renewal"
    for who, page in ((city.lin, "cases:follow"), (city.desk, "cases:case")):
        shown = client_of(who.username).get(reverse(page, args=[case.number]))
        assert "依法视为准予延续" in shown.content.decode()


def _bring(city: City, case: Case, state: str) -> None:
    if state == "supplement":
        points = [("material", "lease", "缺签字")]
        actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=NOW)
    if state in {"review", "suspended"}:
        actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    if state == "suspended":
        actions.suspend_by_law(
            actor=city.reviewer.actor, task=open_task(case, "review"), ground="待诉讼结果", basis="某条例", now=NOW
        )


def test_a_decision_in_time_leaves_nothing_to_deem(city: City) -> None:
    case = renewal(city, permit(city))
    _bring(city, case, "review")
    actions.complete_review(actor=city.reviewer.actor, task=open_task(case, "review"), choice="agree", now=NOW)
    actions.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome="refused",
        reasons="不再符合条件",
        legal_basis="第五十条",
        now=MIDNIGHT - SECOND,
    )
    assert actions.deem_renewed(now=MIDNIGHT + DAY, limit=10) == []
    assert Decision.objects.get(case=case).outcome == "refused"


def test_a_permit_is_renewed_once(city: City) -> None:
    held = permit(city)
    first, second = renewal(city, held), renewal(city, held, now=NOW + DAY)
    assert set(actions.deem_renewed(now=MIDNIGHT, limit=10)) == {first.id, second.id}
    assert fresh(first).state == "decided"
    left = fresh(second)
    assert (left.state, left.clocks.get(kind="renewal").ended_by) == ("submitted", "succeeded")
    assert left.due_on == open_task(second, "acceptance").due_on == date(2026, 3, 10)
    assert actions.deem_renewed(now=MIDNIGHT, limit=10) == []


def test_fees_stated_stay_due_and_what_nobody_fixed_is_not(city: City) -> None:
    terms = Terms(item_type="01", fees=(STATED, OPEN), result=ResultTerm(kind="licence", name="证", succeeds=True))
    case = renewal(city, permit(city), terms=terms)
    actions.deem_renewed(now=MIDNIGHT, limit=10)
    fees = {fee.name: fee for fee in case.fees.all()}
    assert (fees["工本费"].state, fees["检测费"].state) == ("due", "not_due")
    assert fees["检测费"].waive_reason
    assert fees["工本费"].paper is not None
    assert not queries.ready_for_result(fresh(case))


def test_clocks_of_the_previous_release_get_their_end(city: City) -> None:
    held = permit(city)
    case, other = renewal(city, held), city.case()
    Clock.objects.filter(case__in=[case, other]).update(due_at=None, at_end="")
    case.clocks.filter(kind="renewal").delete()
    Case.objects.filter(id__in=[case.id, other.id]).update(clock_table=None)
    assert actions.give_missing_ends(now=NOW) == 2
    assert actions.give_missing_ends(now=NOW) == 0
    notice = other.clocks.get()
    assert (notice.due_at, notice.at_end, notice.due_on) == (OVER, "deemed_accepted", LAST_DAY)
    assert case.clocks.get(kind="renewal").due_at == MIDNIGHT
    assert actions.act_on_what_is_due(now=OVER).done == 2


def test_an_official_is_reminded_once_of_a_procedure_that_takes_longer(city: City) -> None:
    case = city.accepted()
    suspension = actions.begin_procedure(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        procedure="test",
        ground="检验样品",
        expected=TermLimit(value=5, unit="working_day"),
        now=NOW,
    )
    assert suspension.expected_on == LAST_DAY
    assert actions.remind_of_suspensions(now=OVER) == 0
    assert actions.remind_of_suspensions(now=OVER + DAY) == 1
    assert actions.remind_of_suspensions(now=OVER + DAY) == 0
    ledger.drain(OVER + DAY)
    [told] = notifications.box_of(city.reviewer.actor)
    assert case.number in told.subject
    assert told.wants_answer


def test_a_provisional_day_of_a_procedure_is_reckoned_anew(city: City) -> None:
    case = city.accepted()
    suspension = actions.begin_procedure(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        procedure="test",
        ground="检验样品",
        expected=TermLimit(value=5, unit="working_day"),
        now=NOW,
    )
    Suspension.objects.filter(id=suspension.id).update(provisional=True, expected_on=date(2026, 3, 6))
    assert actions.remind_of_suspensions(now=NOW + 5 * DAY) == 0
    assert actions.remind_of_suspensions(now=OVER + DAY) == 1
    suspension.refresh_from_db()
    assert (suspension.expected_on, suspension.provisional) == (LAST_DAY, False)
