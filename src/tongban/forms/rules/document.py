"""The form as a document: steps of fields, checked as a whole before it may be published."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal, NoReturn, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tongban.base import expressions
from tongban.forms.rules.conditions import answers_used, document_for

FieldType = Literal[
    "text", "long_text", "integer", "decimal", "money", "date", "yes_no", "choice", "choices", "resident_id",
    "identity", "credit_code", "mobile", "phone", "email", "name", "address", "postal_code", "static",
]  # fmt: skip

Format = Literal["", "digits", "letters_and_digits", "year", "bank_account", "licence_plate"]
"""Shapes with a name. Nobody types regular expressions: they can be made to run for ever."""

Source = Literal[
    "", "applicant.name", "applicant.identity_number", "applicant.identity", "applicant.phone", "applicant.email",
    "applicant.address", "enterprise.name", "enterprise.credit_code", "enterprise.address", "submitter.name",
    "submitter.identity", "submitter.phone", "ward.name", "ward.identity_number",
]  # fmt: skip

Key = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)

PERSONAL_TYPES = frozenset({"resident_id", "identity", "mobile", "phone", "email", "name", "address"})
MANY_FIELDS = 500


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(_Part):
    """An answer that can be chosen; with a condition, only where it holds."""

    value: str = Field(pattern=r"^[A-Za-z0-9_.\-]+$", max_length=60)
    label: str = Field(min_length=1, max_length=200)
    label_en: str = ""
    hint: str = ""
    hint_en: str = ""
    condition: str = ""


class Check(_Part):
    """A rule over answers, and the sentence shown beside the field when it is broken."""

    expression: str = Field(min_length=1)
    message: str = Field(min_length=1)
    message_en: str = ""


class FormField(_Part):
    """A question.

    `minimum` and `maximum` bound numbers, money (in fen), dates (ISO or "today"), and how many are chosen of `choices`.
    `unit` stands behind a number (平方米). A `static` field shows `label` and `hint` and asks nothing.
    """

    key: str = Key
    type: FieldType
    label: str = Field(min_length=1, max_length=200)
    label_en: str = ""
    hint: str = ""
    hint_en: str = ""
    required: bool = True
    condition: str = ""
    options: tuple[Choice, ...] = ()
    minimum: str | int | Decimal | None = None
    maximum: str | int | Decimal | None = None
    max_length: int | None = Field(default=None, ge=1, le=20_000)
    format: Format = ""
    unit: str = ""
    unit_en: str = ""
    source: Source = ""
    checks: tuple[Check, ...] = ()
    personal: bool = False
    """Personal data beyond what the type says by itself (names, numbers, addresses)."""

    @property
    def is_personal(self) -> bool:
        """Whether the answer is personal data, shown to officials only where needed."""
        return self.personal or self.type in PERSONAL_TYPES

    @property
    def asks(self) -> bool:
        """Whether there is anything to answer."""
        return self.type != "static"

    @field_validator("minimum", "maximum")
    @classmethod
    def _bound_is_readable(cls, bound: str | int | Decimal | None) -> str | int | Decimal | None:
        if not isinstance(bound, str) or bound == "today":
            return bound
        try:
            date.fromisoformat(bound)
        except ValueError:
            return Decimal(bound) if _is_number(bound) else _refuse(f"{bound!r} is neither a number nor a date")
        return bound

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if self.type in {"choice", "choices"} and not self.options:
            _refuse(f"{self.key}: nothing to choose from")
        if self.options and self.type not in {"choice", "choices", "address"}:
            _refuse(f"{self.key}: options belong to choice, choices and address")
        if len({option.value for option in self.options}) != len(self.options):
            _refuse(f"{self.key}: an option is there twice")
        for bound in (self.minimum, self.maximum):
            if bound is not None and isinstance(bound, str) != (self.type == "date"):
                _refuse(f"{self.key}: a date is bounded by dates, a number by numbers")
        return self


class FormStep(_Part):
    """A page of the form."""

    key: str = Key
    title: str = Field(min_length=1, max_length=100)
    title_en: str = ""
    hint: str = ""
    hint_en: str = ""
    condition: str = ""
    fields: tuple[FormField, ...] = ()


class FormDocument(_Part):
    """A whole form. Conditions look only at earlier questions, so that one walk through the form settles them all."""

    title: str = Field(min_length=1, max_length=200)
    title_en: str = ""
    steps: tuple[FormStep, ...] = Field(min_length=1)

    def fields(self) -> Iterator[FormField]:
        """Go through all fields in order."""
        for step in self.steps:
            yield from step.fields

    def step(self, key: str) -> FormStep:
        """Return a step; raises KeyError."""
        return self._steps_by_key[key]

    def field(self, key: str) -> FormField:
        """Return a field; raises KeyError."""
        return self._fields_by_key[key]

    @cached_property
    def _steps_by_key(self) -> dict[str, FormStep]:
        return {step.key: step for step in self.steps}

    @cached_property
    def _fields_by_key(self) -> dict[str, FormField]:
        return {field.key: field for field in self.fields()}

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        fields = list(self.fields())
        if len({field.key for field in fields}) != len(fields):
            _refuse("a field's key is there twice")
        if len({step.key for step in self.steps}) != len(self.steps):
            _refuse("a step's key is there twice")
        if len(fields) > MANY_FIELDS:
            _refuse(f"more than {MANY_FIELDS} fields: nobody can fill that in")
        self._expressions_are_sound(fields)
        return self

    def _expressions_are_sound(self, fields: list[FormField]) -> None:
        samples = {field.key: sample_answer(field) for field in fields if field.asks}
        earlier: set[str] = set()
        for step in self.steps:
            _try_out(step.key, step.condition, earlier, samples)
            for field in step.fields:
                _try_out(field.key, field.condition, earlier, samples)
                for option in field.options:
                    _try_out(field.key, option.condition, earlier, samples)
                if field.asks:
                    earlier.add(field.key)
        for field in fields:
            for check in field.checks:
                _try_out(field.key, check.expression, set(samples), samples)


_SAMPLES: dict[str, object] = {
    "integer": 1,
    "money": 1,
    "decimal": 1,
    "yes_no": True,
    "date": "2026-01-05",
    "resident_id": "110101199001010000",
    "identity": {"kind": "passport", "number": "E12345678"},
    "address": {"region": "云澜市", "detail": "1"},
}


def sample_answer(field: FormField) -> object:
    """Return an answer of the right shape, to try expressions out on."""
    if field.type == "choices":
        return [field.options[0].value]
    return field.options[0].value if field.type == "choice" else _SAMPLES.get(field.type, "1")


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()


def _refuse(words: str) -> NoReturn:
    raise ValueError(words)


def _try_out(place: str, expression: str, known: set[str], samples: dict[str, object]) -> None:
    """Refuse an expression that cannot be read, looks at an unknown or later answer, or fails on sample answers."""
    if not expression.strip():
        return
    if unknown := answers_used(expression) - known:
        _refuse(f"{place}: looks at {', '.join(sorted(unknown))}, which is not asked before")
    context = {"situation": {}, "applicant": {"kind": "person"}, "today": "2026-01-05"}
    try:
        expressions.check(expression)
    except expressions.WrongExpression as wrong:
        _refuse(f"{place}: {expression!r} is no expression ({wrong})")
    if "situation." in expression or "applicant." in expression:
        return  # what these hold is not known here
    try:
        expressions.evaluate(expression, document_for(expression, samples, context))
    except expressions.WrongExpression as wrong:
        _refuse(f"{place}: {expression!r} does not fit the answers it looks at ({wrong})")
