"""What has happened to a case. Ids, codes, numbers and dates only; `revision` is the case's revision afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData


@dataclass(frozen=True, kw_only=True)
class CaseEvent(EventData):
    """Something happened to a case, in the care of an organisation."""

    subject_kind: ClassVar[str] = "case"
    revision: int = 0
    organisation_id: UUID | None = None


@dataclass(frozen=True)
class ClockTablePublished(EventData):
    """Which clocks a type of item has is laid down anew, for the cases that come in from now on."""

    kind: ClassVar[str] = "cases.clock_table_published"
    subject_kind: ClassVar[str] = "clock_table"
    item_type: str
    version: int


@dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseEvent):
    """Somebody asked: the case has its number."""

    kind: ClassVar[str] = "cases.case_opened"
    case_kind: str
    number: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class CaseSuspended(CaseEvent):
    """Its time does not count for a while; `expected_on` is when a special procedure should be over."""

    kind: ClassVar[str] = "cases.case_suspended"
    suspension_id: UUID
    suspension_kind: str
    procedure: str = ""
    expected_on: date | None = None
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseResumed(CaseEvent):
    """A suspension is over; the clocks run on unless another one stands."""

    kind: ClassVar[str] = "cases.case_resumed"
    suspension_id: UUID
    procedure: str = ""
    goes_on: bool = True
    due_on: date | None = None
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(CaseEvent):
    """An official asked a superior."""

    kind: ClassVar[str] = "cases.approval_asked"
    approval_id: UUID
    approval_kind: str


@dataclass(frozen=True, kw_only=True)
class ApprovalAnswered(CaseEvent):
    """The superior answered."""

    kind: ClassVar[str] = "cases.approval_answered"
    approval_id: UUID
    approval_kind: str
    granted: bool


@dataclass(frozen=True, kw_only=True)
class CaseExtended(CaseEvent):
    """The limit was extended, with the head's approval."""

    kind: ClassVar[str] = "cases.case_extended"
    value: int
    unit: str
    due_on: date | None = None
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class TaskClaimed(CaseEvent):
    """An official took a task."""

    kind: ClassVar[str] = "cases.task_claimed"
    task_id: UUID
    task_kind: str


@dataclass(frozen=True, kw_only=True)
class TaskReleased(CaseEvent):
    """An official gave a task back to the post."""

    kind: ClassVar[str] = "cases.task_released"
    task_id: UUID
    task_kind: str


@dataclass(frozen=True, kw_only=True)
class TaskHandedOver(CaseEvent):
    """An official handed a task to another official or post."""

    kind: ClassVar[str] = "cases.task_handed_over"
    task_id: UUID
    task_kind: str
    to_official_id: UUID | None = None
    to_post_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class OfficialStoodAside(CaseEvent):
    """An official stands aside for conflict of interest 回避."""

    kind: ClassVar[str] = "cases.official_stood_aside"
    official_id: UUID


@dataclass(frozen=True, kw_only=True)
class NumbersShown(CaseEvent):
    """An official who works on the case saw numbers in full: of which fields, by key and label, no values."""

    kind: ClassVar[str] = "cases.numbers_shown"
    fields: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SupplementAsked(CaseEvent):
    """All that is missing was named at once 一次性告知."""

    kind: ClassVar[str] = "cases.supplement_asked"
    request_id: UUID
    points: int
    answer_by: date
    provisional: bool
    round: int


@dataclass(frozen=True, kw_only=True)
class SupplementGiven(CaseEvent):
    """The applicant sent what had been missing."""

    kind: ClassVar[str] = "cases.supplement_given"
    request_id: UUID


@dataclass(frozen=True)
class MovedEnd:
    """The end of a clock before and after, by its kind; "supplement" is the day by which an answer is awaited."""

    kind: str
    was: date
    now: date
    provisional: bool
    told: bool
    """Whether the applicant is shown this date."""


TOLD_FIRST = ("supplement", "promised", "statutory")
"""Of several ends that are moved the applicant is told that of the first of these, else any that they are shown."""


def told_end(ends: Sequence[MovedEnd]) -> MovedEnd | None:
    """Return the end that the applicant is told of; None when they are shown none of them."""
    places = {kind: place for place, kind in enumerate(TOLD_FIRST)}
    return min((end for end in ends if end.told), key=lambda end: places.get(end.kind, len(places)), default=None)


@dataclass(frozen=True, kw_only=True)
class ClocksMoved(CaseEvent):
    """The calendar was changed, and with it the ends of clocks: this is no step of anybody, and counts no revision."""

    kind: ClassVar[str] = "cases.clocks_moved"
    ends: list[MovedEnd]
    change_id: int
    """The event of the change in the ledger."""


