"""Shapes of cases and tasks."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from tongban.base.api import CaseNumber, Line, Sent, Text, Told
from tongban.base.api.shapes import Key

State = Literal[
    "submitted", "supplement", "review", "suspended", "decided", "completed", "delivered", "not_accepted",
    "withdrawn", "lapsed", "voided",
]  # fmt: skip
Revision = Annotated[
    int | None,
    Field(
        strict=True,
        ge=1,
        le=2_000_000_000,
        description="The case's revision as it was read: a change since then is refused.",
    ),
]


class CaseRow(Told):
    """A case in a list."""

    number: str = Field(description="Its number.")
    title: str = Field(description="The matter in Chinese.")
    title_en: str = Field(description="The matter in English.")
    state: State = Field(description="Where in its legal life it is.")
    channel: str = Field(description="web, window or api.")
    applicant_name: str = Field(description="Who asked.")
    organisation_name: str = Field(description="The office that has it.")
    submitted_at: datetime = Field(description="When it came in.")
    ended_at: datetime | None = Field(description="When it ended.")
    due_on: date | None = Field(description="For officials: nearest due date of a running clock.")


class ClockTold(Told):
    """A clock of a case."""

    kind: str = Field(description="notice, statutory, promised; policy for officials only.")
    state: str = Field(description="running, stopped, met, missed, deemed_accepted or deemed_renewed.")
    due_on: date = Field(description="Last day.")
    days_left: int | None = Field(
        description="Working days left while it runs, negative: late; while it stands, what is left when it runs on."
    )
    provisional: bool = Field(description="The holidays up to then are not published yet: the date may move.")
    limit: str = Field(description="The limit in words.")
    basis: str = Field(description="Where it is laid down.")
    explanation: list[str] = Field(description="How the date came about, in sentences.")


class ExpectedTold(Told):
    """When the decision may be expected, as comparable cases of the last twelve months were decided. No promise."""

    usual_on: date = Field(description="By this day half of them were decided.")
    later_on: date = Field(description="By this day nine of ten were.")
    cases: int = Field(description="How many it rests on.")
    provisional: bool = Field(description="The holidays up to then are not published yet: the dates may move.")


class WantedTold(Told):
    """Something wanted from the applicant now."""

    title: str = Field(description="What.")
    text: str = Field(description="In a sentence.")
    until: date | None = Field(description="By when.")
    provisional: bool = Field(description="Whether the date may still move.")


class PointTold(Told):
    """A point of the open supplement request."""

    kind: str = Field(description="field or material.")
    key: str = Field(description="Its key, for the answer.")
    name: str = Field(description="Its name.")
    words: str = Field(description="What is needed.")


class HappenedTold(Told):
    """Something that happened."""

    at: datetime = Field(description="When.")
    by: str = Field(description="Who: the office or the applicant; for officials the official.")
    words: str = Field(description="What, in a sentence.")


class PaperTold(Told):
    """A paper of the case."""

    id: UUID = Field(description="Its id.")
    kind: str = Field(description="receipt, acceptance, supplement, decision_granted …")
    number: str = Field(description="Its number.")
    issued_at: datetime = Field(description="When it was issued.")
    is_void: bool = Field(description="Whether it was voided.")
    address: str = Field(description="Where it can be looked at (PDF).")


class FeeTold(Told):
    """A fee."""

    name: str = Field(description="What for.")
    amount_fen: int = Field(description="How much, in fen (0.01 yuan).")
    state: str = Field(description="due, paid, waived or not_due.")


class DecisionTold(Told):
    """The decision."""

    outcome: Literal["granted", "refused"] = Field(description="Granted or refused.")
    reasons: str = Field(description="The reasons.")
    legal_basis: str = Field(description="The law.")
    remedies: str = Field(description="How it can be contested.")
    decided_at: datetime = Field(description="When.")


class ResultTold(Told):
    """What the applicant holds in hand."""

    id: UUID = Field(description="Its id: to renew or change it.")
    name: str = Field(description="Its name.")
    number: str = Field(description="Its number.")
    valid_from: date = Field(description="First day.")
    valid_to: date | None = Field(description="Last day; null: no term.")


class ChoiceTold(Told):
    """An outcome that a review step offers."""

    value: str = Field(description="What is sent.")
    label: str = Field(description="Words in Chinese.")
    label_en: str = Field(description="Words in English.")


class TaskTold(Told):
    """Something an office must do next."""

    id: UUID = Field(description="Its id.")
    kind: Literal["acceptance", "review", "decision", "delivery", "approval"] = Field(
        description="The legal step, or approval: a superior's word."
    )
    name: str = Field(description="Its name in Chinese.")
    name_en: str = Field(description="Its name in English.")
    state: Literal["open", "done", "cancelled"] = Field(description="open, done or cancelled.")
    choices: list[ChoiceTold] = Field(description="Outcomes that a review step offers.")
    post_id: UUID = Field(description="The post it belongs to.")
    post_name: str = Field(description="Name of the post.")
    holder_name: str = Field(description="The official who works on it; empty: nobody.")
    due_on: date | None = Field(description="By when.")
    provisional: bool = Field(description="Whether the date may still move.")


class TaskRow(TaskTold):
    """A task in the inbox."""

    case_number: str = Field(description="Number of the case.")
    case_title: str = Field(description="The matter.")
    applicant_name: str = Field(description="Who asked.")
    urgency: Literal["overdue", "today", "soon", "later", "none"] = Field(description="How urgent it is.")
    days_left: int | None = Field(description="Working days left; negative: late.")
    is_mine: bool = Field(description="Whether one works on it oneself.")
    as_deputy: bool = Field(description="Whether it is there because one deputises.")


class Inbox(Told):
    """A page of the inbox, in the order of the clock."""

    results: list[TaskRow] = Field(description="Tasks of this page.")
    total: int = Field(description="How many tasks fit.")
    page: int = Field(description="Which page this is.")
    page_size: int = Field(description="How many rows a page has at most.")
    counts: dict[str, int] = Field(description="How many tasks there are: all, mine, open, overdue, today.")


class CaseTold(CaseRow):
    """A case with all that the actor may see."""

    revision: int = Field(description="Counts changes: send it back to notice that somebody was faster.")
    where: str = Field(description="Where it is, in a sentence.")
    clocks: list[ClockTold] = Field(description="Its clocks, the running ones first.")
    expected: ExpectedTold | None = Field(description="When the decision may be expected; null: nothing is known.")
    wanted: list[WantedTold] = Field(description="What is wanted from the applicant now.")
    points: list[PointTold] = Field(description="Points of the open supplement request.")
    timeline: list[HappenedTold] = Field(description="What has happened, oldest first.")
    papers: list[PaperTold] = Field(description="Papers in the order of their issue.")
    fees: list[FeeTold] = Field(description="Fees.")
    decision: DecisionTold | None = Field(description="The decision.")
    result: ResultTold | None = Field(description="The result.")
    delivery: str = Field(description="How the result arrives, in a sentence.")
    can_withdraw: bool = Field(description="Whether the actor may take it back now.")
    can_rate: bool = Field(description="Whether the actor may rate it now.")
    tasks: list[TaskTold] = Field(description="For officials: tasks on which they may work.")


class CaseMoved(Told):
    """The case after a step."""

    number: CaseNumber = Field(description="Its number.")
    state: State = Field(description="Its state now.")
    revision: int = Field(description="Its revision now.")


class WithdrawalSent(Sent):
    """Taking a case back."""

    reason: Line = Field(default="", description="Why; may be left empty.")


class RatingSent(Sent):
    """How it was. Once per matter."""

    level: int = Field(strict=True, ge=1, le=5, description="1 very satisfied … 5 very dissatisfied.")
    words: Text = Field(default="", description="In your words.")


class HandOverSent(Sent):
    """Who is to take over: a colleague of the post, or another post of the organisation."""

    to_official_id: UUID | None = Field(default=None, description="The colleague.")
    to_post_id: UUID | None = Field(default=None, description="The post.")
    word: Line = Field(description="Why.")


class StandAsideSent(Sent):
    """Standing aside for a conflict of interest."""

    reason: Line = Field(description="What the conflict of interest is.")


class AcceptanceSent(Sent):
    """Acceptance of a case."""

    word: Text = Field(default="", description="A word for the file.")
    fee_amounts: dict[Line, Annotated[int, Field(ge=0, le=10_000_000_000)]] = Field(
        default={}, description="Fen by the name of each fee whose amount is open; 0: not due here."
    )
    fee_reasons: dict[Line, Line] = Field(
        default={}, description="By the name of each fee that is not due here: why. The applicant reads it."
    )
    joint: bool = Field(default=False, description="Whether several offices handle it together: the law gives longer.")
    revision: Revision = None


class PointSent(Sent):
    """One thing that is missing or wrong."""

    kind: Literal["field", "material"] = Field(description="What it concerns.")
    key: Key = Field(description="Its key.")
    words: Line = Field(description="What is needed.")


class SupplementRequestSent(Sent):
    """Everything that is missing, at once."""

    points: list[PointSent] = Field(max_length=100, description="All points.")
    word: Text = Field(default="", description="A word for the applicant.")
    revision: Revision = None


class NonAcceptanceSent(Sent):
    """Why a case is not accepted."""

    reason: Text = Field(description="The reason.")
    legal_basis: Text = Field(description="The law and its article.")
    what_else: Text = Field(description="What the applicant can do instead.")
    revision: Revision = None


class PassingOnSent(Sent):
    """The competent office."""

    organisation_id: UUID = Field(description="Its id.")
    word: Line = Field(default="", description="A word for it.")
    revision: Revision = None


class ReviewSent(Sent):
    """The outcome of a review step."""

    choice: Line = Field(default="", description="One of the task's choices; empty where it has none.")
    opinion: Text = Field(default="", description="The opinion; needed unless the first choice is taken.")
    revision: Revision = None


class DecisionSent(Sent):
    """The decision with its reasons."""

    outcome: Literal["granted", "refused"] = Field(description="Granted or refused.")
    reasons: Text = Field(description="The reasons, printed on the decision.")
    legal_basis: Text = Field(default="", description="The law and its article; a refusal must name it.")
    revision: Revision = None


class HandedOutSent(Sent):
    """How the result was delivered."""

    way: Literal["window", "post"] = Field(description="At a window or by post.")
    tracking_number: Line = Field(default="", description="By post: tracking number of the letter.")
    handed_to: Line = Field(default="", description="At a window: who took it, and the identity paper seen.")
    revision: Revision = None
