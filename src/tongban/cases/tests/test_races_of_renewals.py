"""Two renewals of one permit, one decided and one deemed at the same instant: the permit is renewed once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tongban.cases import actions
from tongban.cases.errors import RenewedAlready
from tongban.cases.kinds import Terms
from tongban.cases.models import Case, Decision, Task
from tongban.cases.tests.people import City, make_city, open_task
from tongban.cases.tests.test_races import together
from tongban.cases.tests.test_races_with_the_timer import LAST_DAY, MIDNIGHT, ROUNDS, agrees, issued, renewing

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_decision_and_the_law_renew_one_permit_once() -> None:
    """One case is granted at the very instant at which another renewal of the same permit is deemed granted."""
    city = make_city()
    for _round in range(ROUNDS):
        first = renewing(city)
        second = city.reviewed(terms=Terms.model_validate(first.terms), predecessor_id=first.predecessor_id)
        task = open_task(first, "decision")
        [refusal, _timer] = together(
            lambda task=task: _granted(city, task),  # type: ignore[misc]
            lambda second=second: actions.deem_renewed(now=MIDNIGHT, limit=1, only=second.id),  # type: ignore[misc]
        )
        renewed = Decision.objects.get(case__in=[first, second], outcome="granted").case
        assert renewed == (second if refusal else first)
        assert refusal is None or isinstance(refusal, RenewedAlready)
        assert Case.objects.get(id=first.id).state == ("review" if refusal else "decided")
        issued(renewed, LAST_DAY + timedelta(days=365))
        actions.deem_renewed(now=MIDNIGHT, limit=50)
    agrees()


def test_a_decision_waits_for_the_law_that_is_renewing_the_permit() -> None:
    """The law's turn is under way and holds the permit: the grant of another case waits, and is refused."""
    city = make_city()
    first = renewing(city)
    second = city.reviewed(terms=Terms.model_validate(first.terms), predecessor_id=first.predecessor_id)
    task, under_way, ended = open_task(first, "decision"), threading.Event(), []

    def decide() -> None:
        assert under_way.wait(timeout=10)
        try:
            _granted(city, task)
        except RenewedAlready as refusal:
            ended.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=decide)
    thread.start()
    with transaction.atomic():
        assert actions.deem_renewed(now=MIDNIGHT, limit=1, only=second.id) == [second.id]
        under_way.set()
        thread.join(timeout=0.5)
        assert thread.is_alive(), "it waits for the permit"
    thread.join(timeout=30)
    assert len(ended) == 1
    assert Decision.objects.get(case__in=[first, second]).case == second


def _granted(city: City, task: Task) -> object:
    return actions.decide(
        actor=city.head.actor,
        task=task,
        outcome="granted",
        reasons="符合条件",
        now=MIDNIGHT - timedelta(seconds=1),
    )
