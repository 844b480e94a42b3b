"""Dates as people write them: in three inputs, as ISO, with points or slashes, 2026年11月23日."""

import re
import unicodedata
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.forms.rules.document import FormField
from tongban.forms.rules.wrong import WrongAnswer

EARLIEST_YEAR, LATEST_YEAR = 1850, 2199
_PATTERNS = (
    re.compile(r"^(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?$"),
    re.compile(r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})$"),
)


def _digits(typed: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).rstrip("年月日号")


def _split(typed: str | dict[str, str]) -> tuple[str, str, str]:
    if isinstance(typed, dict):
        return _digits(typed.get("year", "")), _digits(typed.get("month", "")), _digits(typed.get("day", ""))
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    for pattern in _PATTERNS:
        if found := pattern.match(text):
            return found["year"], found["month"], found["day"]
    raise WrongAnswer(_("Please give the date as year, month and day, such as 2026-11-23."))


def _missing_words(parts: tuple[str, str, str]) -> str:
    names = (_("the year"), _("the month"), _("the day"))
    missing = [name for part, name in zip(parts, names, strict=True) if not part]
    return _("The date still needs %(parts)s.") % {"parts": pgettext("between parts of a date", " and ").join(missing)}


def read_date(typed: str | dict[str, str]) -> date:
    """Return the date; raises WrongAnswer with a sentence that says which part is wrong."""
    parts = _split(typed)
    if not all(parts):
        raise WrongAnswer(_missing_words(parts))
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):  # noqa: PLR2004 - digits of a year
        raise WrongAnswer(_("Please give the date in digits, such as 2026-11-23."))
    year, month, day = map(int, parts)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise WrongAnswer(_("Please give the year with four digits, such as 2026."))
    try:
        return date(year, month, day)
    except ValueError as wrong:
        raise WrongAnswer(_("This date does not exist. Please look at the month and the day again.")) from wrong


def _bound(bound: object, today: date | None) -> date | None:
    if bound == "today":
        return today
    return date.fromisoformat(bound) if isinstance(bound, str) else None


def date_answer(field: FormField, typed: str | dict[str, str], today: date | None) -> str:
    """Return the date as ISO text, within the field's bounds."""
    day = read_date(typed)
    earliest, latest = _bound(field.minimum, today), _bound(field.maximum, today)
    if earliest and day < earliest:
        if field.minimum == "today":
            raise WrongAnswer(_("This date lies in the past. Please give today or a later day."))
        raise WrongAnswer(_("The date must not be before %(day)s.") % {"day": earliest.isoformat()})
    if latest and day > latest:
        if field.maximum == "today":
            raise WrongAnswer(_("This date lies in the future. Please give today or an earlier day."))
        raise WrongAnswer(_("The date must not be after %(day)s.") % {"day": latest.isoformat()})
    return day.isoformat()
