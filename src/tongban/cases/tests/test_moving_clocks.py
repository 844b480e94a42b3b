"""What stops and extends the clocks, and what an official needs a superior's word for."""

from datetime import date, timedelta

import pytest

from tongban.base.actor import SYSTEM
from tongban.base.errors import NotFound
from tongban.cases import actions, queries
from tongban.cases.errors import (
    AskedAlready,
    ExtendedAlready,
    LimitStands,
    NeedsAnother,
    NotComplete,
    NothingToExtend,
    NotInThisState,
    SuspendedAlready,
    TaskDone,
    TooLate,
)
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Approval, Case, Clock, Suspension, Task
from tongban.cases.tests.people import NOW, City, Staff, client_of, open_task
from tongban.ledger import actions as ledger
from tongban.notifications import queries as notifications
from tongban.organisations import actions as organisations

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WEEK = TermLimit(value=5, unit="working_day")


def fresh(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def clock(case: Case, kind: str = "statutory") -> Clock:
    return Clock.objects.get(case=case, kind=kind)


def begin(city: City, case: Case, procedure: str = "expert_review", at: timedelta = timedelta()) -> Suspension:
    return actions.begin_procedure(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        procedure=procedure,
        ground="需要专家对设施方案评审",
        expected=WEEK,
        now=NOW + at,
    )


def end(city: City, case: Case, suspension: Suspension, at: timedelta) -> Case:
    return actions.resume(
        actor=city.reviewer.actor,
        task=open_task(case, "review"),
        suspension_id=suspension.id,
        outcome="专家同意方案",
        now=NOW + at,
    )


def head_of(city: City) -> Staff:
    """Give the office a head, who is asked for approvals."""
    city.market.posts["head"] = organisations.create_post(
        actor=SYSTEM,
        organisation_id=city.market.organisation.id,
        name="局长",
        roles=["supervisor"],
        is_head=True,
        now=NOW,
    )
    return city.market.staff("head", "钱局长")


def test_a_special_procedure_stops_the_clocks_and_is_told_in_writing(city: City) -> None:
    case = city.accepted(terms=Terms(item_type="01", promised=TermLimit(value=7, unit="working_day")))
    assert clock(case).due_on == date(2026, 3, 30)
    suspension = begin(city, case, at=DAY)
    assert suspension.expected_on == date(2026, 3, 10)
    stood = fresh(case)
    assert (stood.state, stood.due_on) == ("suspended", None)
    assert {one.state for one in case.clocks.exclude(kind="notice")} == {"stopped"}
    paper = suspension.paper
    assert paper is not None
    assert (paper.kind, "专家评审" in "".join(paper.content["paragraphs"])) == ("special_procedure", True)
    end(city, case, suspension, at=8 * DAY)
    going = fresh(case)
    # 3 to 9 March did not count, five working days; on the 10th the clock ran as offices closed
    assert (going.state, going.due_on) == ("review", date(2026, 3, 18))
    assert clock(case).due_on == date(2026, 4, 7)
    shown = {one.kind: one for one in queries.clocks_of(case, today=date(2026, 3, 12), for_applicant=True)}
    assert any("需要专家对设施方案评审" in sentence for sentence in shown["statutory"].sentences)


def test_the_clocks_go_on_when_the_last_procedure_is_over(city: City) -> None:
    case = city.accepted()
    first, second = begin(city, case), begin(city, case, "test", at=DAY)
    with pytest.raises(SuspendedAlready):
        begin(city, case, at=DAY)
    assert end(city, case, first, at=2 * DAY).state == "suspended"
    with pytest.raises(NotInThisState):
        end(city, case, first, at=2 * DAY)
    assert clock(case).state == "stopped"
    assert end(city, case, second, at=3 * DAY).state == "review"
    assert clock(case).state == "running"
    stood = clock(case).intervals.filter(running=False).order_by("since")
    assert [(one.suspension_id, one.since, one.until) for one in stood] == [
        (first.id, NOW, NOW + 2 * DAY),
        (second.id, NOW + 2 * DAY, NOW + 3 * DAY),
    ]


def test_what_ends_while_another_procedure_stands_leaves_the_first_ground_as_it_is(city: City) -> None:
    case = city.accepted()
    first, second = begin(city, case), begin(city, case, "test", at=DAY)
    end(city, case, second, at=2 * DAY)
    (stands,) = clock(case).intervals.filter(running=False)
    assert (stands.suspension_id, stands.until) == (first.id, None)
    end(city, case, first, at=3 * DAY)
    (stood,) = clock(case).intervals.filter(running=False)
    assert stood.until == NOW + 3 * DAY


def test_an_office_that_only_has_a_step_does_not_end_what_another_has_begun(city: City) -> None:
    case = city.accepted()
    suspension = begin(city, case)
    city.health.posts["review"] = organisations.create_post(
        actor=SYSTEM, organisation_id=city.health.organisation.id, name="审查岗", roles=["review"], now=NOW
    )
    other = city.health.staff("review", "孙会审")
    theirs = Task.objects.create(
        case=case, kind="review", name="会审", role="review", post=other.post, engine_id="x", created_at=NOW
    )
    page = client_of(other.username).get(f"/office/cases/{case.number}").content.decode()
    assert "需要专家对设施方案评审" in page
    assert "-suspension" not in page, "there is no form for ending it"
    with pytest.raises(NotFound):
        actions.resume(actor=other.actor, task=theirs, suspension_id=suspension.id, outcome="x", now=NOW + DAY)
    assert fresh(case).state == "suspended"
    page = client_of(city.reviewer.username).get(f"/office/cases/{case.number}").content.decode()
    assert "-suspension" in page
    Task.objects.filter(case=case, post=city.reviewer.post).update(state="cancelled")
    actions.resume(actor=other.actor, task=theirs, suspension_id=suspension.id, outcome="x", now=NOW + DAY)
    assert fresh(case).state == "review", "where nobody else is at work, it does not stand for ever"


def test_a_procedure_needs_ground_length_and_its_table(city: City) -> None:
    case = city.accepted()
    with pytest.raises(NotComplete) as refused:
        actions.begin_procedure(
            actor=city.reviewer.actor,
            task=open_task(case, "review"),
            procedure="coffee",
            ground=" ",
            expected=None,
            now=NOW,
        )
    assert set(refused.value.fields) == {"procedure", "ground", "expected"}
    other = city.accepted(terms=Terms(item_type="07", promised=WEEK))
    with pytest.raises(NotComplete) as unknown:
        begin(city, other)
    assert set(unknown.value.fields) == {"procedure"}
    assert fresh(case).state == fresh(other).state == "review"


def test_a_law_may_order_a_suspension_and_nothing_is_decided_meanwhile(city: City) -> None:
    case = city.reviewed()
    task = open_task(case, "decision")
    with pytest.raises(NotComplete) as refused:
        actions.suspend_by_law(actor=city.head.actor, task=task, ground="须以诉讼结果为依据", basis="", now=NOW)
    assert set(refused.value.fields) == {"basis"}
    suspension = actions.suspend_by_law(
        actor=city.head.actor, task=task, ground="须以诉讼结果为依据", basis="《某条例》第十条", now=NOW
    )
    with pytest.raises(NotInThisState):
        actions.decide(actor=city.head.actor, task=open_task(case, "decision"), outcome="granted", reasons="x", now=NOW)
    assert fresh(case).state == "suspended"
    with pytest.raises(NotFound):
        actions.resume(
            actor=city.head.actor,
            task=open_task(city.reviewed(), "decision"),
            suspension_id=suspension.id,
            outcome="x",
            now=NOW,
        )


def test_the_head_extends_once_and_the_reasons_are_told(city: City) -> None:
    head, case = head_of(city), city.accepted()
    with pytest.raises(NotComplete):
        actions.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons=" ", now=NOW)
    approval = actions.ask_extension(
        actor=city.reviewer.actor, task=open_task(case, "review"), reasons="现场条件复杂", now=NOW
    )
    assert approval.task.post_id == head.post.id
    with pytest.raises(AskedAlready):
        actions.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons="现场", now=NOW)
    actions.answer_approval(actor=head.actor, task=open_task(case, "approval"), granted=True, now=NOW + DAY)
    extended = clock(case)
    assert extended.due_on == date(2026, 4, 14)
    extension = extended.extensions.get()
    assert (extension.value, extension.official_id) == (10, head.official_id)
    assert extension.paper is not None
    assert "现场条件复杂" in "".join(extension.paper.content["paragraphs"])
    step = Clock.objects.get(case=case, kind="step")
    assert (step.due_on, step.extensions.get().value) == (date(2026, 4, 8), 10), "who is at work has the time too"
    assert open_task(case, "review").due_on == step.due_on
    with pytest.raises(ExtendedAlready):
        actions.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons="现场", now=NOW)
    ledger.drain(NOW + DAY)
    assert any("2026年4月14日" in told.body for told in notifications.box_of(city.lin.actor))


