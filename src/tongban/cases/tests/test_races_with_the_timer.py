"""The law, officials and the applicant act at the same instant: exactly one lawful outcome each, and nothing half done."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from tongban.base.actor import SYSTEM, Actor
from tongban.base.books import Look
from tongban.cases import actions
from tongban.cases.books import clocks as clock_books
from tongban.cases.books import states as state_books
from tongban.cases.books import tasks as task_books
from tongban.cases.kinds import ResultTerm, Terms
from tongban.cases.models import Case, CasePaper, Decision, Result, Task
from tongban.cases.tests.people import NOW, City, client_of, make_city, open_task
from tongban.cases.tests.test_races import together
from tongban.ledger.queries import history_of
from tongban.papers.kinds import PaperContent
from tongban.papers.models import Paper, PaperCounter

pytestmark = pytest.mark.django_db(transaction=True)

OVER = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
JUST_BEFORE = OVER - timedelta(seconds=1)
"""The desk begins in time and is overtaken by the timer, or not: both look at the clock before they lock the case."""
SECOND = timedelta(seconds=1)
LAST_DAY = date(2026, 4, 11)
MIDNIGHT = datetime(2026, 4, 11, 16, 0, tzinfo=UTC)
ROUNDS = 4
TURNS = {
    "cases.case_accepted", "cases.case_deemed_accepted", "cases.supplement_asked", "cases.case_withdrawn",
    "cases.case_not_accepted",
}  # fmt: skip
Act = Callable[[], object]


def deem() -> object:
    return actions.deem_accepted(now=OVER, limit=50)


def happened(case: Case, kinds: set[str]) -> list[str]:
    return [event.kind for event in history_of("case", case.id) if event.kind in kinds]


def agrees() -> None:
    """Hold the books of the room against each other, and numbers against their counters."""
    look = Look(now=MIDNIGHT)
    for book in (
        clock_books.clocks, clock_books.intervals, clock_books.order_of_work, clock_books.renewal_clocks,
        state_books.states, state_books.dates, state_books.parts, state_books.papers, task_books.open_tasks,
    ):  # fmt: skip
        assert list(book(look).named) == [], book.__name__
    for counter in PaperCounter.objects.all():
        rows = Paper.objects.filter(series=counter.series, year=counter.year).order_by("serial")
        assert list(rows.values_list("serial", flat=True)) == list(range(1, counter.last + 1))


def desk_acts(city: City, case: Case) -> dict[str, Act]:
    task, desk = open_task(case, "acceptance"), city.desk.actor
    return {
        "accept": lambda: actions.accept(actor=desk, task=task, now=JUST_BEFORE),
        "ask": lambda: actions.ask_supplement(
            actor=desk, task=task, points=[("material", "lease", "缺签字")], now=JUST_BEFORE
        ),
        "refuse": lambda: actions.refuse_acceptance(
            actor=desk,
            task=task,
            reason="不属于本机关",
            legal_basis="第三十二条",
            what_else="请向住建局申请",
            now=JUST_BEFORE,
        ),
        "claim": lambda: actions.claim(actor=desk, task=task, now=JUST_BEFORE),
    }


@pytest.mark.parametrize("act", ["accept", "ask", "refuse", "claim"])
def test_the_desk_and_the_timer(act: str) -> None:
    city = make_city()
    for _round in range(ROUNDS):
        case = city.case()
        together(desk_acts(city, case)[act], deem)
        deem()
        turns = happened(case, TURNS)
        assert len(turns) == 1, turns
        expected = {"accept": "review", "ask": "supplement", "refuse": "not_accepted"}.get(act, "review")
        assert Case.objects.get(id=case.id).state in {expected, "review"}
        assert CasePaper.objects.filter(case=case).count() == 1
    agrees()


def test_the_applicant_takes_it_back_at_that_instant() -> None:
    city = make_city()
    for _round in range(ROUNDS):
        case = city.case()
        together(lambda case=case: actions.withdraw(actor=city.lin.actor, case=case, now=OVER), deem)  # type: ignore[misc]
        deem()
        assert Case.objects.get(id=case.id).state == "withdrawn"
        assert happened(case, TURNS)[-1] == "cases.case_withdrawn"
        assert not Task.objects.filter(case=case, state="open").exists()
    agrees()


def test_all_four_at_once_over_many_cases_with_two_timers() -> None:
    city = make_city()
    other = city.market.staff("acceptance", "孙受理")
    cases = [city.case() for _case in range(6)]
    tasks = {case.id: open_task(case, "acceptance") for case in cases}

    def each(act: Callable[[Case], object]) -> Act:
        def run() -> None:
            for case in cases:
                try:
                    act(case)
                except Exception as refusal:  # noqa: BLE001 - whoever comes second is refused
                    assert type(refusal).__module__.startswith("tongban"), repr(refusal)  # noqa: PT017

        return run

    together(
        each(lambda case: actions.accept(actor=city.desk.actor, task=tasks[case.id], now=JUST_BEFORE)),
        each(
            lambda case: actions.ask_supplement(
                actor=other.actor, task=tasks[case.id], points=[("material", "lease", "缺签字")], now=JUST_BEFORE
            )
        ),
        lambda: [actions.deem_accepted(now=OVER, limit=2) for _batch in range(4)],
        lambda: [actions.deem_accepted(now=OVER, limit=2) for _batch in range(4)],
    )
    deem()
    for case in cases:
        assert len(happened(case, TURNS)) == 1
        assert Case.objects.get(id=case.id).state in {"review", "supplement"}
    agrees()


def _permit(city: City) -> Result:
    case = city.reviewed()
    actions.decide(actor=city.head.actor, task=open_task(case, "decision"), outcome="granted", reasons="符合", now=NOW)
    return issued(case, LAST_DAY)


def issued(case: Case, last_day: date) -> Result:
    result = actions.issue_result(
        actor=SYSTEM,
        case_id=case.id,
        name="许可证",
        valid_from=NOW.date(),
        valid_to=last_day,
        content=PaperContent(office="市场监管局", title="许可证"),
        now=NOW,
    )
    assert result is not None
    return result


def renewing(city: City) -> Case:
    terms = Terms(item_type="01", result=ResultTerm(kind="licence", name="许可证", succeeds="renewal"))
    return city.reviewed(terms=terms, predecessor_id=_permit(city).id)


@pytest.mark.parametrize("outcome", ["granted", "refused"])
def test_the_decision_and_the_end_of_the_permit_at_the_same_instant(outcome: str) -> None:
    city = make_city()
    for _round in range(ROUNDS):
        case = renewing(city)
        task = open_task(case, "decision")

        def decide(task: Task = task) -> object:
            return actions.decide(
                actor=city.head.actor,
                task=task,
                outcome=outcome,
                reasons="理由",
                legal_basis="第五十条",
                now=MIDNIGHT - timedelta(seconds=1),
            )

        refusals = together(
            decide,
            lambda: actions.deem_renewed(now=MIDNIGHT, limit=50),
            lambda: actions.deem_renewed(now=MIDNIGHT, limit=50),
        )
        actions.deem_renewed(now=MIDNIGHT, limit=50)
        decision = Decision.objects.get(case=case)
        assert decision.is_deemed is (refusals[0] is not None)
        assert decision.outcome == ("granted" if decision.is_deemed else outcome)
        assert happened(case, {"cases.case_decided"}) == ["cases.case_decided"]
        if decision.outcome == "granted":
            issued(case, LAST_DAY + timedelta(days=365))
    agrees()


def test_withdrawing_and_the_end_of_the_permit_at_the_same_instant() -> None:
    city = make_city()
    for _round in range(ROUNDS):
        case = renewing(city)
        [refusal, _none] = together(
            lambda case=case: actions.withdraw(actor=city.lin.actor, case=case, now=MIDNIGHT),  # type: ignore[misc]
            lambda: actions.deem_renewed(now=MIDNIGHT, limit=50),
        )
        actions.deem_renewed(now=MIDNIGHT, limit=50)
        assert Case.objects.get(id=case.id).state == ("decided" if refusal else "withdrawn")
        if refusal:
            issued(case, LAST_DAY + timedelta(days=365))
    agrees()


def test_two_renewals_of_one_permit_by_two_timers_renew_it_once() -> None:
    city = make_city()
    for _round in range(ROUNDS):
        first = renewing(city)
        second = city.reviewed(terms=Terms.model_validate(first.terms), predecessor_id=first.predecessor_id)
        together(
            lambda: actions.deem_renewed(now=MIDNIGHT, limit=1),
            lambda: actions.deem_renewed(now=MIDNIGHT, limit=1),
        )
        actions.deem_renewed(now=MIDNIGHT, limit=50)
        assert Decision.objects.filter(case__in=[first, second], is_deemed=True).count() == 1
        renewed = Decision.objects.get(case__in=[first, second]).case
        issued(renewed, LAST_DAY + timedelta(days=365))
    agrees()


def test_what_a_killed_worker_had_begun_is_found_again() -> None:
    city = make_city()
    cases = [city.case() for _case in range(3)]
    with pytest.raises(ZeroDivisionError):
        _break_off()
    assert not Paper.objects.filter(kind="acceptance_deemed").exists()
    assert set(actions.deem_accepted(now=OVER, limit=50)) == {case.id for case in cases}
    agrees()


def _break_off() -> None:
    with transaction.atomic():
        actions.deem_accepted(now=OVER, limit=50)
        raise ZeroDivisionError


ENDING = {"cases.case_decided", "cases.case_withdrawn", "cases.case_lapsed", "cases.supplement_given"}


def test_two_officials_the_timer_and_the_applicant_at_the_same_instant() -> None:
    """One accepts, another asks for a supplement, the law accepts, the applicant takes it back: all on one case."""
    city = make_city()
    other = city.market.staff("acceptance", "孙受理").actor
    for _round in range(ROUNDS):
        case = city.case()
        task, points = open_task(case, "acceptance"), [("material", "lease", "缺签字")]

        def ask(task: Task = task, points: list[tuple[str, str, str]] = points) -> object:
            return actions.ask_supplement(actor=other, task=task, points=points, now=JUST_BEFORE)

        accepted, asked, timer, withdrawn = together(
            lambda task=task: actions.accept(actor=city.desk.actor, task=task, now=JUST_BEFORE),  # type: ignore[misc]
            ask,
            deem,
            lambda case=case: actions.withdraw(actor=city.lin.actor, case=case, now=OVER),  # type: ignore[misc]
        )
        deem()
        assert (timer, withdrawn) == (None, None), "who takes it back may do so in each of these states"
        turns = happened(case, TURNS)
        assert turns.pop() == "cases.case_withdrawn"
        assert len(turns) <= 1, turns
        assert (accepted is None, asked is None) == (
            turns == ["cases.case_accepted"],
            turns == ["cases.supplement_asked"],
        )
        assert Case.objects.get(id=case.id).state == "withdrawn"
        assert not Task.objects.filter(case=case, state="open").exists()
        assert not case.clocks.exclude(state="ended").exists()
        assert CasePaper.objects.filter(case=case).count() == len(turns) + 1
    agrees()


def test_the_same_four_on_the_day_on_which_a_permit_ends() -> None:
    """One grants, another refuses, the law renews, the applicant takes it back."""
    city = make_city()
    other = city.market.staff("approval", "钱决定").actor
    for _round in range(ROUNDS):
        case = renewing(city)
        task = open_task(case, "decision")

        def decide(actor: Actor, outcome: str, task: Task = task) -> Act:
            return lambda: actions.decide(
                actor=actor, task=task, outcome=outcome, reasons="理由", legal_basis="第五十条", now=MIDNIGHT - SECOND
            )

        granted, refused, timer, withdrawn = together(
            decide(city.head.actor, "granted"),
            decide(other, "refused"),
            lambda: actions.deem_renewed(now=MIDNIGHT, limit=50),
            lambda case=case: actions.withdraw(actor=city.lin.actor, case=case, now=MIDNIGHT),  # type: ignore[misc]
        )
        actions.deem_renewed(now=MIDNIGHT, limit=50)
        assert timer is None
        ended = happened(case, ENDING)
        assert len(ended) == 1, ended
        state, decision = Case.objects.get(id=case.id).state, Decision.objects.filter(case=case).first()
        if decision is None:
            assert (state, withdrawn) == ("withdrawn", None)
            assert granted
            assert refused
            continue
        assert withdrawn is not None
        assert (granted is None) + (refused is None) + decision.is_deemed == 1
        assert decision.outcome == ("refused" if refused is None else "granted")
        if decision.outcome == "granted":
            issued(case, LAST_DAY + timedelta(days=365))
    agrees()


def test_the_answer_to_a_supplement_at_the_instant_at_which_its_time_is_over() -> None:
    """The applicant answers, the timer closes the case, the applicant's proxy takes it back: one of them comes first."""
    city, late = make_city(), NOW + timedelta(days=400)
    for _round in range(ROUNDS):
        case = city.case()
        points = [("material", "lease", "缺签字")]
        actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=NOW)
        given, lapsed, withdrawn = together(
            lambda case=case: actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=late),  # type: ignore[misc]
            lambda: actions.lapse_overdue(now=late),
            lambda case=case: actions.withdraw(actor=city.lin.actor, case=case, now=late),  # type: ignore[misc]
        )
        actions.lapse_overdue(now=late)
        assert lapsed is None
        ended = happened(case, ENDING)
        state = Case.objects.get(id=case.id).state
        if ended[0] == "cases.supplement_given":
            assert given is None
            assert (state, ended[1:]) == ("withdrawn", ["cases.case_withdrawn"])
        else:
            assert (given is not None, len(ended)) == (True, 1)
            assert state == ("lapsed" if withdrawn else "withdrawn")
        assert not Task.objects.filter(case=case, state="open").exists()
    agrees()


