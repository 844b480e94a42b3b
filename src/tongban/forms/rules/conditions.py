"""Conditions and checks: which answers they look at, and whether they hold.

Expressions are zen's (`base.expressions`) over `{"form": answers, "situation": …, "applicant": …, "today": ISO date}`.
Money counts in fen; a number with decimals counts as a number; a date is its ISO text; yes and no are true and false.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tongban.base import expressions

Answers = Mapping[str, object]
Context = Mapping[str, object]

_STRINGS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_ANSWER = re.compile(r"\bform\.([a-z][a-z0-9_]*)")
_WHOLE_FORM = re.compile(r"\bform\b(?!\.[a-z])")

_VALUE = r"(?:\"(?P<text>[^\"\\]*)\"|'(?P<quoted>[^'\\]*)'|(?P<truth>true|false))"
_EQUALS = re.compile(rf"^\s*form\.(?P<key>[a-z][a-z0-9_]*)\s*==\s*{_VALUE}\s*$")
_ONE_OF = re.compile(r"^\s*form\.(?P<key>[a-z][a-z0-9_]*)\s+in\s+\[(?P<values>[^\[\]]*)\]\s*$")
_HOLDS_VALUE = re.compile(rf"^\s*(?:contains\(\s*form\.(?P<key>[a-z][a-z0-9_]*)\s*,\s*{_VALUE}\s*\))\s*$")
_VALUE_IN = re.compile(rf"^\s*{_VALUE}\s+in\s+form\.(?P<key>[a-z][a-z0-9_]*)\s*$")
_TEXTS = re.compile(r"\"([^\"\\]*)\"|'([^'\\]*)'")

TRUTH_WORDS = {"true": "yes", "false": "no"}
"""How yes and no are called in the page's inputs."""


@dataclass(frozen=True, slots=True)
class SimpleCondition:
    """A condition that a page can follow at once: the answer to `field` is one of `values`, as the inputs send them."""

    field: str
    values: tuple[str, ...]


@lru_cache(maxsize=8192)
def answers_used(expression: str) -> frozenset[str]:
    """Return the keys of the answers that an expression looks at."""
    return frozenset(_ANSWER.findall(_STRINGS.sub('""', expression)))


@lru_cache(maxsize=8192)
def _looks_at_all(expression: str) -> bool:
    return bool(_WHOLE_FORM.search(_STRINGS.sub('""', expression)))


def document_for(expression: str, answers: Answers, context: Context) -> dict[str, object]:
    """Return what zen is given: of the answers only those looked at, so that a long form costs no more than a short."""
    if _looks_at_all(expression):
        seen = dict(answers)
    else:
        seen = {key: answers[key] for key in answers_used(expression) if key in answers}
    return {
        "form": seen,
        "situation": context.get("situation") or {},
        "applicant": context.get("applicant") or {},
        "today": str(context.get("today") or ""),
    }


def condition_holds(expression: str, answers: Answers, context: Context) -> bool:
    """Whether a question is asked. A condition on something not yet answered does not hold."""
    if not expression.strip():
        return True
    try:
        return expressions.holds(expression, document_for(expression, answers, context))
    except expressions.WrongExpression:
        return False


def check_holds(expression: str, answers: Answers, context: Context) -> bool:
    """Whether a check is passed.

    It is judged only once all answers it looks at are there: a missing one has its own sentence. A check that cannot be
    reckoned on these answers stops nobody; documents are tried out on samples before they are published.
    """
    if not answers_used(expression) <= answers.keys():
        return True
    try:
        return expressions.evaluate(expression, document_for(expression, answers, context)) is not False
    except expressions.WrongExpression:
        return True


def _value_of(found: re.Match[str]) -> str:
    if found["truth"]:
        return TRUTH_WORDS[found["truth"]]
    return found["text"] if found["text"] is not None else found["quoted"]


@lru_cache(maxsize=8192)
def simple_condition(expression: str) -> SimpleCondition | None:
    """Return the condition if it is of the shape "this answer is (one of) these", else None."""
    for shape in (_EQUALS, _HOLDS_VALUE, _VALUE_IN):
        if found := shape.match(expression):
            return SimpleCondition(found["key"], (_value_of(found),))
    if found := _ONE_OF.match(expression):
        values = tuple(text or quoted for text, quoted in _TEXTS.findall(found["values"]))
        rest = _TEXTS.sub("", found["values"]).replace(",", "").strip()
        if values and not rest:
            return SimpleCondition(found["key"], values)
    return None
