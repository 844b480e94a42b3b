"""What may be done with processes: publish a version, start a run, complete a step."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from tongban.base.compiled import compiled_once
from tongban.base.rows import changed, in_transaction, new, write
from tongban.processes import queries, shipped
from tongban.processes.errors import StepNotWaiting, UnknownOutcome, UnknownProcess
from tongban.processes.models import ProcessRun, ProcessVersion
from tongban.processes.rules import Choice, checked
from tongban.processes.rules.engine import Run, Standing, specification
from tongban.processes.rules.model import Model, StepLimit, data_asked_for
from tongban.processes.rules.shapes import model_of


@dataclass(frozen=True, slots=True)
class StepReady:
    """A step that waits for an official. `engine_id` names this turn of it: a step may come again in a loop."""

    step: str
    engine_id: str
    name: str
    name_en: str
    role: str
    organisation: str
    choices: tuple[Choice, ...]
    limit: StepLimit | None = None
    """How long it may take, where its process says so."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands after an action. `completed` is the step just completed, empty after the start."""

    run: ProcessRun
    waiting: tuple[StepReady, ...]
    ended: bool
    completed: str = ""


@transaction.atomic
def publish(*, code: str, name: str, bpmn: str, now: datetime) -> ProcessVersion:
    """Check a BPMN text and keep it as the next version of the process `code`.

    The same text again gives the version it has already. Raises WrongModel naming everything that is to be mended.
    """
    digest = hashlib.sha256(bpmn.encode(errors="replace")).hexdigest()
    known = ProcessVersion.objects.filter(code=code, digest=digest).first()
    if known is not None:
        return known
    model = checked(bpmn)
    _one_at_a_time(code)
    number = ProcessVersion.objects.filter(code=code).aggregate(last=Max("version"))["last"] or 0
    version, _created = ProcessVersion.objects.get_or_create(
        code=code,
        digest=digest,
        defaults={
            "version": number + 1,
            "name": name,
            "bpmn": bpmn,
            "specification": specification(model),
            "published_at": now,
        },
    )
    return version


def _one_at_a_time(code: str) -> None:
    """Until the transaction ends, nobody else gives this process a version number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"processes.publish {code}"])


def publish_shipped(now: datetime) -> None:
    """Publish the processes that items without one of their own follow."""
    for code in shipped.DEFAULTS.values():
        bpmn = shipped.text(code)
        publish(code=code, name=checked(bpmn).name, bpmn=bpmn, now=now)


@in_transaction()
def start(*, process: ProcessVersion, data: Mapping[str, object], now: datetime) -> Progress:
    """Start a run. `data` is {"form": …, "situation": …, "applicant": …}; only what conditions ask for is kept, sealed.

    The run may have ended at once: a process without steps has nothing to wait for.
    """
    progress = _begun(process, data, now, {})
    write(*new(progress.run))
    return progress


@in_transaction()
def start_many(starts: Iterable[tuple[ProcessVersion, Mapping[str, object]]], *, now: datetime) -> list[Progress]:
    """Start many runs, in the order given: as `start` does one, written at once.

    Of runs of one model that keep the same data the engine is asked once: they begin alike.
    """
    known: dict[tuple[str, str], Standing] = {}
    begun = [_begun(process, data, now, known) for process, data in starts]
    write(*new(*(progress.run for progress in begun)))
    return begun


def _begun(
    process: ProcessVersion, data: Mapping[str, object], now: datetime, known: dict[tuple[str, str], Standing]
) -> Progress:
    model = model_of(process.bpmn)
    kept = data_asked_for(model, {key: value for key, value in data.items() if key != "outcomes"})
    alike = (process.digest, json.dumps(kept, sort_keys=True))
    if alike in known:
        stands = known[alike].another()
    else:
        stands = known[alike] = Standing.of(Run.begin(process.digest, process.specification, kept))
    row = ProcessRun(
        process=process,
        state=stands.state,
        data=None if stands.ended else kept,
        started_at=now,
        ended_at=now if stands.ended else None,
    )
    return _progress(row, model, stands)


@in_transaction()
def complete(*, run_id: UUID, engine_id: str | UUID, outcome: str, now: datetime) -> Progress:
    """Complete a waiting step with one of its choices and move on; the run's row stays locked until the end.

    Raises StepNotWaiting (done already, or the run has ended), UnknownOutcome, UnknownProcess; nothing changes then.
    """
    row = _locked(run_id)
    row.process = queries.version(row.process_id)
    model = model_of(row.process.bpmn)
    moved = Run.restore(row.process.digest, row.process.specification, row.state, row.data or {})
    step = {waiting: step for step, waiting in moved.waiting}.get(str(engine_id))
    if step is None:
        raise StepNotWaiting
    if outcome not in {choice.code for choice in model.by_id[step].choices}:
        raise UnknownOutcome
    moved.complete(str(engine_id), outcome)
    row.state = moved.state()
    if moved.ended:
        row.data, row.ended_at = None, now
    write(changed(row, "state", "data", "ended_at"))
    return _progress(row, model, moved, step)


@transaction.atomic
def cancel(*, run_id: UUID, now: datetime) -> None:
    """End a run whose case has ended otherwise (withdrawn, passed on). A run that has ended stays as it is."""
    row = ProcessRun.objects.select_for_update().filter(pk=run_id).first()
    if row is None:
        raise UnknownProcess
    if row.ended_at is None:
        row.state = {"form": row.state["form"], "ended": True, "cancelled": True, "outcomes": row.state["outcomes"]}
        row.data, row.ended_at = None, now
        row.save(update_fields=["state", "data", "ended_at"])


@in_transaction()
def cancel_many(run_ids: Iterable[UUID], *, now: datetime) -> None:
    """End many runs whose cases have ended otherwise: as `cancel` does one."""
    rows = list(
        ProcessRun.objects.select_for_update().filter(pk__in=list(run_ids), ended_at__isnull=True).order_by("pk")
    )
    for row in rows:
        row.state = {"form": row.state["form"], "ended": True, "cancelled": True, "outcomes": row.state["outcomes"]}
        row.data, row.ended_at = None, now
    write(*(changed(row, "state", "data", "ended_at") for row in rows))


def _locked(run_id: UUID) -> ProcessRun:
    row = _run.first(run_id)
    if row is None:
        raise UnknownProcess
    if row.ended_at is not None:
        raise StepNotWaiting
    return row


@compiled_once
def _run(run_id: UUID) -> QuerySet[ProcessRun]:
    return ProcessRun.objects.select_for_update().filter(id=run_id)


def _progress(row: ProcessRun, model: Model, moved: Run | Standing, completed: str = "") -> Progress:
    waiting = tuple(_ready(model, step, engine_id) for step, engine_id in moved.waiting)
    return Progress(run=row, waiting=waiting, ended=moved.ended, completed=completed)


def _ready(model: Model, step: str, engine_id: str) -> StepReady:
    node = model.by_id[step]
    return StepReady(
        step=step,
        engine_id=engine_id,
        name=node.name,
        name_en=node.name_en,
        role=node.role,
        organisation=node.organisation,
        choices=node.choices,
        limit=node.limit,
    )
