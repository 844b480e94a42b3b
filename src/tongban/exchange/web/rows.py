"""Forms with rows that buttons add, move and take out by sending the form: no script, and nothing typed is lost."""

from typing import Any

from django import forms
from django.http import QueryDict

_LONGEST_NUMBER = 3


def number_sent(sent: QueryDict, name: str) -> int:
    """Return how many rows were sent; 0 where that is no number."""
    return max(_whole(str(sent.get(name, ""))), 0)


def raw(form: type[forms.Form], sent: QueryDict, prefix: str) -> dict[str, Any]:
    """Return what was sent for a form as it was typed, judged by nobody."""
    return {
        name: field.widget.value_from_datadict(sent, {}, f"{prefix}-{name}") for name, field in form.base_fields.items()
    }


def changed(rows: list[dict[str, Any]], step: str, *, most: int) -> list[dict[str, Any]]:
    """Return the rows after a button: one more, one less, one further up."""
    what, _dash, place = step.partition("-")
    at = _whole(place)
    if what == "add" and len(rows) < most:
        return [*rows, {}]
    if not 0 <= at < len(rows):
        return rows
    if what == "remove":
        return [*rows[:at], *rows[at + 1 :]]
    if what == "up" and at:
        return [*rows[: at - 1], rows[at], rows[at - 1], *rows[at + 1 :]]
    return rows


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else -1
