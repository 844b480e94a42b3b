"""Whether a row fits a condition of a figure, as the database judges it: compared with nothing is unknown. Pure.

Figures are defined by Django's `Q`, so that the list behind a figure asks the database the same. Counting looks at rows
that are alike only once, and here.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import ge, gt, le, lt
from typing import Any

from django.db.models import F, Q

Row = Mapping[str, Any]
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}


def matches(condition: Q, row: Row) -> bool:
    """Return whether a row fits; what is unknown does not. Raises ValueError for a lookup that figures do not use."""
    return _judged(condition, row) is True


def _judged(condition: Q | tuple[str, Any], row: Row) -> bool | None:
    if isinstance(condition, tuple):
        return _leaf(*condition, row)
    if condition.negated or condition.connector == Q.XOR:
        message = f"conditions of figures are joined by and, or: {condition}"
        raise ValueError(message)
    parts = [_judged(part, row) for part in condition.children]  # type: ignore[arg-type]  # Q or a pair
    decisive = condition.connector == Q.OR
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _leaf(asked: str, wanted: Any, row: Row) -> bool | None:  # noqa: ANN401 - whatever a column holds
    name, _, lookup = asked.partition("__")
    value, other = row[name], row[_column(wanted)] if isinstance(wanted, F) else wanted
    if lookup == "isnull":
        return (value is None) is bool(other)
    if value is None or other is None:
        return None
    if not lookup:
        return bool(value == other)
    if lookup == "in":
        return value in other
    if lookup not in _COMPARED:
        message = f"a lookup that figures do not use: {asked}"
        raise ValueError(message)
    return _COMPARED[lookup](value, other)


def columns(conditions: Iterable[Q]) -> set[str]:
    """Return the columns that conditions look at."""
    found: set[str] = set()
    for condition in conditions:
        for part in condition.children:
            if isinstance(part, Q):
                found |= columns([part])
            else:
                asked, wanted = part  # type: ignore[misc]  # a pair, where it is no Q
                found.add(str(asked).partition("__")[0])
                found |= {_column(wanted)} if isinstance(wanted, F) else set()
    return found


def _column(named: F) -> str:
    return str(named.name)  # type: ignore[attr-defined]  # the stubs leave it out
