"""Forms of "my data". What must be there is judged by the actions; the forms keep what was typed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Invalid
from tongban.base.identifiers import IDENTITY_KINDS
from tongban.base.web.fields import NeededChoice, text_field
from tongban.sharing.actions.asking import LONGEST, LONGEST_VALUE
from tongban.sharing.actions.settling import CORRECTED, RIGHT_ALREADY

LONGEST_REASONS = 6000
KINDS = [(kind, words) for kind, (_code, words) in IDENTITY_KINDS.items()]


class Kept(forms.Form):
    """A form that shows the sentences of a refusal beside its fields."""

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        """Keep what was typed."""
        super().__init__(data, use_required_attribute=False, **kwargs)

    def take_in(self, invalid: Invalid) -> None:
        """Show the sentences of a refusal."""
        for name, sentences in invalid.fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)

    def text(self, name: str) -> str:
        """Return what was typed."""
        return str(self.cleaned_data.get(name) or "")


class AskForm(Kept):
    """A question about a look-up, or an objection to it."""

    kind = NeededChoice(
        label=_("What do you want?"),
        choices=[
            ("question", _("I want it explained: why was this looked up?")),
            ("objection", _("I object: I think this should not have been looked up")),
        ],
        widget=forms.RadioSelect,
    )
    words = text_field(
        _("In your own words"), hint=_("The office that looked reads this and answers you."), longest=LONGEST, rows=5
    )


class CorrectForm(Kept):
    """That a value is not right."""

    wanted = text_field(_("What should stand there?"), longest=LONGEST_VALUE)
    words = text_field(
        _("Why, and what shows it?"),
        hint=_("For example: the number of a document, the day of a move. The office may ask you for the document."),
        longest=LONGEST,
        rows=4,
    )


class PresentForm(Kept):
    """Who is present, by the identity document on the desk."""

    name = text_field(_("Name"), longest=200)
    identity_kind = forms.ChoiceField(label=_("Identity document"), choices=KINDS, initial=next(iter(IDENTITY_KINDS)))
    identity_number = text_field(_("Number of the document"), longest=60)


class SettleForm(Kept):
    """The steward puts the register right, or says why it stays as it is."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = NeededChoice(
        label=_("Result of the check"),
        choices=[
            (CORRECTED, _("The person is right: put the register right")),
            (RIGHT_ALREADY, _("The register is right: it stays as it is")),
        ],
        widget=forms.RadioSelect,
    )
    value = text_field(
        _("What stands in the register from now on"),
        hint=_("As the register writes it: a date as 2026-03-31, an amount in yuan. Empty: nothing stands there."),
        longest=LONGEST_VALUE,
        needed=False,
    )
    reasons = text_field(_("Reasons"), hint=_("The person is sent them."), rows=4, longest=LONGEST_REASONS)
    legal_basis = text_field(
        _("Legal ground"), hint=_("Needed where the register stays as it is."), rows=2, longest=4000, needed=False
    )
