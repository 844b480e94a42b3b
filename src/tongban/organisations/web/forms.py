"""Forms of mandates and leave."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.base.identifiers import IDENTITY_KINDS
from tongban.base.web.widgets import DatePartsInput

KINDS = [(kind, words) for kind, (_code, words) in IDENTITY_KINDS.items()]
NO_DATE = _("Please give a day that exists: year, month, day.")


class MandateForm(forms.Form):
    """Who may act for an enterprise, and until when."""

    name = forms.CharField(
        label=_("Name of the person"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Please give the name as it stands on the identity paper.")},
    )
    identity_kind = forms.ChoiceField(
        label=_("Identity paper"),
        choices=KINDS,
        initial="resident_identity_card",
        error_messages={"required": _("Please choose the identity paper.")},
    )
    identity_number = forms.CharField(
        label=_("Number of the identity paper"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": _("Please give the number of the identity paper.")},
    )
    valid_until = forms.DateField(
        label=_("Until"),
        help_text=_("The last day; leave it empty for “until I revoke it”"),
        required=False,
        widget=DatePartsInput,
        error_messages={"invalid": NO_DATE},
    )


class LeaveForm(forms.Form):
    """From when until when, and who stands in."""

    first_day = forms.DateField(
        label=_("First day"),
        widget=DatePartsInput,
        error_messages={"required": NO_DATE, "invalid": NO_DATE},
    )
    last_day = forms.DateField(
        label=_("Last day"),
        widget=DatePartsInput,
        error_messages={"required": NO_DATE, "invalid": NO_DATE},
    )
    deputy = forms.ChoiceField(
        label=_("Who stands in for you?"),
        help_text=_("A colleague of your office. They see and do the tasks of your posts on these days."),
        error_messages={
            "required": _("Please choose a colleague of your office."),
            "invalid_choice": _("Please choose a colleague of your office."),
        },
    )

    def __init__(self, *arguments: Any, colleagues: list[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401 - Django's signature
        """Offer the colleagues."""
        super().__init__(*arguments, **named)
        self.fields["deputy"].choices = [("", _("Please choose")), *colleagues]  # type: ignore[attr-defined]
