"""Where a table says so, the time for naming what is missing goes on after a supplement."""

from datetime import date

import pytest
from django.utils import translation

from tongban.base.actor import SYSTEM
from tongban.base.books import Look
from tongban.cases import actions, queries
from tongban.cases.books import clocks as books
from tongban.cases.rules.clock_table import PERMITS
from tongban.cases.tests.people import NOW, City, open_task
from tongban.cases.tests.test_deemed import DAY, OVER, fresh

pytestmark = pytest.mark.django_db


def test_where_the_table_says_so_the_time_goes_on_after_a_supplement(city: City) -> None:
    """One of the five days was used before it was asked for; four are left when the answer has come."""
    rules = PERMITS.model_copy(update={"supplement_begins_anew": False})
    actions.publish_clock_table(actor=SYSTEM, item_type="01", rules=rules, source="云政发〔2026〕3号", now=NOW)
    case = city.case()
    points = [("material", "lease", "缺签字")]
    asked, given = NOW + 2 * DAY, NOW + 14 * DAY
    actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=asked)
    assert (case.clocks.get().state, fresh(case).due_on) == ("stopped", None)
    assert agree()
    assert actions.deem_accepted(now=given, limit=10) == []
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=given)
    clock = case.clocks.get()
    assert (clock.state, clock.started_at, clock.due_on) == ("running", NOW, date(2026, 3, 19))
    assert agree()
    with translation.override("zh-hans"):
        [shown] = queries.clocks_of(fresh(case), today=given.date(), for_applicant=True)
    assert any("等待补正" in sentence for sentence in shown.sentences), shown.sentences
    assert actions.deem_accepted(now=OVER + 10 * DAY, limit=10) == [case.id]
    assert fresh(case).accepted_at == NOW


def agree() -> bool:
    compared = (books.clocks, books.intervals, books.order_of_work)
    return [named for each in compared for named in each(Look(now=NOW)).named] == []
