"""Shapes of what moves the clocks of a case, and of how their days are counted."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from tongban.base.api import Line, Sent, Text, Told
from tongban.cases.api.shapes import ClockTold, PaperTold, PointSent, Revision


class ProcedureSent(Sent):
    """A special procedure."""

    procedure: Literal[
        "hearing", "tender", "auction", "inspection", "test", "quarantine", "appraisal", "expert_review"
    ] = Field(description="Which one.")
    ground: Text = Field(description="Why it is needed and what is done; the applicant reads it.")
    expected_value: int = Field(strict=True, ge=1, le=3650, description="How long it will take.")
    expected_unit: Literal["working_day", "calendar_day", "month"] = Field(description="Counted in.")
    revision: Revision = None


class SuspensionSent(Sent):
    """A suspension that a law orders."""

    ground: Text = Field(description="Why the case cannot go on; the applicant reads it.")
    basis: Line = Field(description="The law and its article.")
    revision: Revision = None


class ResumptionSent(Sent):
    """The end of a suspension."""

    suspension_id: UUID = Field(description="Which one is over.")
    outcome: Text = Field(description="What came of it; the applicant reads it.")
    revision: Revision = None


class ExtensionSent(Sent):
    """A wish for more time."""

    reasons: Text = Field(description="Reasons; the superior decides by them, the applicant reads them.")
    revision: Revision = None


class LateSupplementSent(Sent):
    """What could have been named the first time, and why it is asked for only now."""

    points: list[PointSent] = Field(max_length=100, description="All points.")
    word: Text = Field(default="", description="A word for the applicant.")
    reasons: Text = Field(description="Reasons; the superior and the applicant read them.")
    revision: Revision = None


class AnswerSent(Sent):
    """A superior's word."""

    granted: bool = Field(description="Whether it is allowed.")
    word: Text = Field(default="", description="A word to the official; needed where it is not allowed.")
    revision: Revision = None


class StandingTold(Told):
    """A suspension that is not over, for officials who may end it."""

    id: UUID = Field(description="Its id.")
    kind: Literal["procedure", "by_law"] = Field(description="Special procedure, or suspension by law.")
    procedure: str = Field(description="Which special procedure; empty: none.")
    ground: str = Field(description="Why.")
    began_at: datetime = Field(description="Since when.")
    expected_on: date | None = Field(description="When it should be over.")
    provisional: bool = Field(description="Whether that date may still move.")


class DayTold(Told):
    """A day in the course of a limit."""

    day: date = Field(description="The day.")
    number: int | None = Field(description="Which day of the limit it is; null: it does not count.")
    reason: Literal["", "start", "weekend", "holiday", "local", "stopped", "moved_working_day"] = Field(
        description="Why it does not count (weekend, holiday, local day, stop, or it is the day of the start), or that "
        "it is a weekend day worked for a holiday. Empty: an ordinary day that counts."
    )
    words: str = Field(description="The reason in words: the holiday's name, the ground of a stop.")


class StopTold(Told):
    """A time during which a clock stood."""

    since: datetime = Field(description="From when.")
    until: datetime | None = Field(description="Until when; null: it still stands.")
    name: str = Field(description="Special procedure, or suspension by law.")
    ground: str = Field(description="Why.")
    paper: PaperTold | None = Field(description="The notice of it.")


class AddedTold(Told):
    """Time added to a clock."""

    value: int = Field(description="How much.")
    unit: str = Field(description="Counted in.")
    basis: str = Field(description="Where it is laid down.")
    reasons: str = Field(description="Why.")
    granted_at: datetime = Field(description="When the superior allowed it.")
    paper: PaperTold | None = Field(description="The notice of it.")


class CountTold(ClockTold):
    """A clock with the count of its days."""

    started_at: datetime = Field(description="The instant from which it runs.")
    first_day: date = Field(description="The working day as which the start counts.")
    total: int = Field(description="How many days use up the limit; for hours the days it touches.")
    used: int = Field(description="How many of them are used up as that day ends.")
    left: int = Field(description="How many are left.")
    stands_since: datetime | None = Field(description="Since when it stands; null: it does not.")
    stops: list[StopTold] = Field(description="When it stood.")
    extensions: list[AddedTold] = Field(description="What was added.")
    days: list[DayTold] = Field(description="Each day from the start to the last day.")


class CountsTold(Told):
    """How the days of a case's clocks are counted."""

    number: str = Field(description="Number of the case.")
    as_of: date = Field(description="The day as which it is counted.")
    is_assumed: bool = Field(description="Whether that day is to come: what happens until then is not known.")
    clocks: list[CountTold] = Field(description="Its clocks, those that are open first.")
    standing: list[StandingTold] = Field(description="For officials: suspensions that are not over now.")
