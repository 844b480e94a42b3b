"""From cases and tasks to what the API tells of them."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tongban.base.actor import Actor
from tongban.cases import queries
from tongban.cases.api.shapes import (
    CaseMoved,
    CaseRow,
    CaseTold,
    ChoiceTold,
    ClockTold,
    DecisionTold,
    ExpectedTold,
    FeeTold,
    HappenedTold,
    PaperTold,
    PointTold,
    ResultTold,
    TaskRow,
    TaskTold,
    WantedTold,
)
from tongban.cases.models import Case, Task
from tongban.cases.queries import ClockShown
from tongban.cases.queries.inbox import Row
from tongban.cases.rules.clocks import nearest_end

if TYPE_CHECKING:
    from tongban.papers.models import Paper


def row_of(case: Case, *, for_official: bool) -> CaseRow:
    """Return a case as a row of a list."""
    return CaseRow.model_validate(_row(case, case.first_due if for_official else None))  # type: ignore[attr-defined]  # annotated by the list


def _row(case: Case, first_due: date | None) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "title_en": case.title_en,
        "state": case.state,
        "channel": case.channel,
        "applicant_name": case.applicant_name,
        "organisation_name": case.organisation.name,
        "submitted_at": case.submitted_at,
        "ended_at": case.ended_at,
        "due_on": first_due,
    }


def told(case: Case, *, actor: Actor, today: date) -> CaseTold:
    """Return all that the actor may see of a case: applicants see offices, officials also who did what."""
    official = actor.is_official
    kept = queries.dossier_of(case)
    seen = queries.follow_among(case, kept, actor=actor, today=today)
    whole = queries.clocks_shown(
        case,
        kept.clocks,
        queries.moves_of(kept.stops, kept.extensions),
        kept.calendar,
        today=today,
        for_applicant=False,
    )
    clocks = whole if official else seen.clocks
    happened = (queries.history_among if official else queries.applicant_history_among)(kept.events)
    papers = kept.papers if official else seen.papers
    return CaseTold.model_validate(
        _row(case, nearest_end(kept.clocks) if official else None)
        | {
            "revision": case.revision,
            "where": seen.where,
            "clocks": [clock(one) for one in clocks],
            "expected": ExpectedTold.model_validate(seen.expected) if seen.expected else None,
            "wanted": [
                WantedTold(title=one.title, text=one.text, until=one.until, provisional=one.provisional)
                for one in seen.wanted
            ],
            "points": [
                PointTold(kind=point.target_kind, key=point.target_key, name=point.target_name, words=point.words)
                for point in queries.open_supplement_points(case)
            ],
            "timeline": [HappenedTold(at=one.when, by=one.who, words=one.words) for one in happened],
            "papers": [paper(row.paper) for row in papers],
            "fees": [FeeTold(name=fee.name, amount_fen=fee.amount_fen, state=fee.state) for fee in seen.fees],
            "decision": _decision(case),
            "result": _result(case),
            "delivery": queries.delivery_words(case),
            "can_withdraw": seen.can_withdraw,
            "can_rate": seen.can_rate,
            "tasks": [task_of(task) for task in queries.own_among(actor, kept.tasks)],
        }
    )


def clock(clock: ClockShown) -> ClockTold:
    """Return a clock."""
    return ClockTold(
        kind=clock.kind,
        state=clock.state,
        due_on=clock.due_on,
        days_left=clock.days_left,
        provisional=clock.provisional,
        limit=clock.limit,
        basis=clock.basis,
        explanation=list(clock.sentences),
    )


def paper(paper: "Paper") -> PaperTold:
    """Return a paper."""
    return PaperTold(
        id=paper.id,
        kind=paper.kind,
        number=paper.number,
        issued_at=paper.issued_at,
        is_void=paper.voided_at is not None,
        address=reverse("papers:show", args=[paper.id]),
    )


def _decision(case: Case) -> DecisionTold | None:
    decision = getattr(case, "decision", None)
    return None if decision is None else DecisionTold.model_validate(decision)


def _result(case: Case) -> ResultTold | None:
    result = getattr(case, "result", None)
    return None if result is None else ResultTold.model_validate(result)


def _task(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "kind": task.kind,
        "name": task.name,
        "name_en": task.name_en,
        "state": task.state,
        "choices": [
            ChoiceTold(value=one["value"], label=one["label"], label_en=one["label_en"]) for one in task.choices
        ],
        "post_id": task.post_id,
        "post_name": task.post.name,
        "holder_name": task.holder.name if task.holder else "",
        "due_on": task.due_on,
        "provisional": task.provisional,
    }


def task_of(task: Task) -> TaskTold:
    """Return a task."""
    return TaskTold.model_validate(_task(task))


def task_row(row: Row) -> TaskRow:
    """Return a task of the inbox."""
    return TaskRow.model_validate(
        _task(row.task)
        | {
            "case_number": row.task.case.number,
            "case_title": row.task.case.title,
            "applicant_name": row.task.case.applicant_name,
            "urgency": row.pressure.urgency,
            "days_left": row.pressure.days,
            "is_mine": row.is_mine,
            "as_deputy": row.as_deputy,
        }
    )


def moved(case: Case) -> CaseMoved:
    """Return a case after a step."""
    return CaseMoved.model_validate({"number": case.number, "state": case.state, "revision": case.revision})
