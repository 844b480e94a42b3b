"""What of a guide applies to somebody: by the answers to its questions, and by who applies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tongban.base import expressions
from tongban.catalogue.guide import Fee, Guide, Material, SituationQuestion, Step

Situation = Mapping[str, str]


class _Conditional(Protocol):
    @property
    def condition(self) -> str: ...


Part = TypeVar("Part", bound=_Conditional)


@dataclass(frozen=True, slots=True)
class Applied:
    """What applies. `complete` is false while a question that is asked has no answer."""

    materials: tuple[Material, ...]
    steps: tuple[Step, ...]
    fees: tuple[Fee, ...]
    questions: tuple[SituationQuestion, ...]
    complete: bool

    @property
    def brought(self) -> tuple[Material, ...]:
        """Materials that the applicant hands in with the application."""
        return tuple(material for material in self.materials if material.brought_by_applicant)

    @property
    def not_brought(self) -> tuple[Material, ...]:
        """Materials that the applicant need not bring 免提交, or that come later."""
        return tuple(material for material in self.materials if not material.brought_by_applicant)


def _values(situation: Situation, applicant_kind: str) -> dict[str, object]:
    return {"situation": dict(situation), "applicant": {"kind": applicant_kind}}


def _holds(condition: str, values: Mapping[str, object]) -> bool:
    """A condition that cannot be evaluated keeps nothing from the reader: the part is shown."""
    try:
        return expressions.holds(condition, values)
    except expressions.WrongExpression:
        return True


def _applying(parts: Iterable[Part], values: Mapping[str, object]) -> tuple[Part, ...]:
    return tuple(part for part in parts if _holds(part.condition, values))


def _fees(fees: Iterable[Fee], values: Mapping[str, object]) -> tuple[Fee, ...]:
    """A fee with amounts none of which applies does not apply; one without any amount does."""
    chosen = [fee.model_copy(update={"items": _applying(fee.items, values)}) for fee in fees if fee.items]
    without = [fee for fee in fees if not fee.items]
    return tuple([fee for fee in chosen if fee.items] + without)


def questions_for(guide: Guide, situation: Situation, applicant_kind: str) -> tuple[SituationQuestion, ...]:
    """Return the questions that are asked, given the answers so far and who applies."""
    return _applying(guide.situations, _values(situation, applicant_kind))


def open_questions(guide: Guide, situation: Situation, applicant_kind: str) -> tuple[SituationQuestion, ...]:
    """Return the questions that are asked and not yet answered."""
    asked = questions_for(guide, situation, applicant_kind)
    return tuple(question for question in asked if question.key not in situation)


def clean_situation(guide: Guide, answers: Mapping[str, object]) -> dict[str, str]:
    """Return only answers that the guide offers; anything else somebody sent is left out."""
    offered = {question.key: {option.value for option in question.options} for question in guide.situations}
    return {
        key: value
        for key, value in answers.items()
        if key in offered and isinstance(value, str) and value in offered[key]
    }


def applies(guide: Guide, situation: Situation, applicant_kind: str) -> Applied:
    """Return what applies. Answers to questions that are not asked count for nothing."""
    answers = clean_situation(guide, situation)
    questions = questions_for(guide, answers, applicant_kind)
    asked = {question.key for question in questions}
    answers = {key: value for key, value in answers.items() if key in asked}
    values = _values(answers, applicant_kind)
    return Applied(
        materials=_applying(guide.materials, values),
        steps=_applying(guide.steps, values),
        fees=_fees(guide.fees, values),
        questions=questions,
        complete=all(question.key in answers for question in questions),
    )
