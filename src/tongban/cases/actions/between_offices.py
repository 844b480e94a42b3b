"""Open a case in which one office asks another: what is asked was checked before, so it is under review at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.rows import new, write
from tongban.cases.actions import clocks, step_clocks
from tongban.cases.actions.holding import issue_paper, task_for_step
from tongban.cases.events import CaseAccepted, CaseOpened
from tongban.cases.kinds import KINDS, Terms
from tongban.cases.models import Case, Delivery, Task
from tongban.cases.queries.clock_tables import in_force
from tongban.cases.rules import clocks as clock_rules
from tongban.cases.rules import papers as said
from tongban.cases.rules.numbers import case_number
from tongban.ledger import actions as ledger

if TYPE_CHECKING:
    from tongban.organisations.models import Organisation, Post


@dataclass(frozen=True, slots=True)
class Asked:
    """What one office asks of another: its kind, title and terms, who asks by which post, and which post answers."""

    kind: str
    title: str
    title_en: str
    terms: Terms
    asking: "Organisation"
    asking_post: "Post"
    answering: "Organisation"
    answering_post: "Post"
    role: str
    """The role that whoever answers must have; a task handed over keeps it."""


@transaction.atomic
def open_between_offices(*, actor: Actor, asked: Asked, now: datetime) -> Case:
    """Open a case of a kind that goes between offices. It is accepted as it comes in, and its decision is next.

    Both are told online. The clocks that the table begins with acceptance run from now on. Raises KeyError for an
    unknown kind.
    """
    KINDS[asked.kind]
    governing = in_force(asked.terms.item_type)
    case = _case(asked, now)
    case.clock_table_id = governing.table_id
    starts = clock_rules.starting(governing.rules, "acceptance", asked.terms)
    started = clocks.begun(case, starts, now, reckoned=governing.calendar)
    nearest = clocks.nearest(sorted(started, key=lambda clock: clock.due_on))
    case.due_on = nearest.due_on if nearest else None
    task = task_for_step(case, Task.Kind.DECISION, asked.role, now, post=asked.answering_post)
    task.role, task.provisional = asked.role, bool(nearest and nearest.provisional)
    delivery = Delivery(case=case, way=Delivery.Way.ONLINE, electronic=True)
    of_step = step_clocks.begun(case, [task], now, reckoned=governing.calendar)
    opened = CaseOpened(
        subject_id=case.id,
        revision=1,
        organisation_id=case.organisation_id,
        case_kind=case.kind,
        number=case.number,
        channel=case.channel,
    )
    write(*new(case, delivery, task, *started, *clocks.first_intervals(started)), *of_step)
    told = clocks.told_clock(started)
    accepted = CaseAccepted(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        due_on=told.due_on if told else None,
        provisional=bool(told and told.provisional),
    )
    for event in (opened, accepted):
        ledger.record(event, actor=actor, now=now, post_id=asked.asking_post.id)
    shown = [clock for clock in started if clock.kind in governing.rules.told]
    issue_paper(case, "acceptance", said.acceptance(case, office_date(now), shown), now)
    return case


def _case(asked: Asked, now: datetime) -> Case:
    return Case(
        number=case_number(office_date(now)),
        kind=asked.kind,
        title=asked.title[:300],
        title_en=asked.title_en[:300],
        state=Case.State.REVIEW,
        channel=Case.Channel.WEB,
        organisation=asked.answering,
        applicant_name=asked.asking.name[:200],
        applicant_organisation=asked.asking,
        taken_in_by_id=asked.asking_post.id,
        terms=asked.terms.model_dump(mode="json"),
        process_data={},
        submitted_at=now,
        accepted_at=now,
        revision=2,
    )
