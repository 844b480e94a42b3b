"""What the law turns by itself is turned, however late the timer comes: the office is too late then, and no failure
keeps up the rest."""

import pytest

from tongban.cases import actions
from tongban.cases.models import Case
from tongban.cases.tests.people import NOW, City, open_task
from tongban.cases.tests.test_deemed import DAY, OVER, fresh

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
