"""Safe expressions (zen-engine): the one language of conditions in forms, processes and eligibility.

zen evaluates comparisons, arithmetic, lists and dates over a JSON document; it has no access to files, network or
Python. Text typed by somebody is only ever evaluated here.
"""

from collections.abc import Mapping
from functools import lru_cache

import zen

LONGEST = 2000
"""Characters: longer expressions are refused; nobody can read them."""


class WrongExpression(ValueError):  # noqa: N818 - says what is wrong with the text
    """The expression cannot be read, or cannot be evaluated on these values."""


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> "zen.PyExpression":
    if len(expression) > LONGEST:
        message = f"longer than {LONGEST} characters"
        raise WrongExpression(message)
    try:
        return zen.compile_expression(expression)
    except Exception as wrong:  # zen raises bare RuntimeError and ValueError by turns
        raise WrongExpression(str(wrong)) from wrong


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
        raise WrongExpression(str(wrong)) from wrong


def holds(expression: str, values: Mapping[str, object]) -> bool:
    """Whether the condition is true. An empty condition holds; anything but `true` does not."""
    return not expression.strip() or evaluate(expression, values) is True
