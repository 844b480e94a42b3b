"""Fields that are shown as required, and judged by the action, which says what is missing in its own words."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.base.text import narrow

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class NeededText(forms.CharField):
    """A text shown as required. Whether it is there is judged by the action, which says so in its own words."""

    def validate(self, value: Any) -> None:  # noqa: ANN401 - Django's signature
        """Let the action judge."""


class NeededChoice(forms.ChoiceField):
    """A choice shown as required, judged by the action when it is empty."""

    def validate(self, value: Any) -> None:  # noqa: ANN401 - Django's signature
        """Refuse what was never offered."""
        if value not in self.empty_values:
            super().validate(value)


class NeededAmount(forms.DecimalField):
    """An amount in yuan shown as required, judged by the action when it is empty."""

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Take amounts as people write them: １２０．５, 1,200, ¥120, 120元."""
        return super().to_python(narrow(str(value or "")).removeprefix("¥").removesuffix("元").replace(",", ""))

    def validate(self, value: Any) -> None:  # noqa: ANN401 - Django's signature
        """Refuse what is no amount."""
        if value not in self.empty_values:
            super().validate(value)


def text_field(
    label: "_StrOrPromise",
    *,
    hint: "_StrOrPromise" = "",
    longest: int,
    rows: int = 0,
    needed: bool = True,
    initial: str = "",
) -> forms.CharField:
    """Return a text field; `rows` makes it one of several lines."""
    return (NeededText if needed else forms.CharField)(
        label=label,
        help_text=hint,
        required=needed,
        max_length=longest,
        initial=initial,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
        error_messages={"max_length": _("Please write at most %(limit_value)d characters.")},
    )


class WholeNumber(forms.IntegerField):
    """A whole number as people write it: １５."""

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Take full-width digits."""
        return super().to_python(narrow(str(value or "")).strip())


class NeededNumber(WholeNumber):
    """A number shown as required, judged by the action when it is empty."""

    def validate(self, value: Any) -> None:  # noqa: ANN401 - Django's signature
        """Let the action judge what is empty."""
