"""What rooms above register here: kinds of case, and what they tell the hub when they open one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tongban.base.actor import Actor
from tongban.base.compiled import Question
from tongban.base.errors import Words
from tongban.base.registry import Registry
from tongban.calendar.rules import Unit
from tongban.exchange.rules.subjects import Subject
from tongban.forms.rules import Sight

if TYPE_CHECKING:
    from tongban.cases.models import Case
    from tongban.papers.kinds import PaperContent

Way = Literal["online", "window", "post"]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TermLimit(_Shape):
    """A time limit with its unit and where it is laid down. One whose unit nobody stated is no limit: leave it out."""

    value: int = Field(ge=0)
    unit: Unit
    basis: str = ""


class FeeOption(_Shape):
    """One of several amounts of a fee, in fen."""

    label: str
    amount_fen: int = Field(ge=0)


class FeeTerm(_Shape):
    """A fee. Without an amount the official chooses one of the options, or gives the amount, on acceptance."""

    name: str
    basis: str = ""
    standard: str = ""
    """How the guide words the amount, for the official who has to fix it."""
    amount_fen: int | None = Field(default=None, ge=0)
    options: tuple[FeeOption, ...] = ()


class ResultTerm(_Shape):
    """What the applicant will hold in hand: its kind ("licence", "paper", "none"), name, term and what it succeeds."""

    kind: str = "none"
    name: str = ""
    name_en: str = ""
    valid_months: int | None = None
    succeeds: bool | str | None = None


class Remedies(_Shape):
    """Where a refusal can be contested, and within which time (行政复议法 art. 20, 行政诉讼法 art. 46)."""

    reconsideration_body: str = ""
    court: str = ""
    reconsideration_days: int = 60
    lawsuit_months: int = 6


class Terms(_Shape):
    """The conditions of a case as they stood when it was opened. Item type 01 is a permit 行政许可."""

    item_type: str = ""
    item_code: str = ""
    catalogue_code: str = ""
    """Results are of this kind: who renews or changes one is asked for it by this code."""
    handling_kind: Literal["on_the_spot", "promised"] = "promised"
    statutory: TermLimit | None = None
    promised: TermLimit | None = None
    policy_limit: TermLimit | None = None
    """For supervision only; never shown to the applicant as a promise."""
    fees: tuple[FeeTerm, ...] = ()
    result: ResultTerm = ResultTerm()
    remedies: Remedies = Remedies()
    supplement_answer_days: int = Field(default=30, ge=1, le=365)
    """Calendar days the applicant has for answering a supplement request (policy)."""
    retention_years: int = Field(default=10, ge=1)


@dataclass(frozen=True, slots=True)
class ApplicantRef:
    """Who asks: a person or an enterprise by id, its name as it stands now, and the person who submitted.

    An office that asks another opens a case by `actions.open_between_offices`.
    """

    name: str
    person_id: UUID | None = None
    enterprise_id: UUID | None = None
    submitted_by_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DeliveryWish:
    """How the result is to reach the applicant; `electronic` = consent to service by electronic means."""

    way: Way
    address: Mapping[str, object] | None = None
    electronic: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the case page that the kind fills: its template is given `context` and `case`."""

    key: str
    title: Words
    template: str
    context: Mapping[str, object] = field(default_factory=dict)


class Target(_Shape):
    """Something that may be asked for in a supplement: a field of the form or a material."""

    kind: Literal["field", "material"]
    key: str
    name: str

    @property
    def value(self) -> str:
        """What a page sends for it."""
        return f"{self.kind}:{self.key}"

    @model_validator(mode="after")
    def _named(self) -> "Target":
        if not self.key or not self.name:
            message = "a target has a key and a name"
            raise ValueError(message)
        return self


class CaseKind:
    """A kind of case. Rooms above subclass it, and register one instance under its name."""

    name: str = ""
    words: Words = ""
    decided_by: str = "approval"
    """Role of the post that decides: another one where no head need decide, such as for correcting a record."""

    def decision_paper(self, case: "Case", content: "PaperContent", *, granted: bool) -> "PaperContent":
        """Return what the paper of the decision says: `content`, unless the kind says it in other words."""
        return content

    def panels(self, case: "Case", actor: Actor, sight: Sight = "masked") -> list[Panel]:
        """Return what the decision page shows of this kind, its numbers masked as far as `sight` says."""
        return []

    def masked_numbers(self, case: "Case") -> list[tuple[str, str]]:
        """Return key and label of numbers that are masked even for who works on the case."""
        return []

    def viewer_files(self, case: "Case", actor: Actor) -> list[Mapping[str, object]]:
        """Return the materials for the viewer: name, url, kind (image, pdf, other), download_url, note."""
        return []

    def supplement_targets(self, case: "Case") -> list[Target]:
        """Return all that may be asked for."""
        return []

    def supplement_url(self, case: "Case") -> str:
        """Return where the applicant answers a supplement request; "" when there is no such page."""
        return ""

    def guide_url(self, case: "Case") -> str:
        """Return the guide of the matter; "" when there is none."""
        return ""

    def decided_at(self, case: "Case") -> str:
        """Return the page on which this kind is decided, where it has one of its own; "" for the page of cases."""
        return ""

    def remedies(self, case: "Case") -> str | None:
        """Return, in Chinese, how a refusal of this kind is contested; None for the ways of administrative law."""
        return None

    def concerns(self, case_id: UUID, subject: Subject) -> bool:
        """Whether the case is about a person or enterprise beside its applicant: a spouse, a child, a partner.

        Asked by the gate before it answers for this case, and only where the applicant is somebody else.
        """
        return False

    def archive_entries(self, case: "Case") -> Iterable[tuple[str, bytes | UUID]]:
        """Give what is archived: names within the archive, with bytes or the id of a stored file."""
        return ()

    def replace_paper(self, *, case_id: UUID, voided_id: UUID, made_id: UUID) -> None:
        """Let what this kind keeps about a paper name the corrected one, in the transaction that corrects it."""

    def erase(self, case_id: UUID, now: datetime) -> None:
        """Erase what this kind keeps about the case, after its retention period."""


KINDS: Registry[CaseKind] = Registry("kind of case")

EXPECTATIONS: Registry[Callable[[UUID], Question[tuple[int, int, int]]]] = Registry("expectation of cases")
"""Who knows how long a case will take, by its id: working days from acceptance in which half of comparable cases were
decided, those for nine in ten, and how many cases that rests on. A question, asked together with what a page needs."""

CLOCKS: dict[str, Words] = {
    "notice": _("Time for naming what is missing"),
    "statutory": _("Statutory limit"),
    "promised": _("Promised limit"),
    "policy": _("Internal limit for supervision"),
    "step": _("Limit of the step"),
    "delivery": _("Limit for delivery"),
    "supplement": _("Time for sending in what is missing"),
    "renewal": _("Last day of the permit to be renewed"),
}
"""Names of the kinds of clocks; a kind of case that has others adds them here when it registers."""


def clock_words(kind: str) -> str:
    """Return the name of a kind of clock in the reader's language."""
    return str(CLOCKS.get(kind, kind))


def kind_of(case: "Case") -> CaseKind:
    """Return the registered kind of a case; a plain kind when its room is not installed any more."""
    if case.kind not in KINDS:
        return _GONE
    return KINDS[case.kind]


def terms_of(case: "Case") -> Terms:
    """Return the terms of a case with their types."""
    return Terms.model_validate(case.terms)


_GONE = CaseKind()
_GONE.words = _("Matter")
