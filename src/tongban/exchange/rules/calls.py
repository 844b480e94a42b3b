"""What a call says, and whether it has the shape that it must have."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tongban.exchange.rules.subjects import SubjectKind

MOST_FIELDS = 200
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_REFERENCE = re.compile(r"[0-9A-Za-z./:_-]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom the call is about: by number, by the id of somebody known here, or by the reference the feed gave."""

    kind: SubjectKind
    number: str = ""
    identity_kind: str = "resident_identity_card"
    id: UUID | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CaseReference:
    """The case for which it is asked, by its number. `kind`: who knows it (`providers.VERIFIERS`)."""

    number: str
    kind: str = "case"


@dataclass(frozen=True, slots=True)
class StandingReference:
    """What stands for a case where the grant allows it: statistics, a feed, a system without cases, keeping."""

    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Secrecy:
    """The person is not told before an instant, by an order that is named."""

    until: datetime
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call at the gate. Names a grant, or a resource and the purpose by which the grant is found."""

    about: About
    fields: tuple[str, ...]
    purpose: str
    reference: CaseReference | StandingReference | None
    grant_id: UUID | None = None
    resource: str = ""
    valid_on: date | None = None
    known_at: datetime | None = None
    secrecy: Secrecy | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate answers: exactly the fields asked for, of each record that was found, and where it comes from."""

    look_up_id: UUID
    looked_at: datetime
    valid_on: date
    provider: str
    provider_en: str
    resource: str
    records: tuple[Mapping[str, Any], ...]

    @property
    def values(self) -> Mapping[str, Any]:
        """The first record; empty when nothing was found."""
        return self.records[0] if self.records else {}


def is_well_formed(call: Call) -> bool:
    """Whether every part of a call has its shape, so that it can be logged as it is."""
    reference = call.reference
    named = "" if reference is None else _reference_text(reference)
    return (
        0 < len(call.fields) <= MOST_FIELDS
        and len(set(call.fields)) == len(call.fields)
        and all(CODE.fullmatch(code) for code in call.fields)
        and CODE.fullmatch(call.purpose) is not None
        and (call.grant_id is not None or SLUG.fullmatch(call.resource) is not None)
        and (not named or _REFERENCE.fullmatch(named) is not None)
        and (reference is None or CODE.fullmatch(reference.kind) is not None)
    )


def _reference_text(reference: CaseReference | StandingReference) -> str:
    return reference.number if isinstance(reference, CaseReference) else reference.note
