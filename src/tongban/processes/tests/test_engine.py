"""Runs: every process that passes the check comes to its end, with each step done as often as it should be."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from django.utils.translation import gettext
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from tongban.processes.errors import StepNotWaiting, WrongModel
from tongban.processes.rules import checked
from tongban.processes.rules.engine import ExecutesNothing, Run, SafeConditions, specification
from tongban.processes.tests import invented

SAVED = Path(__file__).parent / "data" / "saved-runs.json"


def saved_and_restored(run: Run, digest: str, spec: dict[str, object], data: dict[str, object]) -> Run:
    """Save as JSON and take up again, as between two requests."""
    return Run.restore(digest, json.loads(json.dumps(spec)), json.loads(json.dumps(run.state())), data)


@settings(max_examples=60, deadline=None)
@given(
    some.builds(
        invented.written, invented.some_blocks, some.integers(0, 2), some.lists(some.booleans(), min_size=1, max_size=5)
    ),
    some.integers(0, 10**6),
)
def test_every_step_is_done_as_often_as_the_model_says(made: tuple[str, invented.Drawn], seed: int) -> None:
    bpmn, drawn = made
    try:
        model = checked(bpmn)
    except WrongModel as wrong:
        assume(gettext("The process has too many parallel ways to be followed.") not in wrong.problems)
        raise
    spec = specification(model)
    data: dict[str, object] = {"form": drawn.form}
    run, done, luck = Run.begin(bpmn, spec, data), Counter[str](), Random(seed)  # noqa: S311 - a test's luck
    while not run.ended:
        run = saved_and_restored(run, bpmn, spec, data)
        step, engine_id = luck.choice(run.waiting)
        done[step] += 1
        again = step in drawn.asked and done[step] % (drawn.repeats + 1)
        run.complete(engine_id, "object" if again else "agree")
    assert done == Counter({step: times for step, times in drawn.times.items() if times})


def test_a_step_done_waits_no_more() -> None:
    spec = specification(checked(invented.line("a", "b")))
    run = Run.begin("line a b", spec, {})
    ((_step, first),) = run.waiting
    run.complete(first, "agree")
    with pytest.raises(StepNotWaiting):
        run.complete(first, "agree")
    assert [step for step, _engine_id in run.waiting] == ["b"]


def test_nothing_is_ever_executed() -> None:
    engine = SafeConditions({"form": {"x": 1}})
    with pytest.raises(ExecutesNothing):
        engine.execute(None, "open('/etc/passwd')")
    with pytest.raises(ExecutesNothing):
        engine.call_service(None)
    assert engine.evaluate(None, "__import__('os')") is False
    assert engine.evaluate(None, "form.x == 1") is True
    assert engine.evaluate(None, "form.missing > 3") is False


def test_an_ended_run_keeps_only_its_outcomes() -> None:
    run = Run.begin("line a", specification(checked(invented.line("a"))), {})
    run.complete(run.waiting[0][1], "object")
    assert run.state() == {"form": 1, "ended": True, "outcomes": {"a": "object"}}


@pytest.mark.parametrize("name", sorted(json.loads(SAVED.read_text())))
def test_runs_saved_by_an_earlier_release_go_on(name: str) -> None:
    """Made with SpiffWorkflow 3.2.0; an upgrade of the engine must still read them."""
    saved = json.loads(SAVED.read_text())[name]
    run = Run.restore(f"saved {name}", saved["specification"], saved["state"], saved["data"])
    assert sorted(step for step, _engine_id in run.waiting) == saved["waiting"]
    for outcome in saved["then"]:
        run.complete(run.waiting[0][1], outcome)
    assert run.ended
