"""The service guide 办事指南 as a document. Field names in exchange: facts after GB/T 39046-2020 table 4.

Conditions are expressions of `base.expressions` over
{"situation": answers, "applicant": {"kind": "person"|"enterprise"}}.
"""

from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

LimitUnit = Literal["working_day", "calendar_day", "hour", "working_hour", "month", "on_the_spot"]
Need = Literal["required", "optional", "may_follow", "credit_exempt"]
Stage = Literal["application", "on_site", "by_office"]
Provider = Literal["applicant", "government", "office", "other", "not_stated"]
Exemption = Literal["none", "form_generated", "electronic_licence", "data", "promise"]
Audience = Literal["person", "enterprise"]


_ABOUT = r"^(applicant|submitter|ward|enterprise|form\.[a-z][a-z0-9_]{0,59})$"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GuideLimit(_Part):
    """A time limit: value, unit, basis, exclusions, ceiling. `unit` None = the source does not state it."""

    value: int | None = Field(default=None, ge=0)
    unit: LimitUnit | None = None
    basis: str = ""
    explain: str = ""
    exclusions: str = ""
    ceiling: int | None = None


class Option(_Part):
    """An answer that can be chosen."""

    value: str
    label: str
    label_en: str = ""


class SituationQuestion(_Part):
    """A question 情形 whose answer changes what is needed."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    title_en: str = ""
    hint: str = ""
    hint_en: str = ""
    options: tuple[Option, ...]
    condition: str = ""


class Asking(_Part):
    """What is asked of a resource of another office: for which purpose, about whom, when, and which record counts.

    `about`: the applicant (oneself or the ward), who submits, the ward, the enterprise, or whom an answer of the form
    names by number ("form.other_id"). Conditions are expressions over situation, applicant, today and form; `which`
    looks at `answer`, a record that was found, too.
    """

    resource: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    purpose: str = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")
    about: str = Field(default="applicant", pattern=_ABOUT)
    condition: str = ""
    which: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of the items asked for."""
        return ()


class Prefill(Asking):
    """A question of the form that a register answers: `field` of the form by `item` of the resource.

    Unless `editable`, what the register says stands. `values` turns its words into those of the form.
    """

    field: str
    part: Literal["", "region", "detail"] = ""
    """of an address: which part the item fills"""
    item: str
    values: dict[str, str] = {}
    editable: bool = True

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the code of its item."""
        return (self.item,)


class MaterialAnswer(Asking):
    """The items that say what a material would prove: where they are found, it is not asked for 免提交."""

    items: tuple[str, ...] = Field(min_length=1)

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of its items."""
        return self.items


class Material(_Part):
    """A material: whether needed and when, from whom, and whether the applicant need not bring it."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    name_en: str = ""
    kind: str = "other"
    """application_form, licence, proof, other"""
    forms: tuple[str, ...] = ()
    """original, copy, electronic"""
    copies: int = 1
    need: Need = "required"
    stage: Stage = "application"
    provider: Provider = "not_stated"
    issuer: str = ""
    exemption: Exemption = "none"
    standard_code: str = ""
    condition: str = ""
    note: str = ""
    note_en: str = ""
    acceptance_standard: str = ""
    legal_basis: str = ""
    need_stated: str = ""
    """How the source says whether it is needed, where it says it in other words than `need` has."""
    answered_by: MaterialAnswer | None = None

    @property
    def may_be_spared(self) -> bool:
        """Whether a register may answer in its place; where it does not, the material is handed in as ever."""
        return self.brought_by_applicant and self.answered_by is not None

    @property
    def brought_by_applicant(self) -> bool:
        """Whether the applicant must hand it in with the application (免提交: no)."""
        return self.stage == "application" and self.exemption == "none"


class FeeItem(_Part):
    """An amount of a fee."""

    label: str = ""
    label_en: str = ""
    amount_fen: int = Field(ge=0)
    unit: str = ""
    condition: str = ""


class Fee(_Part):
    """A fee with its legal basis."""

    name: str
    name_en: str = ""
    basis: str = ""
    standard: str = ""
    """The amount as the source words it, where it cannot be read as whole fen."""
    partly_in_words: bool = False
    """Whether the source has amounts beside `items` that stand in words only: then none of them is certain."""
    items: tuple[FeeItem, ...] = ()
    reducible: bool | None = None
    reduction: str = ""


class LegalBasis(_Part):
    """A law and its article."""

    law: str
    article: str = ""
    text: str = ""


class Step(_Part):
    """A step of the handling, for showing. The office's own process is the BPMN model."""

    name: str
    name_en: str = ""
    who: str = ""
    limit: str = ""
    note: str = ""
    note_en: str = ""
    condition: str = ""


