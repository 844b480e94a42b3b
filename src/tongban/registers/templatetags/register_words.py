"""`{% load register_words %}`: types of fields and values of registers in words."""

import json
from datetime import date, datetime
from typing import Any

from django.template import Library
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongban.base.errors import Words
from tongban.base.templatetags.words import date_words, datetime_words

register = Library()
TYPES: dict[str, Words] = {
    "C": pgettext_lazy("type", "Characters"),
    "N": pgettext_lazy("type", "Number"),
    "Y": pgettext_lazy("type", "Money"),
    "D": pgettext_lazy("type", "Date"),
    "T": pgettext_lazy("type", "Date and time"),
    "L": pgettext_lazy("type", "Yes or no"),
    "M": pgettext_lazy("type", "Long text"),
    "G": pgettext_lazy("type", "General"),
    "B": pgettext_lazy("type", "Double precision"),
    "I": pgettext_lazy("type", "Whole number"),
    "F": pgettext_lazy("type", "Floating point"),
}
STEPS: dict[str, Words] = {
    "record": gettext_lazy("Record what is so from a day on"),
    "correct": gettext_lazy("Correct what never was so"),
    "end": gettext_lazy("Note that it has ended"),
}


@register.filter
def type_words(code: str) -> str:
    """Return the type of a field in words."""
    return str(TYPES.get(code, code))


@register.simple_tag
def changing_words(step: str) -> str:
    """Return what a form of the page of one subject does."""
    return str(STEPS[step])


@register.filter
def value_words(value: Any) -> str:  # noqa: ANN401 - a JSON value
    """Return a value of a register as it is read: dates and yes or no in words, nothing as a dash."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str):
        return _day(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _day(text: str) -> str:
    try:
        if len(text) == len("2026-03-31"):
            return date_words(date.fromisoformat(text))
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return datetime_words(instant) if instant.tzinfo else text
