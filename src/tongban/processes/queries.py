"""How to find processes, their steps and their pictures."""

from functools import lru_cache
from uuid import UUID

from django.utils.translation import get_language

from tongban.processes import shipped
from tongban.processes.errors import UnknownProcess
from tongban.processes.models import ProcessRun, ProcessVersion
from tongban.processes.rules import Direction, draw
from tongban.processes.rules.engine import READY, Run
from tongban.processes.rules.shapes import StepShape, model_of, steps_in_order
from tongban.processes.shipped import DefaultKind

WAITING_TURNS = f"""
    SELECT run.id AS run_id, turn.key AS turn
    FROM processes_processrun AS run CROSS JOIN LATERAL jsonb_each(run.state -> 'tasks') AS turn
    WHERE run.ended_at IS NULL AND (turn.value ->> 'state')::int = {READY}
"""  # noqa: S608 - a number of the engine's
"""A question to the database: the turns at which all runs wait, as `Run.waiting` finds them for one."""

__all__ = [
    "WAITING_TURNS",
    "DefaultKind",
    "StepShape",
    "default_process",
    "latest",
    "picture",
    "picture_of_run",
    "sample",
    "steps_of",
    "steps_of_run",
    "steps_of_version",
    "version",
]


@lru_cache(maxsize=500)
def version(process_version_id: UUID) -> ProcessVersion:
    """Return a version, kept in memory: it never changes. Raises UnknownProcess."""
    return _version(process_version_id)


def latest(code: str) -> ProcessVersion:
    """Return the newest version of a process; raises UnknownProcess."""
    found = ProcessVersion.objects.filter(code=code).order_by("-version").first()
    if found is None:
        raise UnknownProcess
    return found


def default_process(kind: DefaultKind) -> ProcessVersion:
    """Return the process of items without one of their own.

    On the spot: no review, straight to the decision. Promised: one step of review.
    """
    return latest(shipped.DEFAULTS[kind])


def sample(code: str) -> str:
    """Return the BPMN text of a process that comes with the product; raises UnknownProcess."""
    return shipped.text(code)


def steps_of(process: ProcessVersion) -> list[StepShape]:
    """Return the steps in the order in which they come: the picture in words."""
    return steps_in_order(model_of(process.bpmn))


def steps_of_version(process_version_id: UUID) -> list[StepShape]:
    """Return the steps of a version by its id. Raises UnknownProcess."""
    return steps_of(_version(process_version_id))


def steps_of_run(run_id: UUID) -> list[StepShape]:
    """Return the steps of the process that a run follows. Raises UnknownProcess."""
    return steps_of(_run(run_id).process)


def picture(process_version_id: UUID, direction: Direction = "right") -> str:
    """Return the process as SVG in the reader's language; `down` suits telephones. Raises UnknownProcess."""
    return _picture(process_version_id, direction, get_language() or "")


@lru_cache(maxsize=500)
def _picture(process_version_id: UUID, direction: Direction, _language: str) -> str:
    """Keep pictures: a version never changes."""
    return draw(model_of(_version(process_version_id).bpmn), direction=direction, key=_key(process_version_id))


def picture_of_run(run_id: UUID, direction: Direction = "right") -> str:
    """Return the picture with the steps done and those waiting marked. Raises UnknownProcess."""
    run = _run(run_id)
    waiting: frozenset[str] = frozenset()
    if run.ended_at is None:
        restored = Run.restore(run.process.digest, run.process.specification, run.state, {})
        waiting = frozenset(step for step, _engine_id in restored.waiting)
    done = frozenset(run.state["outcomes"]) - waiting
    model = model_of(run.process.bpmn)
    return draw(model, direction=direction, key=_key(run.id), done=done, waiting=waiting)


def _run(run_id: UUID) -> ProcessRun:
    found = ProcessRun.objects.select_related("process").filter(pk=run_id).first()
    if found is None:
        raise UnknownProcess
    return found


def _version(process_version_id: UUID) -> ProcessVersion:
    found = ProcessVersion.objects.filter(pk=process_version_id).first()
    if found is None:
        raise UnknownProcess
    return found


def _key(identifier: UUID) -> str:
    return identifier.hex[-8:]
