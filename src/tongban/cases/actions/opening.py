"""Open a case: somebody asked, and an office must answer in time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.rows import Change, in_transaction, new, write
from tongban.cases.actions import clocks, step_clocks
from tongban.cases.actions.holding import task_for_step
from tongban.cases.events import CaseOpened
from tongban.cases.kinds import KINDS, ApplicantRef, DeliveryWish, Terms
from tongban.cases.models import Case, CasePaper, Delivery, Result, Task
from tongban.cases.queries.clock_tables import Standing, in_force
from tongban.cases.rules import clocks as clock_rules
from tongban.cases.rules import duties
from tongban.cases.rules.numbers import case_number
from tongban.cases.rules.renewals import renewal_clock
from tongban.ledger import actions as ledger

if TYPE_CHECKING:
    from tongban.papers.models import Paper
    from tongban.processes.models import ProcessVersion


@dataclass(frozen=True, slots=True)
class Opening:
    """A case that is not written yet, and all that is to be written for it: by `open_case`, or with other changes."""

    case: Case
    changes: tuple[Change, ...]
    entry: ledger.Entry


@in_transaction()
def open_case(*, opening: Opening, now: datetime) -> Case:
    """Open a case. Papers of the caller (the receipt) are added by `add_paper` in the same transaction.

    Two numbers drawn alike are as good as impossible; the unique constraint is the last judge, and sending again helps.
    """
    write(*opening.changes, ledger.recorded(opening.entry, now=now))
    return opening.case


def opening(  # noqa: PLR0913 - all that is known when somebody asks
    *,
    actor: Actor,
    kind: str,
    title: str,
    title_en: str = "",
    organisation_id: UUID,
    applicant: ApplicantRef,
    channel: str,
    terms: Terms,
    process: "ProcessVersion | None" = None,
    process_data: dict[str, object] | None = None,
    summary: dict[str, object] | None = None,
    delivery: DeliveryWish | None = None,
    predecessor_id: UUID | None = None,
    taken_in_by_id: UUID | None = None,
    language: str = "",
    standing: Standing | None = None,
    accepting_post_id: UUID | None = None,
    now: datetime,
) -> Opening:
    """Return a case with its number, its first clock, and the acceptance task of the competent office's post.

    `kind` is registered in `kinds.KINDS`. Without `language` it is that of the submitter's account; `standing` is
    what was asked already, `accepting_post_id` the office's own post for it where that was. Raises KeyError for an
    unknown kind.
    """
    KINDS[kind]
    governing = in_force(terms.item_type, standing)
    case = Case(
        number=case_number(office_date(now)),
        kind=kind,
        title=title[:300],
        title_en=title_en[:300],
        channel=channel,
        organisation_id=organisation_id,
        applicant_name=applicant.name[:200],
        applicant_person_id=applicant.person_id,
        applicant_enterprise_id=applicant.enterprise_id,
        submitted_by_id=applicant.submitted_by_id,
        taken_in_by_id=taken_in_by_id,
        summary=summary or {},
        terms=terms.model_dump(mode="json"),
        clock_table_id=governing.table_id,
        process=process,
        process_data=process_data or {},
        predecessor_id=predecessor_id,
        language=language or _language_of(applicant),
        submitted_at=now,
    )
    starts = clock_rules.starting(governing.rules, "receipt", terms)
    renewal = renewal_clock(governing.rules, terms, _last_day(predecessor_id), now)
    started = clocks.begun(case, (*starts, renewal) if renewal else starts, now, reckoned=governing.calendar)
    nearest = min(started, key=lambda clock: clock.due_on, default=None)
    case.due_on = nearest.due_on if nearest else None
    task = task_for_step(case, Task.Kind.ACCEPTANCE, duties.ACCEPTS, now, post_id=accepting_post_id)
    task.provisional = bool(nearest and nearest.provisional)
    of_step = step_clocks.begun(case, [task], now, reckoned=governing.calendar)
    event = CaseOpened(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=organisation_id,
        case_kind=kind,
        number=case.number,
        channel=channel,
    )
    rows = (case, _wish(case, delivery), task, *started, *clocks.first_intervals(started))
    return Opening(case, (*new(*rows), *of_step), ledger.Entry(event=event, actor=actor, post_id=taken_in_by_id))


def _last_day(predecessor_id: UUID | None) -> date | None:
    """Return the last day of the result that a case succeeds; None without one, or when it has no term."""
    if predecessor_id is None:
        return None
    return Result.objects.values_list("valid_to", flat=True).get(id=predecessor_id)


def _language_of(applicant: ApplicantRef) -> str:
    account = accounts.account_of_person(applicant.submitted_by_id) if applicant.submitted_by_id else None
    return account.language if account else "zh-hans"


def _wish(case: Case, wish: DeliveryWish | None) -> Delivery:
    """Without a wish the result is handed over at a window."""
    return Delivery(
        case=case,
        way=wish.way if wish else Delivery.Way.WINDOW,
        address=dict(wish.address) if wish and wish.address else None,
        electronic=bool(wish and wish.electronic),
    )


def add_paper(*, case: Case, paper: "Paper", for_applicant: bool = True) -> None:
    """Put a paper that another room issued into the file of a case, in that room's transaction."""
    write(*filed(case=case, paper=paper, for_applicant=for_applicant))


def filed(*, case: Case, paper: "Paper", for_applicant: bool = True) -> Iterator[Change]:
    """Return what `add_paper` writes, to be written with other changes."""
    return new(CasePaper(case=case, paper=paper, for_applicant=for_applicant))
