"""Whether a step, and the whole form, is filled in rightly."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.forms.rules.conditions import (
    Answers,
    Context,
    answers_used,
    check_holds,
    condition_holds,
    simple_condition,
)
from tongban.forms.rules.document import Check, FormDocument, FormField, FormStep
from tongban.forms.rules.reading import answer_of, is_empty
from tongban.forms.rules.typed import ASKED, Typed, typed_for, was_sent
from tongban.forms.rules.wrong import WrongAnswer

Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class StepChecked:
    """A step as it was sent: the answers in their normal form, the sentences beside fields, and what was typed."""

    values: dict[str, object]
    errors: Errors = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors

    @property
    def shown(self) -> dict[str, object]:
        """What stands in the inputs when the step is shown again: nothing typed is lost."""
        return {**self.values, **{key: self.typed[key] for key in self.errors if key in self.typed}}


def in_words(chinese: str, english: str, language: str | None = None) -> str:
    """Return the text in the reader's language; Chinese where there is no English."""
    chosen = language or get_language() or "zh-hans"
    return chinese if chosen.startswith("zh") or not english else english


def label_of(asked: FormField) -> str:
    """Return the question's label in the reader's language."""
    return in_words(asked.label, asked.label_en)


def _missing_words(asked: FormField) -> str:
    label = {"label": label_of(asked)}
    if asked.type in {"choice", "choices", "yes_no"}:
        return _("Please choose an answer: %(label)s") % label
    return _("Please fill in: %(label)s") % label


def _today(context: Context) -> date | None:
    value = context.get("today")
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def as_number(text: str) -> float | str:
    """Return the number for an expression; measures and weights, never money. What is no number stays as it is."""
    try:
        return float(text)
    except ValueError:
        return text


def for_reckoning(document: FormDocument, values: Answers) -> dict[str, object]:
    """Return answers as expressions see them: a number with decimals is a number, not its text."""
    seen = dict(values)
    for asked in document.fields():
        value = seen.get(asked.key)
        if asked.type == "decimal" and isinstance(value, str):
            seen[asked.key] = as_number(value)
    return seen


def visible_fields(document: FormDocument, values: Answers, context: Context) -> list[FormField]:
    """Return the questions that are asked, in order. An answer to a question not asked counts for nothing."""
    given = for_reckoning(document, values)
    return [asked for _step, asked in _walk(document, given, context)]


def _walk(
    document: FormDocument, given: Mapping[str, object], context: Context
) -> Iterator[tuple[FormStep, FormField]]:
    counted: dict[str, object] = {}
    for step in document.steps:
        if not condition_holds(step.condition, counted, context):
            continue
        for asked in step.fields:
            if condition_holds(asked.condition, counted, context):
                if asked.key in given:
                    counted[asked.key] = given[asked.key]
                yield step, asked


def visible_steps(document: FormDocument, values: Answers, context: Context) -> list[FormStep]:
    """Return the steps in which something is asked or told, in order."""
    given = for_reckoning(document, values)
    shown = {step.key for step, _asked in _walk(document, given, context)}
    return [step for step in document.steps if step.key in shown]


def depends_on_page(step: FormStep, asked: FormField) -> bool:
    """Whether a question hangs on another one of the same step."""
    return bool(answers_used(asked.condition) & {other.key for other in step.fields})


def follows_at_once(step: FormStep, asked: FormField) -> bool:
    """Whether a question that hangs on one of the same step can stand on the page from the start, as "if … then"."""
    simple = simple_condition(asked.condition)
    return simple is not None and simple.field in {other.key for other in step.fields}


