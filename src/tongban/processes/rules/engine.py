"""The engine (SpiffWorkflow), kept on a short lead: it moves tokens; it never sees a file, a script or a person's data.

It is given a clean BPMN text made from our own model, conditions are evaluated by `base.expressions`, and what it
saves is only where the tokens stand. The model is serialised once for each version (`specification`), the run without.
"""

import copy
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4
from xml.etree.ElementTree import Element, SubElement, tostring

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from tongban.base import expressions
from tongban.processes.errors import StepNotWaiting
from tongban.processes.rules.model import Kind, Model
from tongban.processes.rules.reading import BPMN

logger = logging.getLogger("tongban.processes")
logging.getLogger("spiff").setLevel(logging.WARNING)  # it tells of each token's move, a dozen lines for each step

State = dict[str, Any]
FORM = 1
"""Form of the saved states; raised when a release must convert older ones."""

READY = int(TaskState.READY)
"""How a saved state marks a step that waits for an official: everything else is moved on at once."""

PREFIX = "n_"
"""Put before each id, because the engine has specifications named Start, End and Root of its own."""

ELEMENTS: Mapping[Kind, str] = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "manual": "manualTask",
    "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway",
}

MOST_KEPT = 500
"""Models kept in memory, some 50 KiB each."""

_models: dict[str, BpmnProcessSpec] = {}
_serializer = BpmnWorkflowSerializer()
_SAVED = ("tasks", "root", "last_task", "success", "completed")


class ExecutesNothing(RuntimeError):  # noqa: N818 - says what happened
    """The engine asked for a script or a service to be run: nothing here ever does."""


class SafeConditions(PythonScriptEngine):  # type: ignore[misc]  # the engine has no types
    """Evaluates conditions by `base.expressions` over the run's data; refuses everything else."""

    def __init__(self, values: Mapping[str, object]) -> None:
        """Keep what the conditions may ask for. The engine's own evaluator of Python is not even made."""
        self.environment = None
        self.values = values

    def validate(self, expression: str) -> None:
        """Raise WrongExpression for a text that is no expression."""
        expressions.check(expression)

    def evaluate(self, _task: Task, expression: str, _external_context: object = None, **_more: object) -> bool:
        """Whether the condition holds. One that asks for an answer that was not given does not hold."""
        try:
            return expressions.holds(expression, self.values)
        except expressions.WrongExpression:
            logger.info("condition does not apply to this run condition=%r", expression)
            return False

    def execute(self, *_given: object, **_more: object) -> bool:
        """Refuse."""
        raise ExecutesNothing

    call_service = execute


def specification(model: Model) -> State:
    """Return the engine's serialised form of a checked model."""
    parser = BpmnParser()
    parser.add_bpmn_str(_clean_bpmn(model))
    converted: State = _serializer.registry.convert(parser.get_spec("process"))
    return converted


def _clean_bpmn(model: Model) -> bytes:
    """Write the model as BPMN: nodes, arrows, conditions, and nothing else of the file."""
    root = Element(f"{BPMN}definitions")
    process = SubElement(root, f"{BPMN}process", id="process", isExecutable="true")
    for node in model.nodes:
        default = {"default": PREFIX + node.default} if node.kind == "exclusive" and node.default else {}
        SubElement(process, BPMN + ELEMENTS[node.kind], default, id=PREFIX + node.id)
    for flow in model.flows:
        ends = {"sourceRef": PREFIX + flow.source, "targetRef": PREFIX + flow.target}
        arrow = SubElement(process, f"{BPMN}sequenceFlow", ends, id=PREFIX + flow.id)
        if flow.condition:
            SubElement(arrow, f"{BPMN}conditionExpression").text = flow.condition
    return tostring(root)


class Run:
    """A run in memory: begin or restore it, complete what waits, save its state."""

    def __init__(self, workflow: BpmnWorkflow, outcomes: dict[str, str], data: Mapping[str, object]) -> None:
        """Give the workflow its safe conditions and move it on to the next steps of officials."""
        self._workflow = workflow
        self._outcomes = outcomes
        workflow.script_engine = SafeConditions({**data, "outcomes": outcomes})

    @classmethod
    def begin(cls, digest: str, saved_specification: State, data: Mapping[str, object]) -> "Run":
        """Start a run of the model that has this digest."""
        run = cls(BpmnWorkflow(_restored(digest, saved_specification)), {}, data)
        run._move()
        return run

    @classmethod
    def restore(cls, digest: str, saved_specification: State, state: State, data: Mapping[str, object]) -> "Run":
        """Take a saved run up again."""
        workflow = BpmnWorkflow(_restored(digest, saved_specification), deserializing=True)
        for identifier, task in state["tasks"].items():
            workflow.tasks[UUID(identifier)] = _serializer.registry.restore(dict(task), workflow=workflow)
        workflow.task_tree = workflow.tasks[UUID(state["root"])]
        workflow.last_task = workflow.tasks.get(UUID(state["last_task"])) if state["last_task"] else None
        workflow.success, workflow.completed = state["success"], state["completed"]
        return cls(workflow, dict(state["outcomes"]), data)

    @property
    def waiting(self) -> list[tuple[str, str]]:
        """Steps that wait for an official: the id in the model, and the id of this turn of it."""
        ready = self._workflow.get_tasks(state=TaskState.READY, manual=True)
        return [(_step_of(task), str(task.id)) for task in ready]

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self._workflow.completed)

    def complete(self, engine_id: str, outcome: str) -> str:
        """Complete a step that waits and move on; returns its id in the model. Raises StepNotWaiting."""
        if engine_id not in {waiting for _step, waiting in self.waiting}:
            raise StepNotWaiting
        task = self._workflow.get_task_from_id(UUID(engine_id))
        step = _step_of(task)
        self._outcomes[step] = outcome
        task.run()
        self._move()
        return step

    def state(self) -> State:
        """Return what is to be kept: where the tokens stand; once ended, only the outcomes."""
        if self.ended:
            return {"form": FORM, "ended": True, "outcomes": self._outcomes}
        converted = _serializer.registry.convert(self._workflow)
        return {"form": FORM, "outcomes": self._outcomes} | {key: converted[key] for key in _SAVED}

    def _move(self) -> None:
        self._workflow.do_engine_steps()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands: its saved state, the steps that wait (id in the model, id of this turn), whether it ended."""

    state: State
    waiting: tuple[tuple[str, str], ...]
    ended: bool

    @classmethod
    def of(cls, run: Run) -> "Standing":
        """Return where a run stands."""
        return cls(run.state(), tuple(run.waiting), run.ended)

    def another(self) -> "Standing":
        """Return another run that stands at the same place, with ids of its own: asking the engine costs far more."""
        ids = {known: str(uuid4()) for known in self.state.get("tasks", ())}
        return Standing(_renamed(self.state, ids), tuple((step, ids[one]) for step, one in self.waiting), self.ended)


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - any part of a saved state
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, dict):
        return {ids.get(key, key): _renamed(part, ids) for key, part in value.items()}
    return [_renamed(part, ids) for part in value] if isinstance(value, (list, tuple)) else value


def _step_of(task: Task) -> str:
    return str(task.task_spec.name).removeprefix(PREFIX)


def _restored(digest: str, saved: State) -> BpmnProcessSpec:
    """Return the engine's model; read once and then shared, for runs never change it."""
    model = _models.get(digest)
    if model is None:
        if len(_models) >= MOST_KEPT:
            _models.clear()
        model = _models[digest] = _serializer.registry.restore(copy.deepcopy(saved))
    return model
