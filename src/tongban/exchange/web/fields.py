"""Fields of stewards' forms that more than one page has."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.base.text import narrow


class NeededText(forms.CharField):
    """A text shown as required. Whether it is there is judged by the rules, which say so in their own words."""

    def validate(self, value: Any) -> None:  # noqa: ANN401 - Django's signature
        """Let the rules judge."""


class Whole(forms.IntegerField):
    """A whole number as people write it: １５."""

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Take full-width digits."""
        return super().to_python(narrow(str(value or "")).strip())


def line(
    label: Any,  # noqa: ANN401 - lazy words
    hint: Any = "",  # noqa: ANN401 - lazy words
    *,
    longest: int,
    needed: bool = False,
    rows: int = 0,
    initial: str = "",
) -> forms.CharField:
    """Return a text field; `rows`: of several lines."""
    return (NeededText if needed else forms.CharField)(
        label=label,
        help_text=hint,
        required=needed,
        max_length=longest,
        initial=initial,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
        error_messages={"max_length": _("Please write at most %(limit_value)d characters.")},
    )


def whole(label: Any, hint: Any = "", *, most: int, needed: bool = False) -> Whole:  # noqa: ANN401 - lazy words
    """Return a field for a whole number from 1 on."""
    return Whole(
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