@pytest.mark.parametrize("unit", ["working_hour", "hour"])
def test_a_promise_in_hours_is_not_extended_by_days(city: City, unit: str) -> None:
    """Days cannot be added to hours: the promise stays, the law's limit is extended."""
    terms = Terms.model_validate({"item_type": "01", "promised": {"value": 40, "unit": unit}})
    head, case = head_of(city), city.accepted(terms=terms)
    promised = clock(case, "promised").due_at
    actions.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons="现场条件复杂", now=NOW)
    actions.answer_approval(actor=head.actor, task=open_task(case, "approval"), granted=True, now=NOW)
    assert clock(case).due_on == date(2026, 4, 14)
    assert clock(case, "promised").due_at == promised
    assert not clock(case, "promised").extensions.exists()


def test_a_law_in_hours_knows_no_extension_by_days(city: City) -> None:
    terms = Terms(item_type="01", statutory=TermLimit(value=40, unit="working_hour"))
    case = city.accepted(terms=terms)
    with pytest.raises(NothingToExtend):
        actions.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons="复杂", now=NOW)
    assert not Approval.objects.filter(case=case).exists()


def test_a_refused_extension_changes_nothing_but_is_answered(city: City) -> None:
    head, case = head_of(city), city.accepted()
    actions.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons="忙", now=NOW)
    with pytest.raises(NotComplete):
        actions.answer_approval(actor=head.actor, task=open_task(case, "approval"), granted=False, now=NOW)
    answered = actions.answer_approval(
        actor=head.actor, task=open_task(case, "approval"), granted=False, word="理由不充分", now=NOW
    )
    assert (answered.granted, clock(case).due_on) == (False, date(2026, 3, 30))


