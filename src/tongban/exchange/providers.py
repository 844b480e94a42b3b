"""What others register here: how a source is read, who knows whether a reference is good, what else is offered."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

from tongban.base.actor import Actor
from tongban.base.compiled import Question
from tongban.base.registry import Registry
from tongban.base.rows import Change
from tongban.exchange.rules.outside.settings import Declared
from tongban.exchange.rules.outside.values import Shape
from tongban.exchange.rules.subjects import Subject
from tongban.ledger.events import RecordedEvent

if TYPE_CHECKING:
    from tongban.exchange.models import Resource

Row = Mapping[str, Any]
"""Values of one record by the code of their field."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """For which day, and as it was known when: "what was known on the day of the decision".

    `other_day`, `other_knowledge`: somebody has asked for another day than today, or for what was known before.
    """

    valid_on: date
    known_at: datetime
    other_day: bool = False
    other_knowledge: bool = False


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """How a source is read: where to, with which secrets; and what the catalogue declares of its items."""

    resource_id: UUID
    settings: Mapping[str, Any]
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)
    shapes: Mapping[str, Shape] = field(default_factory=dict)


class SourceAway(Exception):  # noqa: N818 - says what is so
    """The source does not answer, or not as it must: `why` is a code of `rules.outside.codes`, `about` a name.

    Neither ever says what the source holds on anybody.
    """

    def __init__(self, why: str = "", about: str = "") -> None:
        """Say why."""
        super().__init__(why, about)
        self.why = str(why)
        self.about = about

    @property
    def code(self) -> str:
        """Why, if that is a code: what a neighbour says besides stands in no log and on no page."""
        return self.why if CODE_OF_SOURCE.fullmatch(self.why) else ""


class SourceRefused(SourceAway):
    """The source has answered, and refuses: that is told to whoever asked, and is no outage."""


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


CODE_OF_SOURCE = re.compile(r"[a-z0-9_.]{1,80}")
"""What a source may call its reason: whatever else it says stands in no log and on no page."""

SOURCES: Registry[SourceKind] = Registry("kind of source")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a trial has found: how many records, what is wrong with which item, what came that nobody had asked for."""

    records: int = 0
    wrong: Sequence[tuple[str, str]] = ()
    empty: Sequence[str] = ()
    added: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Rest:
    """Whether a source is left alone in this process, for how many seconds yet, after how many failures."""

    failures: int = 0
    seconds: float = 0.0


class DeclaredKind(SourceKind, Protocol):
    """A kind of outside source that stewards declare as data, try, and have watched."""

    @property
    def settings(self) -> type[Declared]:
        """Return the shape of what is declared."""

    def inspect(self, source: SourceSettings, *, subject: Subject, as_of: AsOf) -> Inspected:
        """Read a test subject with all items declared. Raises SourceAway."""

    def rest(self, source: SourceSettings) -> Rest:
        """Return the state of its circuit in this process."""


DECLARED: Registry[DeclaredKind] = Registry("kind of declared source")
"""Those of `SOURCES` that are declared without code."""

Doubt = Literal[
    "", "case_unknown", "case_not_yours", "case_not_open", "case_about_another", "identity_not_proven"
]  # fmt: skip


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
"""By the kind of reference: "case" is registered by cases, "draft" by applications."""

LENDING = frozenset({"draft"})
"""Kinds of reference by which is asked for the office that will decide, whoever writes: a resident, or a window."""

CASES_OF: Registry[Callable[[Collection[str]], Mapping[str, str]]] = Registry("cases of references")
"""By the kind of reference: which case came of which, by its number; those of which none came are left out."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that a room above lets one do with a resource of the catalogue: what it is called, and where."""

    words: str
    href: str


OFFERS: Registry[Callable[[Actor, "Resource"], Offer | None]] = Registry("offer beside a resource")
"""Buttons on the page of a resource, for those to whom they are of use."""


def offers_for(actor: Actor, resource: "Resource") -> list[Offer]:
    """Return what is offered to somebody beside a resource."""
    return [offer for offered in OFFERS.values() if (offer := offered(actor, resource)) is not None]


@dataclass(frozen=True, slots=True)
class Changed:
    """That what a resource says on a subject has changed; without subject: much of it at once."""

    resource_id: UUID
    subject_key: UUID | None = None


CHANGES: Registry[Callable[[RecordedEvent], Changed | None]] = Registry("change of a resource")
"""By the kind of event: which resource and subject it is about; None where the event is about none."""
