"""Shapes of requests for data, their answers and disputes."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from tongban.base.api import Line, Sent, Told
from tongban.base.api.shapes import Key, Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
ItemCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._-]{1,120}$")]
_Items = Annotated[list[Key], Field(max_length=200)]
_Count = Annotated[int, Field(ge=1, le=10**8)]


class ConditionSent(Sent):
    """Only records that meet it are given."""

    field: Key = Field(description="Code of an item of the resource.")
    operator: Literal["in", "not_in", "begins_with", "at_least", "at_most"] = Field(description="The comparison.")
    values: Annotated[list[Line], Field(min_length=1, max_length=200)] = Field(description="With what it is compared.")


class RequestSent(Sent):
    """A request for data."""

    resource: Slug = Field(description="Short name of the resource.")
    fields: _Items = Field(description="Codes of the items wanted.")
    purpose: Key = Field(description="Code of the purpose; look-ups name it.")
    purpose_words: Line = Field(description="For what the data are needed.")
    basis_law: Line = Field(description="The law by which the office may know them.")
    basis_article: Line = Field(description="Its article.")
    items_served: Annotated[list[ItemCode], Field(max_length=100)] = Field(
        default=[], description="Codes of the matters served; empty: all."
    )
    row_filter: Annotated[list[ConditionSent], Field(max_length=20)] = Field(default=[], description="Conditions.")
    expected_per_day: _Count = Field(description="Look-ups a day, as expected.")
    rate_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(description="Look-ups a minute at most.")
    valid_until: date = Field(description="Last day.")
    reason: Text = Field(default="", description="Why it is needed although it is not shared.")
    post_id: UUID | None = Field(default=None, description="The post by which it is asked; null: the first that may.")


class DataAnswerSent(Sent):
    """What is granted of a request, and why the rest is not."""

    fields: _Items = Field(description="Codes of the items granted; empty: all is refused.")
    valid_until: date | None = Field(default=None, description="An earlier last day.")
    rate_per_minute: _Count | None = Field(default=None, description="A lower rate.")
    row_filter: Annotated[list[ConditionSent], Field(max_length=20)] = Field(default=[], description="More conditions.")
    reasons: Text = Field(default="", description="Needed where not everything is granted.")
    law: Line = Field(default="", description="The law that a refusal relies on.")
    article: Line = Field(default="", description="Its article.")
    revision: Annotated[int, Field(ge=0, le=10**9)] | None = Field(
        default=None, description="The revision that the answer was thought of for; an older one is refused."
    )


class DisputeSent(Sent):
    """Why a refusal is taken to the coordinator."""

    grounds: Text = Field(description="The grounds.")


class RequestTold(Told):
    """A request and what came of it."""

    number: str = Field(description="Number of its case.")
    resource: str = Field(description="Short name of the resource.")
    consumer: str = Field(description="The office that asks.")
    provider: str = Field(description="The office that is asked.")
    fields: list[str] = Field(description="The items asked for.")
    sharing_class: str = Field(description="The strictest class among them.")
    purpose: str = Field(description="Code of the purpose.")
    purpose_words: str = Field(description="The purpose in words.")
    legal_basis: str = Field(description="Law and article.")
    valid_until: date = Field(description="Last day asked for.")
    asked_at: datetime = Field(description="When it was handed in.")
    due_on: date | None = Field(description="By when it is to be answered; null: it is.")
    revision: int = Field(description="The revision of its case.")
    outcome: str = Field(description="granted, partly, refused, withdrawn; empty: it waits.")
    granted_fields: list[str] = Field(description="The items granted.")
    refusal_basis: str = Field(description="Law and article of a refusal.")
    grant_id: UUID | None = Field(description="The grant that came of it.")
    dispute: str | None = Field(description="Number of the dispute's case.")


class RefusalTold(Told):
    """A refusal, as everybody may know it."""

    consumer: str = Field(description="The office that asked.")
    provider: str = Field(description="The office that refused.")
    resource: str = Field(description="Name of the resource.")
    resource_code: str = Field(description="Its code in the national form.")
    fields: list[str] = Field(description="Codes of the items refused.")
    law: str = Field(description="The law relied on.")
    article: str = Field(description="Its article.")
    refused_on: date = Field(description="When.")
    whole: bool = Field(description="Whether everything was refused.")
    dispute: str = Field(description="open, ordered, stands, withdrawn; empty: not disputed.")
