"""The kinds of papers 文书, what a paper says, and what rooms above register: who may see a paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as day
from typing import Literal, Self
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tongban.base.actor import Actor
from tongban.base.errors import Words
from tongban.base.registry import Registry
from tongban.papers.models import Paper
from tongban.papers.rules import Wording

Guard = Callable[[Actor, UUID], bool]
"""Whether the actor may see the paper of this id because of something this room knows."""

guards: Registry[Guard] = Registry("guard of papers")

wordings: Registry[Wording] = Registry("wording of papers")
"""By kind of paper: what its wording may be filled with, and the sentences that come with the product."""

Example = Callable[[Actor, str, str], "PaperContent | None"]
"""Returns what a paper of a kind is filled from for a case, by its number, if the actor may see the case."""

examples: Registry[Example] = Registry("example of papers")


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper: its Chinese and English title, and the mark 字 that stands in its number behind the office's."""

    name: str
    title: str
    title_en: str
    mark: str
    words: Words
    sealed: bool = True
    """Whether an office signs and seals it; a receipt is only stamped with the date."""


def _kind(name: str, title: str, title_en: str, mark: str, words: Words, *, sealed: bool = True) -> PaperKind:
    return PaperKind(name, title, title_en, mark, words, sealed)


KINDS: dict[str, PaperKind] = {
    kind.name: kind
    for kind in (
        _kind("receipt", "接收回执", "Receipt", "收", pgettext_lazy("kind of paper", "Receipt"), sealed=False),
        _kind("supplement", "补正告知书", "Notice of what is missing", "补", _("Notice of what is missing")),
        _kind("acceptance", "受理通知书", "Notice of acceptance", "受", _("Notice of acceptance")),
        _kind("non_acceptance", "不予受理通知书", "Notice of non-acceptance", "不受", _("Notice of non-acceptance")),
        _kind("passing_on", "移送告知书", "Notice of transfer", "移", _("Notice of transfer")),
        _kind(
            "acceptance_deemed",
            "视为受理通知书",
            "Notice of deemed acceptance",
            "视受",
            _("Notice of deemed acceptance"),
        ),
        _kind(
            "special_procedure",
            "特别程序告知书",
            "Notice of a special procedure",
            "特",
            _("Notice of a special procedure"),
        ),
        _kind("suspension", "中止审查通知书", "Notice of suspension", "中", _("Notice of suspension")),
        _kind("resumption", "恢复审查通知书", "Notice of resumption", "恢", _("Notice of resumption")),
        _kind("extension", "延长办理期限告知书", "Notice of extension", "延", _("Notice of extension")),
        _kind("fee_demand", "缴费通知书", "Demand for payment", "缴", _("Demand for payment")),
        _kind("decision_granted", "准予决定书", "Decision to grant", "准", _("Decision to grant")),
        _kind("decision_refused", "不予决定书", "Decision to refuse", "不准", _("Decision to refuse")),
        _kind("renewal_deemed", "视为准予延续决定书", "Deemed renewal", "视准", _("Deemed renewal")),
        _kind("result", "办理结果", "Result", "证", pgettext_lazy("kind of paper", "Result")),
        _kind("delivery", "送达回执", "Proof of delivery", "送", _("Proof of delivery")),
        _kind("supervision_order", "督办单", "Supervision order", "督", _("Supervision order")),
        _kind("withdrawal", "撤回确认书", "Confirmation of withdrawal", "撤", _("Confirmation of withdrawal")),
    )
}
"""In the order of a case's life. Several papers in one transaction are issued in this order (see `actions`)."""


def _said(value: object) -> object:
    if isinstance(value, Promise):
        return str(value)
    return [_said(one) for one in value] if isinstance(value, (list, tuple)) else value


class PaperTable(BaseModel):
    """A table on a paper: the heads of its columns and rows of as many texts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    caption: str = ""

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        if any(len(row) != len(self.head) for row in self.rows):
            message = "a row has another number of columns than the head"
            raise ValueError(message)
        return self


class PaperContent(BaseModel):
    """What a paper says. The number, and the date where none is given, are filled in when it is issued.

    `rows` are (label, value). `valid_from` and `valid_to` are shown where one is given; a result without `valid_to` has
    no term 长期有效. `predecessor` is the number of the paper that this one renews or changes. `paragraphs_en` is a
    courtesy translation under the Chinese text, which prevails. With `values` the paragraphs and remarks are those of
    the wording in force (for the matter `item_code`), filled in when the paper is issued; neither is kept.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(default="", max_length=400)
    title_en: str = Field(default="", max_length=400)
    office: str = Field(min_length=1, max_length=200)
    office_en: str = Field(default="", max_length=200)
    number: str = ""
    date: day | None = None
    addressee: str = Field(default="", max_length=400)
    paragraphs: tuple[str, ...] = ()
    paragraphs_en: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    table_head: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    tables: tuple[PaperTable, ...] = ()
    remarks: tuple[str, ...] = ()
    signature: str = Field(default="", max_length=200)
    valid_from: day | None = None
    valid_to: day | None = None
    predecessor: str = Field(default="", max_length=200)
    language: Literal["zh-hans", "en"] = "zh-hans"
    values: dict[str, str] = Field(default_factory=dict, exclude=True)
    values_en: dict[str, str] = Field(default_factory=dict, exclude=True)
    item_code: str = Field(default="", exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _said_now(cls, given: object) -> object:
        """Put lazy words into the language of now: what a paper says is said once."""
        return {key: _said(value) for key, value in given.items()} if isinstance(given, dict) else given

    @field_validator("language", mode="before")
    @classmethod
    def _known_language(cls, language: object) -> str:
        """Take every name of the two languages: a paper is in English only where it was asked for."""
        return "en" if str(language).lower().startswith("en") else "zh-hans"

    @model_validator(mode="after")
    def _table_fits(self) -> Self:
        if any(len(row) != len(self.table_head) for row in self.table):
            message = "a row of the table has another number of columns than its head"
            raise ValueError(message)
        return self

    @property
    def all_tables(self) -> tuple[PaperTable, ...]:
        """The tables in order."""
        first = (PaperTable(head=self.table_head, rows=self.table),) if self.table else ()
        return first + self.tables


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper as lists show it."""

    id: UUID
    kind: str
    words: Words
    number: str
    is_void: bool


def row_of(paper: Paper) -> PaperRow:
    """Return what a list shows of a paper."""
    return PaperRow(paper.id, paper.kind, KINDS[paper.kind].words, paper.number, paper.voided_at is not None)