class Question(_Part):
    """A question often asked."""

    question: str
    answer: str
    question_en: str = ""
    answer_en: str = ""


class Place(_Part):
    """Where and when to come."""

    name: str
    name_en: str = ""
    address: str = ""
    address_en: str = ""
    hours: str = ""
    hours_en: str = ""
    phone: str = ""
    directions: str = ""


class Further(_Part):
    """Something else that the source states, under the source's own heading."""

    label: str
    text: str


class ResultTerms(_Part):
    """What is held in hand at the end."""

    name: str = ""
    name_en: str = ""
    kind: Literal["licence", "paper", "none"] = "paper"
    valid_months: int | None = None
    """None: no term 长期, or not stated"""
    succeeds: bool | Literal["renewal", "change"] = False
    """renews or changes an earlier result of the same catalogue item; what only changes it is never deemed renewed"""
    face: tuple[str, ...] = ()
    """keys of form fields that are printed on the result"""


class Guide(_Part):
    """A whole guide. Empty text means: not stated."""

    name: str
    name_en: str = ""
    everyday_names: tuple[str, ...] = ()
    summary: str = ""
    summary_en: str = ""
    has_guide: bool = True
    item_type: str = "20"
    """GB/T 39046 A.1: 01 permit … 20 public service; empty: not stated"""
    handling_kind: Literal["on_the_spot", "promised", "other"] = "promised"
    handling_kind_is_default: bool = False
    audiences: tuple[Audience, ...] = ("person",)
    themes: tuple[str, ...] = ()
    levels: str = ""
    scope: str = ""
    authority_name: str = ""
    joint_authorities: tuple[str, ...] = ()
    statutory_limit: GuideLimit = GuideLimit()
    promised_limit: GuideLimit = GuideLimit()
    visits: int | None = None
    visits_reason: str = ""
    channels: tuple[str, ...] = ()
    """window, web, mobile, post"""
    online: bool = True
    fees: tuple[Fee, ...] = ()
    charges: bool | None = None
    conditions: tuple[str, ...] = ()
    conditions_en: tuple[str, ...] = ()
    situations: tuple[SituationQuestion, ...] = ()
    materials: tuple[Material, ...] = ()
    prefills: tuple[Prefill, ...] = ()
    steps: tuple[Step, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    questions: tuple[Question, ...] = ()
    places: tuple[Place, ...] = ()
    intermediaries: tuple[str, ...] = ()
    special_procedures: str = ""
    result: ResultTerms = ResultTerms()
    reconsideration_body: str = ""
    court: str = ""
    consult_phone: str = ""
    supervise_phone: str = ""
    rights_and_duties: str = ""
    further: tuple[Further, ...] = ()
    contradictions: tuple[str, ...] = ()
    """What the source itself notes as said twice and differently, for item managers. What readers must know is
    found by `rules.contradictions`."""

    @cached_property
    def askings(self) -> tuple[Asking, ...]:
        """Return all that is asked of registers: for questions of the form, then for materials."""
        return (*self.prefills, *(one.answered_by for one in self.materials if one.answered_by is not None))

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        for what, keys in (
            ("materials", [material.key for material in self.materials]),
            ("situations", [question.key for question in self.situations]),
        ):
            if len(set(keys)) != len(keys):
                message = f"{what}: a key is there twice"
                raise ValueError(message)
        return self
