"""Many cases at once are turned by law as each by itself would be."""

import pytest

from tongban.base.rows import MANY
from tongban.cases import actions
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case
from tongban.cases.tests.people import City, open_task
from tongban.cases.tests.test_deemed import OVER, STATED, fresh
from tongban.papers.models import Paper

pytestmark = pytest.mark.django_db


def test_a_large_batch_is_written_as_a_small_one_is(city: City) -> None:
    """From twenty rows on they go to the database as one document."""
    terms = Terms(item_type="01", promised=TermLimit(value=7, unit="working_day"), fees=(STATED,))
    alone = city.case(terms=terms)
    assert actions.deem_accepted(now=OVER, limit=1) == [alone.id]
    many = {city.case(terms=terms).id for _number in range(MANY + 2)}
    assert set(actions.deem_accepted(now=OVER, limit=100)) == many

    def written(case: Case) -> list[object]:
        task = open_task(case, "review")
        clocks = [
            (clock.kind, clock.state, clock.due_on, clock.due_at, clock.task_id == task.id, clock.ended_by)
            for clock in case.clocks.order_by("kind")
        ]
        paper = Paper.objects.get(kind="acceptance_deemed", subject_id=case.id)
        said = {name: part for name, part in paper.content.items() if name not in {"number", "rows", "values"}}
        assert case.run is not None
        assert task.engine_id in case.run.state["tasks"]
        return [task.name, task.choices, task.holder_id, task.due_on, clocks, said["paragraphs"], case.run.data]

    for case in Case.objects.filter(id__in=many):
        assert [str(part).replace(case.number, "…") for part in written(case)] == [
            str(part).replace(alone.number, "…") for part in written(fresh(alone))
        ]
    serials = Paper.objects.filter(kind="acceptance_deemed").order_by("serial").values_list("serial", flat=True)
    assert list(serials) == list(range(1, MANY + 4))
