"""What the law turns by itself is turned, however late the timer comes: the office is too late then, and no failure
keeps up the rest."""

from collections.abc import Callable

import pytest

from tongban.base.actor import SYSTEM
from tongban.calendar import actions as calendar
from tongban.calendar.rules.settling import LocalDay
from tongban.cases import actions
from tongban.cases.errors import TurnedByLaw
from tongban.cases.models import Case, Clock
from tongban.cases.tests.people import NOW, City, open_task
from tongban.cases.tests.test_deemed import DAY, LAST_DAY, MIDNIGHT, OVER, SECOND, fresh, permit, renewal
from tongban.ledger import actions as ledger

pytestmark = pytest.mark.django_db


def test_a_supplement_that_cannot_be_closed_keeps_nobody_up(city: City) -> None:
    """One case whose turn fails, and everything else goes on: other lapses, deemed acceptance, reminders."""
    points = [("material", "lease", "缺签字")]
    broken, late = city.case(), city.case(now=NOW + DAY)
    for case in (broken, late):
        actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=NOW + DAY)
    long_after = NOW + 60 * DAY
    silent = city.case(now=long_after - 20 * DAY)
    Case.objects.filter(id=broken.id).update(terms={"retention_years": "many"})
    assert actions.act_on_what_is_due(now=long_after).failed == {broken.id}
    assert [fresh(case).state for case in (broken, late, silent)] == ["supplement", "lapsed", "review"]


def test_a_part_that_fails_as_a_whole_keeps_no_other_up(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    case = city.case()
    monkeypatch.setattr("tongban.cases.actions.timing.give_missing_ends", _fails)
    actions.act_on_what_is_due(now=OVER)
    assert fresh(case).state == "review"


def _fails(**_given: object) -> int:
    raise ZeroDivisionError


def test_once_the_time_is_over_the_desk_does_nothing_any_more(city: City) -> None:
    """The timer may be late; what the law has turned by then is not asked for, refused or accepted from a later day."""
    case = city.case()
    task, desk = open_task(case, "acceptance"), city.desk.actor
    late: list[Callable[[], object]] = [
        lambda: actions.accept(actor=desk, task=task, now=OVER),
        lambda: actions.ask_supplement(actor=desk, task=task, points=[("material", "lease", "缺签字")], now=OVER),
        lambda: actions.refuse_acceptance(
            actor=desk, task=task, reason="不属于本机关", legal_basis="第三十二条", what_else="请另行申请", now=OVER
        ),
        lambda: actions.pass_on(actor=desk, task=task, organisation_id=city.health.organisation.id, now=OVER),
    ]
    for act in late:
        with pytest.raises(TurnedByLaw):
            act()
    assert (fresh(case).state, fresh(case).revision) == ("submitted", case.revision)
    assert not case.case_papers.exists()
    assert actions.deem_accepted(now=OVER, limit=10) == [case.id]
    assert fresh(case).accepted_at == NOW


def test_a_second_before_the_desk_may_still_ask(city: City) -> None:
    case = city.case()
    points = [("material", "lease", "缺签字")]
    actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=OVER - SECOND)
    assert fresh(case).state == "supplement"


def test_a_superior_s_word_comes_too_late_for_a_second_request(city: City) -> None:
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
    asked = open_task(case, "approval")
    above = city.head if asked.post_id == city.head.post.id else city.market.staff("supervisor", "钱督办")
    with pytest.raises(TurnedByLaw):
        actions.answer_approval(actor=above.actor, task=asked, granted=True, now=OVER)
    assert case.approvals.get().answered_at is None


def test_a_renewal_is_not_refused_after_the_last_day_of_the_permit(city: City) -> None:
    case = renewal(city, permit(city))
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    actions.complete_review(actor=city.reviewer.actor, task=open_task(case, "review"), choice="agree", now=NOW)
    task = open_task(case, "decision")
    with pytest.raises(TurnedByLaw):
        actions.decide(
            actor=city.head.actor, task=task, outcome="refused", reasons="理由", legal_basis="第五十条", now=MIDNIGHT
        )
    assert fresh(case).state == "review"
    assert actions.deem_renewed(now=MIDNIGHT, limit=10) == [case.id]


def test_a_calendar_that_is_not_reckoned_in_yet_is_waited_for(city: City) -> None:
    """A holiday named while the clock ran: until the clocks are reckoned anew nothing is deemed by the old date."""
    case = city.case()
    day = LocalDay(LAST_DAY, "停电闭馆", is_working=False, basis="云政发〔2026〕2号")
    calendar.set_local_day(actor=SYSTEM, local=day, now=NOW)
    assert Clock.objects.get(case=case).due_on == LAST_DAY
    assert actions.deem_accepted(now=OVER, limit=10) == []
    assert fresh(case).state == "submitted"
    ledger.drain(NOW)
    while actions.recount_some(now=NOW) == "more":
        pass
    assert actions.deem_accepted(now=OVER + DAY, limit=10) == [case.id]