class _Walker:
    """Goes through the fields of a step in order, since each may hang on those before it."""

    def __init__(
        self,
        document: FormDocument,
        step: FormStep,
        typed: Mapping[str, object],
        context: Context,
        only: frozenset[str] | None = None,
    ) -> None:
        self.step, self.typed_raw, self.context, self.only = step, typed, context, only
        own = {asked.key for asked in step.fields if only is None or asked.key in only}
        others = {key: value for key, value in _mapping(context.get("form")).items() if key not in own}
        self.reckoned = _counted(document, others, context)
        self.asked = condition_holds(step.condition, self.reckoned, context)
        self.values: dict[str, object] = {}
        self.errors: Errors = {}
        self.typed: dict[str, Typed] = {}
        self.today = _today(context)

    def run(self) -> StepChecked:
        if not self.asked:
            return StepChecked({})
        asked_here = [asked for asked in self.step.fields if self._take(asked)]
        self._check(asked_here)
        return StepChecked(self.values, self.errors, self.typed)

    def _take(self, asked: FormField) -> bool:
        if not condition_holds(asked.condition, self.reckoned, self.context):
            return False
        if not asked.asks or (self.only is not None and asked.key not in self.only):
            return True
        typed = typed_for(asked, self.typed_raw)
        self.typed[asked.key] = typed
        if is_empty(typed):
            self._missing(asked)
            return True
        try:
            value = answer_of(asked, typed, self.reckoned, self.context, self.today)
        except WrongAnswer as wrong:
            self.errors[asked.key] = [str(wrong)]
            return True
        if value not in ("", []):
            self.values[asked.key] = value
            self.reckoned[asked.key] = as_number(value) if asked.type == "decimal" and isinstance(value, str) else value
        elif asked.required:
            self.errors[asked.key] = [_missing_words(asked)]
        return True

    def _missing(self, asked: FormField) -> None:
        if self._appeared(asked):
            self.errors[asked.key] = [
                _("After your other answers we also need: %(label)s") % {"label": label_of(asked)}
                if asked.required
                else _("After your other answers there is one more question, which you may leave open: %(label)s")
                % {"label": label_of(asked)}
            ]
        elif asked.required:
            self.errors[asked.key] = [_missing_words(asked)]

    def _appeared(self, asked: FormField) -> bool:
        """Whether the page could not yet show this question: it hangs on an answer of the same page."""
        if ASKED not in self.typed_raw or was_sent(asked, self.typed_raw):
            return False
        return depends_on_page(self.step, asked) and not follows_at_once(self.step, asked)

    def _check(self, asked_here: Iterable[FormField]) -> None:
        for asked in asked_here:
            if asked.key in self.values and asked.checks:
                for words in _broken(asked.checks, self.reckoned, self.context):
                    self.errors.setdefault(asked.key, []).append(words)


def _broken(checks: Iterable[Check], reckoned: Answers, context: Context) -> list[str]:
    return [
        in_words(check.message, check.message_en)
        for check in checks
        if not check_holds(check.expression, reckoned, context)
    ]


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _counted(document: FormDocument, values: Mapping[str, object], context: Context) -> dict[str, object]:
    """Return the answers that count: those whose questions are asked."""
    given = for_reckoning(document, values)
    counted = {asked.key for _step, asked in _walk(document, given, context)}
    return {key: value for key, value in given.items() if key in counted}


def check_step(
    document: FormDocument,
    step_key: str,
    typed: Mapping[str, object],
    context: Context,
    only: frozenset[str] | None = None,
) -> StepChecked:
    """Judge a step as it was sent. `context`: "form" (answers so far), "situation", "applicant", "today" (ISO date).

    Answers to questions that are not asked are dropped and spoken of nowhere. With `only` just these questions are
    judged, on the answers that stand for the rest. Raises KeyError for an unknown step, and nothing else, whatever was
    typed. `typed` maps names of inputs to text or lists of text (`typed_from`), or keys of questions to answers.
    """
    return _Walker(document, document.step(step_key), typed, context, only).run()


def check_all(document: FormDocument, values: Answers, context: Context) -> StepChecked:
    """Judge all answers together, as before submitting: what was right when a step was saved may no longer be."""
    kept: dict[str, object] = {}
    errors: Errors = {}
    for step in document.steps:
        checked = _Walker(document, step, _as_typed(step, values), {**context, "form": kept}).run()
        kept |= checked.values
        errors |= checked.errors
    _check_across(document, for_reckoning(document, kept), context, errors)
    return StepChecked(kept, errors)


def _check_across(document: FormDocument, reckoned: Answers, context: Context, errors: Errors) -> None:
    """Judge again the checks that look at answers of other steps, which now are all there."""
    for step in document.steps:
        own = {asked.key for asked in step.fields}
        for asked in step.fields:
            late = [check for check in asked.checks if not answers_used(check.expression) <= own]
            if asked.key not in reckoned or not late:
                continue
            sentences = [words for words in _broken(late, reckoned, context) if words not in errors.get(asked.key, [])]
            if sentences:
                errors.setdefault(asked.key, []).extend(sentences)


def _as_typed(step: FormStep, values: Answers) -> dict[str, object]:
    """Return stored answers in the shape in which they would be typed again."""
    return {asked.key: typed_again(asked, values[asked.key]) for asked in step.fields if asked.key in values}


def typed_again(asked: FormField, value: object) -> object:
    """Return a stored answer as it stands in its inputs: money in yuan, yes and no as words."""
    if asked.type == "money" and isinstance(value, int) and not isinstance(value, bool):
        return f"{Decimal(value) / 100:.2f}"
    if asked.type == "yes_no" and isinstance(value, bool):
        return "yes" if value else "no"
    return value
