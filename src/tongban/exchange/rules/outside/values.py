"""What an outside source says, brought into the form that the catalogue declares for the item; or why it does not fit.

The forms are those of registers: a day is ISO 8601, an instant has its zone, money is whole fen. What does not fit is
never guessed: a wrong date that looks right is worse than none.
"""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from tongban.base.text import clean_line, clean_lines
from tongban.exchange.rules.outside.codes import Wrong

LONGEST = 4000
"""Characters of a text whose item sets no length."""
LARGEST_NUMBER = 10**15
_DAY = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})")
_HALF = re.compile(r"[\ud800-\udfff]")
"""Half of a pair, which JSON can say and no text can hold."""
_YES, _NO = frozenset({"1", "true", "t", "y", "yes", "是"}), frozenset({"0", "false", "f", "n", "no", "否"})


class Unfit(ValueError):  # noqa: N818 - says what is so
    """A value does not fit its item: `why` is a code of `rules.outside.words`. The value itself is never told."""

    def __init__(self, why: str) -> None:
        """Say why."""
        super().__init__(why)
        self.why = str(why)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the catalogue declares of an item."""

    code: str
    type: str
    length: int | None = None
    codes: Collection[Any] = ()

    @property
    def longest(self) -> int:
        """How many characters a text may have."""
        return self.length or LONGEST


@dataclass(frozen=True, slots=True)
class Reading:
    """How a source writes: in which zone its instants are, what it says in yuan, and whether all it has is text."""

    zone: tzinfo
    yuan: Collection[str] = field(default=())
    all_text: bool = False


def fitted(shape: Shape, value: object, reading: Reading) -> Any:  # noqa: ANN401 - a JSON value
    """Return a value in the form of its item; None where nothing is said. Raises Unfit."""
    if value is None or value == "":
        return None
    if shape.code in reading.yuan:
        value = _fen(value, reading)
    found = _FORMS[shape.type](value, reading)
    if isinstance(found, str) and shape.type in "CM" and len(found) > shape.longest:
        raise Unfit(Wrong.LONGER_THAN_DECLARED)
    if shape.codes and found not in shape.codes:
        raise Unfit(Wrong.NOT_IN_CODE_LIST)
    return None if found == "" else found


def _line(value: object, _reading: Reading) -> str:
    return clean_line(_plain(value))


def _text(value: object, _reading: Reading) -> str:
    return clean_lines(_plain(value))


def _plain(value: object) -> str:
    """Return a text. A number that stands for one has lost its leading zeros: it is refused."""
    if not isinstance(value, str):
        raise Unfit(Wrong.NOT_A_TEXT)
    if "\x00" in value or "\ufffd" in value or _HALF.search(value):
        raise Unfit(Wrong.BROKEN_TEXT)
    return value


def _decimal(value: object, reading: Reading) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise Unfit(Wrong.NOT_A_NUMBER)
    if isinstance(value, str) and not reading.all_text:
        raise Unfit(Wrong.NOT_A_NUMBER)
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation as wrong:
        raise Unfit(Wrong.NOT_A_NUMBER) from wrong
    if not found.is_finite() or abs(found) > LARGEST_NUMBER:
        raise Unfit(Wrong.NOT_A_NUMBER)
    return found


def _number(value: object, reading: Reading) -> int | float:
    if isinstance(value, float) and not math.isfinite(value):
        raise Unfit(Wrong.NOT_A_NUMBER)
    found = _decimal(value, reading)
    return int(found) if found == found.to_integral_value() else float(found)


def _whole(value: object, reading: Reading) -> int:
    found = _decimal(value, reading)
    if found != found.to_integral_value():
        raise Unfit(Wrong.NOT_A_WHOLE_NUMBER)
    return int(found)


def _fen(value: object, reading: Reading) -> int:
    """Return an amount in fen that is said in yuan; of a part of a fen nobody can say what it means."""
    found = _decimal(value, reading) * 100
    if found != found.to_integral_value():
        raise Unfit(Wrong.NOT_A_WHOLE_NUMBER)
    return int(found)


def _logical(value: object, reading: Reading) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and reading.all_text:
        word = value.strip().lower()
        if word in _YES | _NO:
            return word in _YES
    raise Unfit(Wrong.NOT_YES_OR_NO)


def _day(value: object, _reading: Reading) -> str:
    if isinstance(value, datetime):
        if value.hour or value.minute or value.second or value.microsecond:
            raise Unfit(Wrong.NOT_A_DAY)
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    written = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if written is None or (not written[2] and len(written[0]) != len("20260331")):
        raise Unfit(Wrong.NOT_A_DAY)
    try:
        return date(int(written[1]), int(written[3]), int(written[4])).isoformat()
    except ValueError as wrong:
        raise Unfit(Wrong.NOT_A_DAY) from wrong


def _instant(value: object, reading: Reading) -> str:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(_plain(value).strip())
    except ValueError as wrong:
        raise Unfit(Wrong.NOT_AN_INSTANT) from wrong
    return (found if found.tzinfo else found.replace(tzinfo=reading.zone)).isoformat()


def _anything(value: object, _reading: Reading) -> object:
    try:
        said = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as wrong:
        raise Unfit(Wrong.BROKEN_TEXT) from wrong
    if _HALF.search(said):
        raise Unfit(Wrong.BROKEN_TEXT)
    if len(said) > LONGEST:
        raise Unfit(Wrong.LONGER_THAN_DECLARED)
    return value


_FORMS: Mapping[str, Callable[[object, Reading], Any]] = {
    "C": _line,
    "M": _text,
    "N": _number,
    "B": _number,
    "F": _number,
    "I": _whole,
    "Y": _whole,
    "L": _logical,
    "D": _day,
    "T": _instant,
    "G": _anything,
}
"""By the type of the national guide."""
