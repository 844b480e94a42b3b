"""Values of a register: of the type that its field declares, in one form."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.base.kept_json import can_be_kept
from tongban.base.text import clean_line, clean_lines
from tongban.exchange.rules.entries import ItemDraft

LONGEST = 4000
"""Characters of a text whose field sets no length."""


class WrongValue(ValueError):  # noqa: N818 - says what is wrong with it
    """What is wrong with a value, in words."""


def checked(fields: Sequence[ItemDraft], values: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Return the values in their form, without those that are not known. Raises Wrong with sentences by field.

    `whole`: they are all that is known, so that none may be missing that the field requires.
    """
    by_code = {item.code: item for item in fields}
    wrong: dict[str, list[str]] = {code: [_("The register has no such field.")] for code in set(values) - set(by_code)}
    found: dict[str, Any] = {}
    for code, item in by_code.items():
        value = values.get(code)
        if value is None or value == "":
            if item.is_required and (whole or code in values):
                wrong[code] = [_("Please fill this in.")]
            continue
        try:
            found[code] = _checked(item, value)
        except WrongValue as says:
            wrong[code] = [str(says)]
    if wrong:
        raise Wrong(wrong)
    return found


class Wrong(Exception):  # noqa: N818 - says what is wrong
    """Sentences by the code of the field."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        """Keep them."""
        super().__init__()
        self.fields = dict(fields)


def _checked(item: ItemDraft, value: object) -> Any:  # noqa: ANN401 - a JSON value
    formed = _FORMS[item.type](value)
    if isinstance(formed, str) and len(formed) > (item.length or LONGEST):
        raise WrongValue(_("At most %(most)s characters.") % {"most": item.length or LONGEST})
    if item.code_list and formed not in {one["value"] for one in item.code_list}:
        raise WrongValue(_("This value is not in the list of codes."))
    return formed


def _line(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValue(_("This must be a text."))
    return clean_line(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValue(_("This must be a text."))
    return clean_lines(value)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongValue(_("This must be a whole number."))
    return value


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 10**15:  # noqa: PLR0124 - NaN is not itself
        raise WrongValue(_("This must be a number."))
    return value


def _logical(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongValue(_("This must be yes or no."))
    return value


def _day(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as wrong:
        raise WrongValue(_("This must be a date such as 2026-03-31.")) from wrong


def _instant(value: object) -> str:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as wrong:
        raise WrongValue(_("This must be a date with time and zone.")) from wrong
    if found.tzinfo is None:
        raise WrongValue(_("This must be a date with time and zone."))
    return found.isoformat()


def _anything(value: object) -> object:
    if not can_be_kept(value):
        raise WrongValue(_("This is no JSON that can be kept."))
    return value


_FORMS: Mapping[str, Callable[[object], Any]] = {
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
"""By the type of the national guide. Money is whole fen."""
