"""Shapes of drafts, materials, receipts and supplements."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from tongban.base.api import Answers, CaseNumber, Line, Sent, Told
from tongban.base.api.shapes import Key

ApplicantKindTold = Literal["self", "ward", "enterprise"]
Words = Annotated[dict[Key, Line], Field(max_length=100)]


class DraftWanted(Sent):
    """What is to be applied for, and for whom."""

    item_code: Line = Field(description="Code of the matter.", examples=["food-licence"])
    applicant_kind: ApplicantKindTold = Field(default="self", description="For whom.")
    subject_id: UUID | None = Field(default=None, description="Id of the ward or enterprise; null for oneself.")
    situation: Words = Field(default={}, description="Answers to the guide's questions, by their key.")
    predecessor_id: UUID | None = Field(default=None, description="Id of the result that is renewed or changed.")


class Applicant(Told):
    """Somebody for whom the resident may apply."""

    kind: ApplicantKindTold = Field(description="Goes into `applicant_kind`.")
    subject_id: UUID | None = Field(description="Goes into `subject_id`.")
    name: str = Field(description="Name.")


class Applicants(Told):
    """For whom the resident may apply for a matter."""

    results: list[Applicant] = Field(description="Oneself, wards, enterprises.")


class OptionTold(Told):
    """An answer that can be chosen."""

    value: str = Field(description="What is sent.")
    label: str = Field(description="Words in Chinese.")
    label_en: str = Field(description="Words in English.")


class SourceTold(Told):
    """Which register an answer came from."""

    office: str = Field(description="Office that answers for it.")
    resource: str = Field(description="Short name of the resource in the catalogue of data.")
    looked_at: datetime = Field(description="When it was looked up.")
    look_up_id: UUID | None = Field(description="The look-up, as it stands in the record of who looked at your data.")


class QuestionTold(Told):
    """A question of the form, with the answer so far."""

    key: str = Field(description="Its key among the answers.")
    type: str = Field(description="Kind of answer: text, integer, money, date, choice, identity …")
    label: str = Field(description="The question in Chinese.")
    label_en: str = Field(description="The question in English.")
    hint: str = Field(description="A hint in Chinese.")
    required: bool = Field(description="Whether it must be answered, where it is asked.")
    condition: str = Field(description="When it is asked: an expression over earlier answers; empty: always.")
    options: list[OptionTold] = Field(description="Answers to choose from.")
    minimum: str | None = Field(description="Least number, amount in fen, or date.")
    maximum: str | None = Field(description="Greatest number, amount in fen, or date.")
    max_length: int | None = Field(description="Most characters, where a bound is set.")
    is_known: bool = Field(description="Known from the account or a register: it need not be sent.")
    is_fixed: bool = Field(description="What the register says stands: whatever is sent for it is left aside.")
    source: SourceTold | None = Field(description="The register that answered; null for other answers.")
    answer: str | bool | int | list[str] | dict[str, str] | None = Field(
        description="The answer so far; numbers of identity papers are masked."
    )


class StepTold(Told):
    """A step of the form."""

    key: str = Field(description="Its key in the address.")
    title: str = Field(description="Title in Chinese.")
    title_en: str = Field(description="Title in English.")
    is_done: bool = Field(description="Whether it was saved without anything wrong.")
    questions: list[QuestionTold] = Field(description="Its questions in order.")


class FileTold(Told):
    """A file or a word for a material."""

    id: UUID = Field(description="Id of the entry: to take it away again.")
    file_id: UUID | None = Field(description="Id of the file; null for a word.")
    way: str = Field(description="file, paper, exempt, not_applicable or follows.")
    name: str = Field(description="Name of the file.")
    media_type: str = Field(description="What the file is, judged by its content.")
    size: int | None = Field(description="Bytes.")
    word: str = Field(description="Why there is no file.")
    address: str = Field(description="Where the file can be looked at; empty for a word.")


class MaterialTold(Told):
    """A material that applies to the draft, with what is there for it."""

    key: str = Field(description="Its key in the address.")
    name: str = Field(description="Name in Chinese.")
    name_en: str = Field(description="Name in English.")
    need: str = Field(description="required, optional, may_follow or credit_exempt.")
    is_brought: bool = Field(description="Whether the applicant hands it in; else the office has it.")
    is_missing: bool = Field(description="Whether it still has to be added before submitting.")
    answered_by: SourceTold | None = Field(description="The register that answers in its place; null: none does.")
    entries: list[FileTold] = Field(description="Files, or the word why there is none.")


class DraftRow(Told):
    """A draft in a list."""

    id: UUID = Field(description="Its id.")
    item_code: str = Field(description="Code of the matter.")
    item_name: str = Field(description="Name of the matter in Chinese.")
    item_name_en: str = Field(description="Name of the matter in English.")
    applicant_kind: ApplicantKindTold = Field(description="For whom.")
    applicant_name: str = Field(description="Name of the applicant.")
    revision: int = Field(description="Counts changes.")
    changed_at: datetime = Field(description="When it was changed last.")
    expires_on: date = Field(description="When it is thrown away unless it is changed before.")


class DraftTold(DraftRow):
    """A draft with everything that is in it and still missing."""

    submission_key: UUID = Field(description="To be sent as Idempotency-Key when submitting.")
    situation: dict[str, str] = Field(description="Answers to the guide's questions.")
    steps: list[StepTold] = Field(description="Steps of the form that are asked on the answers so far.")
    materials: list[MaterialTold] = Field(description="Materials that apply.")
    registers: Literal["not_needed", "not_open", "open", "agreed", "declined"] = Field(
        description="Whether registers are asked: nothing to ask, identity not seen yet, open, or as chosen."
    )
    delivery_ways: list[str] = Field(description="Ways in which the result can arrive.")
    delivery: dict[str, str] = Field(description="The chosen way; empty: none yet.")
    next_part: str = Field(description="First part that is not done: a step's key, materials, delivery or review.")


class AnswersSent(Sent):
    """All answers of a step. What is left out counts as not answered, unless the account knows it."""

    answers: Answers = Field(
        description="Answers by the key of the question.", examples=[{"contact_phone": "13800138000"}]
    )
    revision: int | None = Field(
        default=None,
        strict=True,
        ge=1,
        le=2_000_000_000,
        description="The draft's revision, to notice changes made elsewhere.",
    )


class RegistersChosen(Sent):
    """Whether offices may be asked for what they hold already."""

    agreed: bool = Field(description="Ask them for this draft; false: everything is given by hand.")


class WordSent(Sent):
    """Why there is no file for a material."""

    way: Literal["not_applicable", "follows", "paper"] = Field(
        description="Does not apply, follows later, or paper seen at the window (officials)."
    )
    word: Line = Field(default="", description="The reason, where it does not apply.")


class DeliverySent(Sent):
    """How the result should reach the applicant."""

    way: Literal["online", "window", "post"] = Field(description="Online (with consent), at a window, or by post.")
    recipient: Line = Field(default="", description="By post: who receives the letter.")
    phone: Line = Field(default="", description="By post: telephone of the recipient.")
    address: Line = Field(default="", description="By post: the whole address.")


class Submission(Sent):
    """The declaration without which nothing is submitted."""

    declared: bool = Field(description="What is stated and handed in is true, and the applicant answers for it in law.")


class Receipt(Told):
    """The receipt of a submission."""

    case_number: CaseNumber = Field(description="Number under which the matter is followed.")
    receipt_number: str = Field(description="Number of the receipt paper.")
    receipt_address: str = Field(description="Where the receipt paper (PDF) is.")
    submitted_at: datetime = Field(description="When it was received.")


class SupplementSent(Sent):
    """Everything that was asked for, together."""

    answers: Answers = Field(default={}, description="Corrected answers by the key of the point.")
    files: Annotated[dict[Key, Annotated[list[UUID], Field(max_length=20)]], Field(max_length=100)] = Field(
        default={}, description="Ids of files sent before, by the key of the material."
    )
    words: Words = Field(default={}, description="Words where there is no file, by the key of the material.")


class SupplementFile(Told):
    """A file sent for a point of a supplement. It belongs to its sender until the supplement is sent."""

    file_id: UUID = Field(description="Goes into `files` of the supplement.")
    name: str = Field(description="Name of the file.")
    media_type: str = Field(description="What the file is, judged by its content.")
    size: int = Field(description="Bytes.")
    address: str = Field(description="Where the file can be looked at.")


class SupplementTaken(Told):
    """The supplement came in."""

    case_number: CaseNumber = Field(description="Number of the case.")
    state: str = Field(description="State of the case now.")
