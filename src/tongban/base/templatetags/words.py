"""Filters that put dates, amounts and limits into words a person reads."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.template import Library
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from tongban.base.clock import OFFICE_ZONE
from tongban.base.money import yuan_words
from tongban.base.text import mask

register = Library()


def in_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return (get_language() or "").startswith("zh")


def either(chinese: str, english: str) -> str:
    """Return the words in the reader's language; in Chinese where there is no English."""
    return chinese if in_chinese() or not english else english


@register.filter
def name_words(thing: Any) -> str:  # noqa: ANN401 - whatever has `name` and `name_en`
    """Return the name of something in the reader's language."""
    return either(thing.name, thing.name_en)


@register.filter
def short_name_words(thing: Any) -> str:  # noqa: ANN401 - whatever has `short_name` too
    """Return the short name of an office where it has one; in English its name."""
    return either(thing.short_name or thing.name, thing.name_en)


@register.filter
def listed(parts: Iterable[object]) -> str:
    """Return a list in one line: 甲、乙 or a, b. What is empty is left out."""
    return pgettext("between the parts of a list", ", ").join(str(part) for part in parts if part)


@register.filter
def names_listed(things: Iterable[Any]) -> str:
    """Return the names of people or things in one line."""
    return listed(thing.name for thing in things)


@register.filter
def clauses(parts: Iterable[object]) -> str:
    """Return clauses in one line: 甲；乙 or a; b. What is empty is left out."""
    return pgettext("between clauses", "; ").join(str(part) for part in parts if part)


def where_words(*parts: str) -> str:
    """Return name, address, hours, telephone of a place in one line: 甲，乙 or a, b. What is empty is left out."""
    return pgettext("between name and address", ", ").join(part for part in parts if part)


@register.simple_tag
def list_comma() -> str:
    """Return what stands between the parts of a list, where each part is a link: 、 or a comma and a space."""
    return pgettext("between the parts of a list", ", ")


@register.simple_tag
def colon() -> str:
    """Return what stands between a label and what is said: ： or a colon and a space."""
    return pgettext("after a label", ": ")


def labelled(label: object, said: object) -> str:
    """Return 甲：乙 or a: b; the label alone where nothing is said."""
    return f"{label}{colon()}{said}" if said else str(label)


@register.filter
def bracketed(text: object) -> str:
    """Return （甲） or (a), with the space before it that the language has; nothing for nothing."""
    return pgettext("a remark", " (%(remark)s)") % {"remark": text} if text else ""


@register.filter
def date_words(value: date | datetime | None) -> str:
    """Return 2026年11月23日 or 23 November 2026; an instant is shown as the office's date."""
    if value is None:
        return ""
    day = timezone.localtime(value, OFFICE_ZONE).date() if isinstance(value, datetime) else value
    if in_chinese():
        return f"{day.year}年{day.month}月{day.day}日"
    return formats.date_format(day, "j F Y")


@register.filter
def time_words(value: datetime | None) -> str:
    """Return the office's time of an instant, 15:04."""
    return timezone.localtime(value, OFFICE_ZONE).strftime("%H:%M") if value else ""


@register.filter
def datetime_words(value: datetime | None) -> str:
    """Return 2026年11月23日 15:04 or 23 November 2026, 15:04."""
    if value is None:
        return ""
    gap = " " if in_chinese() else ", "
    return f"{date_words(value)}{gap}{time_words(value)}"


@register.filter
def machine_time(value: date | datetime | None) -> str:
    """Return the value for `<time datetime="…">`."""
    return value.isoformat() if value else ""


@register.filter
def masked_id(value: str | None) -> str:
    """Return an identity number with its middle hidden."""
    return mask(value or "", first=4, last=4) if len(value or "") > 10 else mask(value or "")  # noqa: PLR2004 - short


@register.filter
def masked_phone(value: str | None) -> str:
    """Return a telephone number with its middle hidden: 138****1234."""
    return mask(value or "", first=3, last=4)


@register.filter
def money(fen: int | None) -> str:
    """Return an amount given in fen: 12.00 元 or ¥12.00."""
    if fen is None:
        return ""
    return f"{yuan_words(fen)} 元" if in_chinese() else f"¥{yuan_words(fen)}"


@register.filter
def size_words(size: int | None) -> str:
    """Return a size in bytes as kB or MB, as files are spoken of."""
    if size is None:
        return ""
    if size < 1000 * 1000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB"


def _counted_limit(value: int, unit: str) -> str:
    number = {"number": value}
    match unit:
        case "working_day":
            return ngettext("%(number)d working day", "%(number)d working days", value) % number
        case "calendar_day":
            return ngettext("%(number)d calendar day", "%(number)d calendar days", value) % number
        case "hour":
            return ngettext("%(number)d hour", "%(number)d hours", value) % number
        case "working_hour":
            return ngettext("%(number)d working hour", "%(number)d working hours", value) % number
        case "month":
            return ngettext("%(number)d month", "%(number)d months", value) % number
        case _:
            return _("%(number)d (unit not stated)") % number


@register.filter
def limit_words(value: int | None, unit: str = "") -> str:
    """Return a time limit in words; a unit that nobody stated is never guessed.

    Units: working_day, calendar_day, hour, working_hour, month, on_the_spot, fixed_day.
    """
    if unit == "fixed_day":
        return _("Until a fixed day")
    if unit == "on_the_spot":
        return _("On the spot")
    return _("Not stated") if value is None else _counted_limit(value, unit)