def test_pages_that_were_opened_before_the_others_acted() -> None:
    """The same on the pages: each sends the revision that it was shown; whoever comes second is shown what changed."""
    city = make_city()
    other = city.market.staff("acceptance", "孙受理")
    for _round in range(2):
        case = city.case()
        task = open_task(case, "acceptance")
        accept, ask = (reverse("cases:act", args=[case.number, task.id, step]) for step in ("accept", "supplement"))
        asked = {"point-material:lease": "on", "words-material:lease": "缺签字", "revision": case.revision}
        answers: dict[str, int] = {}

        def post(by: str, address: str, sent: dict[str, object], answers: dict[str, int] = answers) -> Act:
            client = client_of(by)
            return lambda: answers.update({address: client.post(address, sent).status_code})

        withdraw = reverse("cases:withdraw", args=[case.number])
        together(
            post(city.desk.username, accept, {"revision": case.revision}),
            post(other.username, ask, asked),
            post(city.lin.username, withdraw, {"reason": "不办了"}),
            deem,
        )
        turns = happened(case, TURNS)
        assert turns.pop() == "cases.case_withdrawn"
        assert len(turns) <= 1
        assert answers[withdraw] == 302
        assert answers[accept] == (302 if turns == ["cases.case_accepted"] else 409)
        assert answers[ask] == (302 if turns == ["cases.supplement_asked"] else 409)
        assert Case.objects.get(id=case.id).state == "withdrawn"
    agrees()
