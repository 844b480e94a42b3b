"""Paths into a JSON answer: names and places, as in singular queries of RFC 9535 (`$.person.names[0]['full name']`)."""

import re
from typing import Any

_STEP = re.compile(r"""\.([^\s.\[\]'"*?@()]{1,100})|\[(\d{1,6})\]|\['([^'\\]{1,100})'\]""")
_NESTING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
"""Texts, those that never end as well, and brackets. Each sign is looked at once: whoever answers is not our friend."""
MOST_STEPS = 12
Path = tuple[str | int, ...]


class WrongPath(ValueError):  # noqa: N818 - says what is so
    """This is no path."""


class NothingThere(LookupError):  # noqa: N818 - says what is so
    """The answer has nothing at this path."""


def parsed(text: str) -> Path:
    """Return the steps of a path; "" and "$" are the whole. Raises WrongPath."""
    rest = text.strip()
    rest = rest[1:] if rest.startswith("$") else f".{rest}" if rest and not rest.startswith("[") else rest
    steps: list[str | int] = []
    while rest:
        step = _STEP.match(rest)
        if step is None or len(steps) >= MOST_STEPS:
            raise WrongPath(text)
        name, place, quoted = step.groups()
        steps.append(int(place) if place is not None else name if name is not None else quoted)
        rest = rest[step.end() :]
    return tuple(steps)


def found(document: Any, path: Path) -> Any:  # noqa: ANN401 - JSON
    """Return what lies at a path. Raises NothingThere."""
    here = document
    for step in path:
        try:
            here = _within(here, step)
        except LookupError as missing:
            raise NothingThere(step) from missing
    return here


def _within(here: Any, step: str | int) -> Any:  # noqa: ANN401 - JSON
    if isinstance(step, str) and isinstance(here, dict):
        return here[step]
    if isinstance(step, int) and isinstance(here, list):
        return here[step]
    raise LookupError(step)


def is_deeper_than(text: bytes, most: int) -> bool:
    """Whether a JSON text is nested deeper: the reader of Python's library would run into the end of its stack."""
    depth = 0
    for sign in _NESTING.finditer(text):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(sign[0], 0)
        if depth > most:
            return True
    return False