@dataclass(frozen=True, kw_only=True)
class CaseAccepted(CaseEvent):
    """The case was accepted 受理: the decision clocks run."""

    kind: ClassVar[str] = "cases.case_accepted"
    due_on: date | None
    """The last day that the applicant is told: promised or by law; None when there is only a limit for supervision."""
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class CaseDeemedAccepted(CaseEvent):
    """Nobody said in time what was missing: the case counts as accepted from the day of receipt (行政许可法 art. 32).

    It stands against the organisation, and against the post on whose desk the case lay.
    """

    kind: ClassVar[str] = "cases.case_deemed_accepted"
    accepted_on: date
    late_post_id: UUID | None = None
    due_on: date | None = None
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseDeemedRenewed(CaseEvent):
    """Nobody decided on the renewal by the last day of the permit: it is deemed granted (行政许可法 art. 50).

    It stands against the organisation. What follows from the grant follows from CaseDecided, which comes with it.
    """

    kind: ClassVar[str] = "cases.case_deemed_renewed"
    predecessor_id: UUID
    last_day: date


@dataclass(frozen=True, kw_only=True)
class SuspensionOverdue(CaseEvent):
    """A special procedure was expected to be over by now, and is not."""

    kind: ClassVar[str] = "cases.suspension_overdue"
    suspension_id: UUID
    procedure: str
    expected_on: date


@dataclass(frozen=True, kw_only=True)
class CaseNotAccepted(CaseEvent):
    """The case was not accepted 不予受理."""

    kind: ClassVar[str] = "cases.case_not_accepted"


@dataclass(frozen=True, kw_only=True)
class CasePassedOn(CaseEvent):
    """The case went to the office that is competent for it."""

    kind: ClassVar[str] = "cases.case_passed_on"
    from_organisation_id: UUID
    to_organisation_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReviewCompleted(CaseEvent):
    """A step of the review was done."""

    kind: ClassVar[str] = "cases.review_completed"
    task_id: UUID
    step: str
    outcome: str
    post_organisation_id: UUID
    name: str = ""
    name_en: str = ""
    """The step's name as its process has it."""


@dataclass(frozen=True, kw_only=True)
class CaseDecided(CaseEvent):
    """The decision was made: `outcome` is granted or refused."""

    kind: ClassVar[str] = "cases.case_decided"
    outcome: str
    item_type: str = ""
    is_deemed: bool = False
    """Granted by law, because nobody decided in time."""


@dataclass(frozen=True, kw_only=True)
class FeeDemanded(CaseEvent):
    """A fee is due."""

    kind: ClassVar[str] = "cases.fee_demanded"
    fee_id: UUID
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class FeeFoundNotDue(CaseEvent):
    """A fee that the guide leaves open is not due in this case."""

    kind: ClassVar[str] = "cases.fee_found_not_due"
    fee_id: UUID


@dataclass(frozen=True, kw_only=True)
class FeeSettled(CaseEvent):
    """A fee was paid, or waived."""

    kind: ClassVar[str] = "cases.fee_settled"
    fee_id: UUID
    waived: bool = False


@dataclass(frozen=True, kw_only=True)
class ResultIssued(CaseEvent):
    """The result was issued, with its number."""

    kind: ClassVar[str] = "cases.result_issued"
    result_id: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class CaseCompleted(CaseEvent):
    """The office has done its part 办结; what is left is delivery."""

    kind: ClassVar[str] = "cases.case_completed"
    outcome: str


@dataclass(frozen=True, kw_only=True)
class CaseDelivered(CaseEvent):
    """Result or decision reached the applicant 送达."""

    kind: ClassVar[str] = "cases.case_delivered"
    way: str


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(CaseEvent):
    """The applicant took the case back."""

    kind: ClassVar[str] = "cases.case_withdrawn"


@dataclass(frozen=True, kw_only=True)
class CaseLapsed(CaseEvent):
    """The supplement never came 补正不来."""

    kind: ClassVar[str] = "cases.case_lapsed"
    answer_by: date


@dataclass(frozen=True, kw_only=True)
class CaseRated(CaseEvent):
    """The applicant said how it was: 1 very satisfied … 5 very dissatisfied."""

    kind: ClassVar[str] = "cases.case_rated"
    level: int


@dataclass(frozen=True, kw_only=True)
class RatingAnswered(CaseEvent):
    """The office answered a bad rating with words to the applicant."""

    kind: ClassVar[str] = "cases.rating_answered"
    rating_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseArchived(CaseEvent):
    """The ended case was archived 归档; the digest proves what was in the archive."""

    kind: ClassVar[str] = "cases.case_archived"
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CaseErased(CaseEvent):
    """Personal data of the case were erased after the retention period."""

    kind: ClassVar[str] = "cases.case_erased"


@dataclass(frozen=True, kw_only=True)
class PaperCorrected(CaseEvent):
    """A paper was voided, and a corrected one took its place."""

    kind: ClassVar[str] = "cases.paper_corrected"
    paper_id: UUID
    voided_number: str
    number: str


@dataclass(frozen=True, kw_only=True)
class PaperVoidedAlone(CaseEvent):
    """A paper that should not have been issued was voided; no other takes its place."""

    kind: ClassVar[str] = "cases.paper_voided"
    paper_id: UUID
    number: str
