"""The form in which a wording is edited."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Invalid
from tongban.base.text import clean_line, clean_lines
from tongban.papers.rules import Text

LONGEST = 20_000
_TOO_LONG = {"max_length": _("Please write at most %(limit_value)d characters.")}


class NeededText(forms.CharField):
    """A text shown as required. Whether it is there is judged by the action, which says so in its own words."""

    def validate(self, value: Any) -> None:  # noqa: ANN401 - Django's signature
        """Let the action judge."""


def _area(label: object, hint: object, rows: int, *, needed: bool = True) -> forms.CharField:
    return (NeededText if needed else forms.CharField)(
        label=label,  # type: ignore[arg-type]  # lazy words
        help_text=hint,  # type: ignore[arg-type]  # lazy words
        required=needed,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=_TOO_LONG,
    )


class WordingForm(forms.Form):
    """Paragraphs with blank lines between them, in both languages. Whether they will do is judged by the action."""

    paragraphs = _area(_("Text in Chinese"), _("A blank line between two paragraphs."), 12)
    remarks = _area(
        _("Remarks in Chinese"), _("They stand at the foot of the paper; a blank line between two."), 3, needed=False
    )
    paragraphs_en = _area(_("Text in English"), _("The courtesy translation for who has chosen English."), 12)
    reason = NeededText(
        label=_("Why is the wording changed?"),
        help_text=_("It stands in the history of the wording."),
        max_length=300,
        error_messages=_TOO_LONG,
    )
    case_number = forms.CharField(
        label=_("Preview with a case of yours"),
        help_text=_("The number of a case that you may see; empty: with sample values."),
        required=False,
        max_length=40,
    )
    after_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def texts(self) -> dict[str, Text]:
        """Return what was typed, by language."""
        typed = self.cleaned_data
        return {
            "zh-hans": Text(_parts(typed["paragraphs"]), _parts(typed["remarks"])),
            "en": Text(_parts(typed["paragraphs_en"])),
        }

    def line(self, name: str) -> str:
        """Return what was typed into a line."""
        return clean_line(str(self.cleaned_data.get(name) or ""))

    def take_in(self, invalid: Invalid) -> None:
        """Show the sentences of a refusal beside their fields."""
        for name, sentences in invalid.fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def _parts(typed: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, re.split(r"\n\s*\n", clean_lines(typed)))))


def as_typed(texts: Mapping[str, Text]) -> dict[str, str]:
    """Return texts as the form shows them."""
    chinese, english = texts["zh-hans"], texts["en"]
    return {
        "paragraphs": "\n\n".join(chinese.paragraphs),
        "remarks": "\n\n".join(chinese.remarks),
        "paragraphs_en": "\n\n".join(english.paragraphs),
    }
