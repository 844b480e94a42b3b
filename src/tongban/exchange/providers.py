"""What others register here: how a source is read, and who knows whether a reference is good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from tongban.base.actor import Actor
from tongban.base.compiled import Question
from tongban.base.registry import Registry
from tongban.base.rows import Change
from tongban.exchange.rules.subjects import Subject

Row = Mapping[str, Any]
"""Values of one record by the code of their field."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """For which day, and as it was known when: "what was known on the day of the decision"."""

    valid_on: date
    known_at: datetime


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """How a source is read: where to, and with which secrets."""

    resource_id: UUID
    settings: Mapping[str, Any]
    secrets: Mapping[str, Any] = field(default_factory=dict)


class SourceAway(Exception):  # noqa: N818 - says what is so
    """The source does not answer."""


class SourceKind(Protocol):
    """A kind of source. `within`: it is in our own database and read in the transaction that logs the look-up."""

    within: bool

    def read(
        self,
        source: SourceSettings,
        *,
        subject: Subject,
        fields: Sequence[str],
        as_of: AsOf,
        look_up_id: UUID,
        before: Sequence[Change] = (),
    ) -> Sequence[Row]:
        """Return the records on the subject with these fields; none when nothing is known. Raises SourceAway.

        A source `within` sends `before` first, in the same message: the look-up, which opens what is read.
        """


SOURCES: Registry[SourceKind] = Registry("kind of source")

Doubt = Literal["", "case_unknown", "case_not_yours", "case_not_open", "case_about_another"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a reference is good for a look-up, by which post, of which office, for which item."""

    doubt: Doubt
    number: str = ""
    organisation_ids: frozenset[UUID] = frozenset()
    post_id: UUID | None = None
    item_codes: frozenset[str] = frozenset()


class Verifier(Protocol):
    """Knows one kind of reference. What it asks goes with the gate's own questions, in one message."""

    def asking(self, number: str) -> Question[Any]:
        """Return the question about a reference."""

    def judge(self, rows: Sequence[Any], *, subject: Subject, actor: Actor) -> Verdict:
        """Say whether it is real and open, concerns the subject, and is this actor's business."""


VERIFIERS: Registry[Verifier] = Registry("verifier of references")
"""By the kind of reference: "case" is registered by cases."""