def test_a_limit_that_is_over_or_that_no_law_extends_is_not_extended(city: City) -> None:
    head, case = head_of(city), city.accepted()
    task = open_task(case, "review")
    actions.ask_extension(actor=city.reviewer.actor, task=task, reasons="忙", now=NOW)
    with pytest.raises(TooLate):
        actions.answer_approval(actor=head.actor, task=open_task(case, "approval"), granted=True, now=NOW + 40 * DAY)
    assert not clock(case).extensions.exists()
    assert Approval.objects.get(case=case).answered_at is None
    other = city.accepted(terms=Terms(item_type="07", promised=WEEK))
    with pytest.raises(NothingToExtend):
        actions.ask_extension(actor=city.reviewer.actor, task=open_task(other, "review"), reasons="忙", now=NOW)


def test_nobody_allows_what_they_asked_for(city: City) -> None:
    case = city.reviewed()
    head = head_of(city)
    actions.ask_extension(actor=city.head.actor, task=open_task(case, "decision"), reasons="复杂", now=NOW)
    task = open_task(case, "approval")
    assert task.post_id == head.post.id
    city.market.staff("head", "副局长")
    organisations.appoint(actor=SYSTEM, official_id=city.head.official_id, post_id=head.post.id, now=NOW)
    from tongban.cases.tests.people import actor_of  # noqa: PLC0415 - the posts have changed

    asked = actor_of(city.head.actor.account_id) if city.head.actor.account_id else city.head.actor
    with pytest.raises(NeedsAnother):
        actions.answer_approval(actor=asked, task=task, granted=True, now=NOW)


