"""Fields that are shown as required, and judged by the action, which says what is missing in its own words."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class NeededText(forms.CharField):
    """A text shown as required."""

    def validate(self, value: Any) -> None:  # noqa: ANN401 - Django's signature
        """Let the action judge."""


class NeededChoice(forms.ChoiceField):
    """A choice shown as required; what was never offered is refused here."""

    def validate(self, value: Any) -> None:  # noqa: ANN401 - Django's signature
        """Let the action judge what is empty."""
        if value not in self.empty_values:
            super().validate(value)


def text_field(
    label: "_StrOrPromise", *, hint: "_StrOrPromise" = "", longest: int, rows: int = 0, needed: bool = True
) -> forms.CharField:
    """Return a text field; `rows` makes it one of several lines."""
    return (NeededText if needed else forms.CharField)(
        label=label,
        help_text=hint,
        required=needed,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
        error_messages={"max_length": _("Please write at most %(limit_value)d characters.")},
    )
