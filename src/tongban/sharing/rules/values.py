"""Values of registers in words, and values as somebody types them."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from tongban.base.money import to_fen
from tongban.base.templatetags.words import clauses, date_words, datetime_words, listed, money
from tongban.base.text import narrow

MASK = "••••••"


class Item(Protocol):
    """An information item as these rules look at it."""

    type: str
    code_list: Any


def words_of(item: Item, value: object) -> str:  # noqa: PLR0911 - one line for each type
    """Return a value as people read it."""
    if value is None or value == "":
        return _("not recorded")
    codes = {one.get("value"): one.get("label") for one in item.code_list or ()}
    if isinstance(value, str) and value in codes:
        return str(codes[value] or value)
    match item.type, value:
        case "L", bool():
            return _("yes") if value else _("no")
        case "Y", int():
            return str(money(value))
        case "D", str():
            return _day(value)
        case "T", str():
            return _instant(value)
        case _, dict():
            return clauses(f"{key} {one}" for key, one in value.items())
        case _, list():
            return listed(value)
        case _:
            return str(value)


def _day(value: str) -> str:
    try:
        return str(date_words(date.fromisoformat(value)))
    except ValueError:
        return value


def _instant(value: str) -> str:
    try:
        return str(datetime_words(datetime.fromisoformat(value)))
    except ValueError:
        return value


def typed(item: Item, text: str) -> Any:  # noqa: ANN401 - a JSON value
    """Return a typed text as a value of the item's type; what cannot be read stays text and is refused."""
    said = text.strip()
    if not said:
        return None
    readers: Mapping[str, Any] = {
        "I": int, "N": _number, "B": float, "F": float, "Y": _fen, "L": _logical, "G": json.loads,
    }  # fmt: skip
    reader = readers.get(item.type)
    if reader is None:
        return said
    try:
        return reader(narrow(said))
    except (ValueError, KeyError, OverflowError, RecursionError):
        return said


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _fen(text: str) -> int:
    return int(to_fen(text))


def _logical(text: str) -> bool:
    return {"是": True, "yes": True, "true": True, "1": True, "否": False, "no": False, "false": False, "0": False}[
        text.lower()
    ]
