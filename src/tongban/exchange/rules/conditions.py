"""The conditions of a grant as people write and read them: a field, a comparison, values of the field's type."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.base.errors import Words
from tongban.base.text import clean_line, narrow

OPERATOR_WORDS: Mapping[str, Words] = {
    "in": gettext_lazy("is one of"),
    "not_in": gettext_lazy("is none of"),
    "begins_with": gettext_lazy("begins with"),
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
}
ONE_VALUE = frozenset({"at_least", "at_most"})
MOST_VALUES = 100
_SEPARATED = re.compile(r"[\n、,，;；]+")
_YES, _NO = frozenset({"true", "yes", "是"}), frozenset({"false", "no", "否"})
_WHOLE, _NUMBERS, _TEXTS = frozenset("IY"), frozenset("NBF"), frozenset("CMG")


class WrongCondition(ValueError):  # noqa: N818 - says what is wrong with it
    """What is wrong with a condition, in words. `part`: operator or values."""

    def __init__(self, sentence: str, part: str = "values") -> None:
        """Keep both."""
        super().__init__(sentence)
        self.part = part


class Compared(Protocol):
    """An information item as conditions look at it."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def type(self) -> str:
        """Its type, as in the national guide."""

    @property
    def code_list(self) -> Sequence[Mapping[str, Any]]:
        """The values that there are; empty: any."""


def condition(item: Compared, operator: str, typed: str) -> dict[str, Any]:
    """Return a condition on a field as it is kept. Raises WrongCondition."""
    return condition_of(item, operator, _SEPARATED.split(typed))


def condition_of(item: Compared, operator: str, parts: Iterable[str]) -> dict[str, Any]:
    """Return the same of values that stand each for itself. Raises WrongCondition."""
    texts = [text for text in (clean_line(part) for part in parts) if text]
    if operator not in OPERATOR_WORDS:
        raise WrongCondition(_("There is no such comparison."), part="operator")
    if not 0 < len(texts) <= MOST_VALUES:
        raise WrongCondition(_("Please give between 1 and %(most)s values.") % {"most": MOST_VALUES})
    if operator in ONE_VALUE and len(texts) > 1:
        raise WrongCondition(_("This comparison takes one value."))
    if operator == "begins_with" and item.type not in _TEXTS:
        raise WrongCondition(_("Only a text begins with something."), part="operator")
    values = texts if operator == "begins_with" else [value_of(item, text) for text in texts]
    listed = {one["value"] for one in item.code_list}
    if listed and operator in {"in", "not_in"} and not listed.issuperset(values):
        raise WrongCondition(_("This value is not in the list of codes."))
    return {"field": item.code, "operator": operator, "values": values}


def value_of(item: Compared, text: str) -> Any:  # noqa: ANN401 - a JSON value
    """Return what was typed as a value of the type of its field, as a register holds it. Raises WrongCondition."""
    if item.type in _WHOLE | _NUMBERS:
        return _number(item, text)
    if item.type == "D":
        try:
            return date.fromisoformat(narrow_date(text)).isoformat()
        except ValueError as wrong:
            raise WrongCondition(_("This must be a date such as 2026-03-31.")) from wrong
    if item.type == "L":
        if text.lower() not in _YES | _NO:
            raise WrongCondition(_("This must be yes or no."))
        return text.lower() in _YES
    return text


def _number(item: Compared, text: str) -> int | float:
    try:
        value = float(text.replace(" ", ""))
    except ValueError as wrong:
        raise WrongCondition(_("This must be a number.")) from wrong
    if value != value or abs(value) > 10**15 or (item.type in _WHOLE and not value.is_integer()):  # noqa: PLR0124 - NaN is not itself
        raise WrongCondition(_("This must be a number."))
    return int(value) if value.is_integer() else value


def narrow_date(text: str) -> str:
    """Return a date as it may be typed in half width: ２０２６-０３-３１, 2026/03/31."""
    digits = narrow(text.replace("/", "").replace(".", ""))
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == len("20260331") else text


def as_typed(values: Sequence[Any]) -> str:
    """Return values as they are typed, one a line."""
    words = {True: _("Yes"), False: _("No")}
    return "\n".join(words[value] if isinstance(value, bool) else str(value) for value in values)