def _supplemented(city: City) -> Case:
    """Return a case whose first supplement, the lease, has been sent in."""
    case = city.case()
    actions.ask_supplement(
        actor=city.desk.actor, task=open_task(case, "acceptance"), points=[("material", "lease", "缺签字")], now=NOW
    )
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=NOW + DAY)
    return case


def test_what_was_asked_for_may_be_wrong_again(city: City) -> None:
    case = _supplemented(city)
    request = actions.ask_supplement(
        actor=city.desk.actor, task=open_task(case, "acceptance"), points=[("material", "lease", "签字不全")], now=NOW
    )
    assert (request.round, request.approval) == (2, None)


def test_what_could_have_been_named_at_first_needs_a_superior(city: City) -> None:
    head, case = head_of(city), _supplemented(city)
    points, task = [("field", "address", "请写明门牌号")], open_task(case, "acceptance")
    with pytest.raises(NotComplete) as refused:
        actions.ask_supplement(actor=city.desk.actor, task=task, points=points, now=NOW + DAY)
    assert set(refused.value.fields) == {"reasons"}
    actions.ask_late_supplement(
        actor=city.desk.actor, task=task, points=points, reasons="首次受理时看漏", now=NOW + DAY
    )
    assert fresh(case).state == "submitted"
    assert case.clocks.filter(kind="notice", state="running").count() == 1
    actions.answer_approval(actor=head.actor, task=open_task(case, "approval"), granted=True, now=NOW + 2 * DAY)
    assert fresh(case).state == "supplement"
    request = queries.open_supplement(fresh(case))
    assert request is not None
    assert request.round == 2
    assert request.approval is not None
    assert request.paper is not None
    assert "首次受理时看漏" in "".join(request.paper.content["paragraphs"])
    task.refresh_from_db()
    assert (task.outcome, task.done_by_id) == ("supplement", city.desk.official_id)


def test_a_question_is_dropped_when_the_case_has_moved_on(city: City) -> None:
    head, case = head_of(city), _supplemented(city)
    points, task = [("field", "address", "请写明门牌号")], open_task(case, "acceptance")
    actions.ask_late_supplement(actor=city.desk.actor, task=task, points=points, reasons="看漏", now=NOW + DAY)
    asked = open_task(case, "approval")
    actions.accept(actor=city.desk.actor, task=task, now=NOW + DAY)
    asked.refresh_from_db()
    assert asked.state == "cancelled"
    with pytest.raises(TaskDone):
        actions.answer_approval(actor=head.actor, task=asked, granted=True, now=NOW + DAY)


def test_more_time_is_not_asked_for_while_the_limit_stands_and_the_words_say_so(city: City) -> None:
    case = city.accepted()
    task = open_task(case, "review")
    actions.suspend_by_law(actor=city.reviewer.actor, task=task, ground="待诉讼结果", basis="某条例", now=NOW)
    before = fresh(case).revision
    with pytest.raises(LimitStands):
        actions.ask_extension(actor=city.reviewer.actor, task=task, reasons="案情复杂", now=NOW + DAY)
    assert (fresh(case).revision, case.approvals.count()) == (before, 0)
