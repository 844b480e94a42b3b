"""What news costs: many events at once, and those after which nothing else stands against a case."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.cases import actions as cases
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.tests.people import NOW, City, open_task
from tongban.coordination import actions
from tongban.coordination.models import Finding, Order
from tongban.ledger import actions as ledger
from tongban.ledger import kinds
from tongban.ledger.models import Event, Handled, Owed
from tongban.notifications.models import Message
from tongban.organisations.models import Post

pytestmark = pytest.mark.django_db
TERMS = Terms(item_type="01", item_code="X1", promised=TermLimit(value=5, unit="working_day"), retention_years=1)
LATE = NOW + timedelta(days=8)
VERY_LATE = NOW + timedelta(days=14)


def cost_of_handing_on(now: object = LATE) -> int:
    """Return how many statements the next batch costs."""
    with CaptureQueriesContext(connection) as asked:
        ledger.hand_on(now=now)  # type: ignore[arg-type]  # an instant
    return len(asked)


def test_telling_of_many_warnings_costs_what_one_costs(city: City) -> None:
    city.market.staff("supervisor", "鉴明")
    costs = []
    for number in (1, 12):
        for _case in range(number):
            city.accepted(terms=TERMS)
        ledger.drain(NOW)
        actions.look(now=LATE, whole=True)
        assert Owed.objects.count() == number
        costs.append(cost_of_handing_on())
        assert not Owed.objects.exists()
    assert costs[0] == costs[1]
    assert Message.objects.filter(key__startswith="supervision-").count() == 13 * 3


def test_an_event_that_changes_nothing_is_done_with_the_batch(city: City) -> None:
    city.accepted(terms=TERMS)
    ledger.hand_on(now=NOW)  # the rules in force are read once by a process
    costs = []
    for number in (1, 12):
        for _case in range(number):
            city.accepted(terms=TERMS)
        costs.append(cost_of_handing_on(NOW))
    assert not Owed.objects.exists()
    assert costs[0] == costs[1]
    name = "coordination.settle_after.cases.case_accepted"
    assert Handled.objects.filter(handler=name).count() == 14


def test_settling_many_cases_writes_what_settling_one_writes(city: City) -> None:
    """Their warnings and the events go in one message, raised or over."""
    costs = []
    for number in (1, 12):
        case_ids = [city.accepted(terms=TERMS).id for _case in range(number)]
        actions.settle(case_ids=case_ids, now=NOW)
        for at in (LATE, NOW):
            with CaptureQueriesContext(connection) as asked:
                actions.settle(case_ids=case_ids, now=at)
            costs.append(len(asked))
    assert costs[:2] == costs[2:]
    assert Finding.objects.filter(ended_why="over").count() == 13
    assert Event.objects.filter(kind="coordination.warning_raised").count() == 13
    assert Event.objects.filter(kind="coordination.warning_ended").count() == 13


def test_where_there_is_no_post_above_the_others_are_told_all_the_same(city: City) -> None:
    """Neither who supervises nor who decides: a city that is being set up."""
    case = city.accepted(terms=TERMS)
    actions.look(now=LATE, whole=True)
    Finding.objects.update(post_id=None)
    Post.objects.exclude(id=open_task(case, "review").post_id).update(ended_at=NOW, is_intake=False)
    Post.objects.update(roles=["review"], is_intake=False)
    ledger.hand_on(now=LATE)
    assert not Owed.objects.filter(tries__gt=0, event__kind="coordination.warning_raised").exists()


def test_an_event_that_changes_something_settles_its_case(city: City) -> None:
    late, other = city.accepted(terms=TERMS), city.accepted(terms=TERMS)
    actions.look(now=LATE)
    ledger.drain(LATE)
    cases.withdraw(actor=city.lin.actor, case=late, now=LATE)
    task = open_task(other, "review")
    colleague = city.market.staff("review", "钱审查")
    cases.hand_over(actor=city.reviewer.actor, task=task, to_official_id=colleague.official_id, word="请接手", now=LATE)
    ledger.hand_on(now=LATE)
    assert set(Finding.objects.filter(ended_at=None).values_list("case_id", flat=True)) == {other.id}


def test_the_order_that_a_rule_demands_is_issued_once(city: City) -> None:
    for _case in range(3):
        city.accepted(terms=TERMS)
    ledger.drain(NOW)
    actions.look(now=VERY_LATE)
    while ledger.hand_on(now=VERY_LATE).effects:
        pass
    assert Order.objects.count() == 3
    demanding = next(one for one in kinds.HANDLERS.values() if one.name == "coordination.follow_warning")
    assert demanding.only is not None
    Handled.objects.filter(handler=demanding.name).delete()
    ledger.drain(VERY_LATE)
    assert Order.objects.count() == 3
