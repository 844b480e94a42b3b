"""Two at once: exactly one comes first, and nothing is half done."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import Refusal
from tongban.cases import actions
from tongban.cases.errors import StaleTable, TaskDone
from tongban.cases.models import Case, ClockTable, Decision, Task
from tongban.cases.rules.clock_table import OTHERS
from tongban.cases.tests.people import NOW, make_city, open_task
from tongban.ledger.queries import history_of

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], object]) -> list[Refusal | None]:
    """Do all at the same time, each with a connection of its own; return how each ended."""
    gate, ended = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            work()
        except Refusal as refusal:
            ended[place] = refusal  # type: ignore[call-overload]  # filled by each thread
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive()
    return list(ended)


def test_of_two_who_decide_at_once_exactly_one_wins() -> None:
    city = make_city()
    case = city.reviewed()
    task, other = open_task(case, "decision"), city.market.staff("approval", "钱决定")

    def decide(actor: Actor, outcome: str) -> Callable[[], object]:
        return lambda: actions.decide(
            actor=actor,
            task=task,
            outcome=outcome,
            reasons="理由",
            legal_basis="第三十八条",
            now=NOW,
        )

    ended = together(decide(city.head.actor, "granted"), decide(other.actor, "refused"))
    refusals = [refusal for refusal in ended if refusal]
    assert len(refusals) == 1
    assert isinstance(refusals[0], TaskDone)
    assert refusals[0].changes
    assert Decision.objects.filter(case=case).count() == 1
    decided = [event for event in history_of("case", case.id) if event.kind == "cases.case_decided"]
    assert len(decided) == 1


def test_accepting_and_withdrawing_at_once_leaves_one_lawful_outcome() -> None:
    city = make_city()
    case = city.case()
    task = open_task(case, "acceptance")
    together(
        lambda: actions.accept(actor=city.desk.actor, task=task, now=NOW),
        lambda: actions.withdraw(actor=city.lin.actor, case=case, now=NOW),
    )
    ended = Case.objects.get(id=case.id)
    assert ended.state == "withdrawn"
    assert not Task.objects.filter(case=case, state="open").exists()
    assert not ended.clocks.exclude(state="ended").exists()


def test_of_two_who_claim_at_once_one_holds_it() -> None:
    city = make_city()
    case = city.case()
    task, other = open_task(case, "acceptance"), city.market.staff("acceptance", "孙受理")
    ended = together(
        lambda: actions.claim(actor=city.desk.actor, task=task, now=NOW),
        lambda: actions.claim(actor=other.actor, task=task, now=NOW),
    )
    assert sum(refusal is not None for refusal in ended) == 1
    assert Task.objects.get(id=task.id).holder_id in {city.desk.official_id, other.official_id}


def test_parallel_cases_of_one_office_get_papers_without_gaps() -> None:
    city = make_city()
    cases = [city.case() for _number in range(4)]
    tasks = [open_task(case, "acceptance") for case in cases]
    ended = together(*(lambda task=task: actions.accept(actor=city.desk.actor, task=task, now=NOW) for task in tasks))
    assert ended == [None] * 4
    numbers = {case.case_papers.get().paper.serial for case in cases}
    assert numbers == {1, 2, 3, 4}


def test_of_two_first_versions_of_a_table_at_once_one_is_refused_with_words() -> None:
    """Nothing stands yet that could be locked: the second is told that a colleague was faster."""

    def publish(source: str) -> Callable[[], object]:
        return lambda: actions.publish_clock_table(actor=SYSTEM, item_type="07", rules=OTHERS, source=source, now=NOW)

    for _round in range(4):
        ClockTable.objects.filter(item_type="07").delete()
        ended = together(publish("云政发〔2026〕1号"), publish("云政发〔2026〕2号"))
        refusals = [refusal for refusal in ended if refusal]
        assert all(isinstance(refusal, StaleTable) for refusal in refusals), refusals
        assert ClockTable.objects.filter(item_type="07").count() == 2 - len(refusals)


def test_a_version_that_a_colleague_has_just_published_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same without chance: the other commits between the look at what stands and the writing."""
    other = ClockTable(item_type="07", version=1, content={}, source="别人", published_at=NOW)
    insert = ClockTable.save

    def publish_the_other() -> None:
        other.save(force_insert=True)
        connection.close()

    def after_the_other(table: ClockTable, **how: bool) -> None:
        if table.source != other.source:
            monkeypatch.setattr(ClockTable, "save", insert)
            thread = threading.Thread(target=publish_the_other)
            thread.start()
            thread.join(timeout=10)
        insert(table, **how)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(ClockTable, "save", after_the_other)
    with pytest.raises(StaleTable):
        actions.publish_clock_table(actor=SYSTEM, item_type="07", rules=OTHERS, source="云政发〔2026〕1号", now=NOW)
    assert [table.source for table in ClockTable.objects.filter(item_type="07")] == ["别人"]
