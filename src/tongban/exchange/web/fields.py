"""Fields of stewards' forms that more than one page has."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.base.web.fields import WholeNumber, text_field


def line(
    label: Any,  # noqa: ANN401 - lazy words
    hint: Any = "",  # noqa: ANN401 - lazy words
    *,
    longest: int,
    needed: bool = False,
    rows: int = 0,
    initial: str = "",
) -> forms.CharField:
    """Return a text field, mostly not required; `rows`: of several lines."""
    return text_field(label, hint=hint, longest=longest, rows=rows, needed=needed, initial=initial)


def whole(label: Any, hint: Any = "", *, most: int, needed: bool = False) -> WholeNumber:  # noqa: ANN401 - lazy words
    """Return a field for a whole number from 1 on."""
    return WholeNumber(
        label=label,
        help_text=hint,
        required=needed,
        min_value=1,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Please fill this in."),
            "invalid": _("Please write a whole number."),
            "min_value": _("Please write a whole number from 1 on."),
            "max_value": _("Please write at most %(limit_value)d."),
        },
    )
