"""Shapes of calls and answers of the gate, of the catalogue and of the log."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from tongban.base.api import Line, Sent, Told
from tongban.base.api.shapes import Key

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
"""The short name of a resource, such as legal-entities."""
Reference = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z./:_-]{1,60}$")]


def _in_utc(instant: datetime) -> datetime:
    """Return an instant as PostgreSQL takes it, which knows fewer zones than ISO 8601. Raises ValueError."""
    try:
        return instant.astimezone(UTC)
    except OverflowError as fault:
        message = "before the first day, or after the last"
        raise ValueError(message) from fault


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class AboutSent(Sent):
    """Whom the look-up is about."""

    kind: Literal["person", "enterprise"] = Field(description="A person, or an enterprise.")
    number: Line = Field(default="", description="Identity number, or unified social credit code.")
    reference: Line = Field(default="", description="In place of the number: how the feed of changes named them.")
    identity_kind: Key = Field(default="resident_identity_card", description="For persons: which paper it is of.")


class SecrecySent(Sent):
    """The person is not told before an instant."""

    until: Instant = Field(description="Until when; with its zone.")
    order: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] = Field(
        description="Who ordered it, by which paper."
    )


class LookUpSent(Sent):
    """A look-up. It names the case for which it is made, or the standing reference of the grant."""

    resource: Slug = Field(description="Short name of the resource.")
    about: AboutSent = Field(description="Whom it is about.")
    fields: Annotated[list[Key], Field(min_length=1, max_length=200)] = Field(description="Codes of the items wanted.")
    purpose: Key = Field(description="Code of the purpose of the grant.")
    case: Reference | None = Field(default=None, description="Number of the case.")
    standing: Literal["statistics", "feed", "system", "keeping"] | None = Field(
        default=None, description="What stands for a case, where the grant says so."
    )
    standing_note: Reference | None = Field(default=None, description="What exactly: a quarter, a feed, a task.")
    valid_on: date | None = Field(default=None, description="As of this day; left out: today.")
    known_at: Instant | None = Field(default=None, description="As it was known at this instant; left out: now.")
    secrecy: SecrecySent | None = Field(default=None, description="Only where the grant allows it.")


class AnswerTold(Told):
    """What the gate answers."""

    look_up_id: UUID = Field(description="Id of the look-up in the log.")
    looked_at: datetime = Field(description="When.")
    valid_on: date = Field(description="As of which day.")
    provider: str = Field(description="The office whose data they are.")
    resource: str = Field(description="Short name of the resource.")
    records: list[dict[str, Any]] = Field(description="Exactly the fields asked for, of each record; null: not known.")


class ItemTold(Told):
    """An information item."""

    code: str = Field(description="Its code.")
    name: str = Field(description="Its name in Chinese.")
    name_en: str = Field(description="Its name in English.")
    type: str = Field(description="C N Y D T L M G B I F, as in the national guide.")
    length: int | None = Field(description="Most characters; null: not limited.")
    is_key: bool = Field(description="Whether it tells records apart.")
    is_required: bool = Field(description="Whether it is always there.")
    is_sensitive: bool = Field(description="Whether it is sensitive.")
    sharing_class: str = Field(description="unconditional, conditional or none.")
    sharing_condition: str = Field(description="The condition, or the law a refusal relies on.")
    opening_class: str = Field(description="The same towards everybody.")
    opening_condition: str = Field(description="Its condition.")
    datum: str = Field(description="What it tells across all resources.")
    is_lead: bool = Field(description="Whether the office answers for the datum.")


class ResourceRow(Told):
    """A resource in the catalogue."""

    slug: str = Field(description="Its short name.")
    code: str = Field(description="Its code in the national form.")
    name: str = Field(description="Its name in Chinese.")
    name_en: str = Field(description="Its name in English.")
    provider: str = Field(description="The office that provides it.")
    subject_kind: str = Field(description="person or enterprise.")
    update_cycle: str = Field(description="How often it is brought up to date.")
    updated_at: datetime | None = Field(description="When it last changed.")


class ResourceTold(ResourceRow):
    """A resource with its items."""

    summary: str = Field(description="What it holds.")
    category: str = Field(description="Class, item, sub-item, detail.")
    format: str = Field(description="How it is kept.")
    sharing_way: str = Field(description="How it is handed over.")
    published_on: date | None = Field(description="Since when this version is in force.")
    version: int = Field(description="Its number.")
    items: list[ItemTold] = Field(description="Its information items.")


class GrantTold(Told):
    """A grant in which one's office has a part."""

    id: UUID = Field(description="Its id.")
    resource: str = Field(description="Short name of the resource.")
    consumer: str = Field(description="Who may ask.")
    fields: list[str] = Field(description="For which items.")
    purpose: str = Field(description="Code of the purpose.")
    purpose_words: str = Field(description="The purpose in words.")
    legal_basis: str = Field(description="Law and article.")
    standing: str = Field(description="What may stand for a case; empty: nothing.")
    items_served: list[str] = Field(description="Only for cases of these items; empty: of all.")
    valid_from: datetime = Field(description="From when.")
    valid_until: datetime = Field(description="Until when.")
    rate_per_minute: int = Field(description="Look-ups a minute.")
    state: str = Field(description="active, suspended or withdrawn.")


class LookUpTold(Told):
    """A look-up in the log."""

    id: UUID = Field(description="Its id.")
    at: datetime = Field(description="When.")
    resource: str = Field(description="Short name of the resource; empty: none was found.")
    consumer: str = Field(description="The office that asked.")
    post: str = Field(description="By which post.")
    purpose: str = Field(description="Code of the purpose.")
    reference: str = Field(description="The case, or what stands for one.")
    fields: list[str] = Field(description="What was asked for.")
    refused: str = Field(description="Code of the refusal; empty: it was allowed.")
    outcome: str = Field(
        description="answered, nothing_found, source_unavailable, source_refused; empty: no answer left."
    )
