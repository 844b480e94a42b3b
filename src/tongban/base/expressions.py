"""Safe expressions (zen-engine): the one language of conditions in forms, processes and eligibility.

zen evaluates comparisons, arithmetic, lists and dates over a JSON document; it has no access to files, network or
Python. Text typed by somebody is only ever evaluated here.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import zen

if TYPE_CHECKING:
    from zen import Expression

LONGEST = 2000
"""Characters: longer expressions are refused; nobody can read them."""
MOST_WALKS = 3
"""Walks through a list in one expression: each inside another multiplies the work."""
_WALK = re.compile(r"\b(all|some|none|one|filter|map|flatMap|count)\s*\(")
_BACKTRACE = "\n\nStack backtrace"


class WrongExpression(ValueError):  # noqa: N818 - says what is wrong with the text
    """The expression cannot be read, or cannot be evaluated on these values."""


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> "Expression":
    if too_much := _too_much(expression):
        raise WrongExpression(too_much)
    try:
        return zen.compile_expression(expression)
    except Exception as wrong:  # zen raises bare RuntimeError and ValueError by turns
        raise WrongExpression(_words_of(wrong)) from wrong


def _too_much(expression: str) -> str:
    """Return why an expression would cost too much: zen counts no steps, and a list too long ends the process.

    Texts within the expression are not taken out first: within `${…}` they are expressions again.
    """
    if len(expression) > LONGEST:
        return f"longer than {LONGEST} characters"
    walks = len(_WALK.findall(expression))
    if walks > MOST_WALKS:
        return f"more than {MOST_WALKS} walks through a list"
    return "a walk through a range of numbers" if walks and ".." in expression else ""


def _words_of(wrong: Exception) -> str:
    return str(wrong).split(_BACKTRACE)[0]


def check(expression: str) -> None:
    """Raise WrongExpression if the text is no expression."""
    _compiled(expression)


def evaluate(expression: str, values: Mapping[str, object]) -> object:
    """Return the value of the expression over a JSON-like document; raises WrongExpression."""
    try:
        return _compiled(expression).evaluate(dict(values))
    except WrongExpression:
        raise
    except Exception as wrong:  # see above
        raise WrongExpression(_words_of(wrong)) from wrong


def holds(expression: str, values: Mapping[str, object]) -> bool:
    """Whether the condition is true. An empty condition holds; anything but `true` does not."""
    return not expression.strip() or evaluate(expression, values) is True
