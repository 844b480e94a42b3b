"""Which rows and fields of an answer leave the gate: rows by the grant's conditions, of each exactly what was asked."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Condition = Mapping[str, Any]
MOST_ADDED, LONGEST_NAME = 50, 60
_LONG_NUMBER = re.compile(r"\d{6,}")

OPERATORS: Mapping[str, Callable[[Any, Sequence[Any]], bool]] = {
    "in": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: all(_are_of_a_kind(value, one) for one in wanted) and value not in wanted,
    "begins_with": lambda value, wanted: isinstance(value, str) and any(value.startswith(str(one)) for one in wanted),
    "at_least": lambda value, wanted: value is not None and bool(wanted) and value >= wanted[0],
    "at_most": lambda value, wanted: value is not None and bool(wanted) and value <= wanted[0],
}
"""A condition is data: {"field": "district", "operator": "in", "values": ["汀南区"]}. What cannot be compared fails."""


def _are_of_a_kind(value: object, other: object) -> bool:
    """Whether two values can be compared: 5 is not "5", and that it is none of those would let every row through."""
    kinds = [
        float if isinstance(one, int | float) and not isinstance(one, bool) else type(one) for one in (value, other)
    ]
    return kinds[0] is kinds[1]


def is_condition(condition: Condition, codes: Sequence[str]) -> bool:
    """Whether it is a condition about one of these fields."""
    return (
        set(condition) == {"field", "operator", "values"}
        and condition["field"] in codes
        and condition["operator"] in OPERATORS
        and isinstance(condition["values"], list)
        and bool(condition["values"])
    )


def wanted_fields(fields: Sequence[str], conditions: Sequence[Condition]) -> list[str]:
    """Return what is read: the fields asked for, and those that the conditions look at."""
    return list(dict.fromkeys([*fields, *(str(one["field"]) for one in conditions)]))


def meets(row: Mapping[str, Any], conditions: Sequence[Condition]) -> bool:
    """Whether a row meets all conditions."""
    return all(_meets(row.get(str(one["field"])), one) for one in conditions)


def _meets(value: object, condition: Condition) -> bool:
    try:
        return OPERATORS[str(condition["operator"])](value, condition["values"])
    except TypeError:
        return False


@dataclass(frozen=True, slots=True)
class Projected:
    """What leaves the gate, and the names of what the source had added."""

    records: tuple[dict[str, Any], ...]
    added: tuple[str, ...] = field(default=())


def project(rows: Sequence[Mapping[str, Any]], fields: Sequence[str], conditions: Sequence[Condition]) -> Projected:
    """Return of each row that meets the conditions exactly the fields asked for; what is not known is None."""
    read = set(wanted_fields(fields, conditions))
    added = {told_name(str(name)) for row in rows for name in row if name not in read}
    kept = tuple({code: row.get(code) for code in fields} for row in rows if meets(row, conditions))
    return Projected(kept, tuple(sorted(added)[:MOST_ADDED]))


def told_name(name: str) -> str:
    """Return the name of what a source added, as it may stand in the ledger, out of which nothing is ever taken.

    A source may use numbers of people as names: they are not told.
    """
    return _LONG_NUMBER.sub("#", "".join(sign for sign in name if sign.isprintable()))[:LONGEST_NAME]
