"""Forms of the page of one subject: whom and why, and what is recorded, corrected, ended."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongban.base.identifiers import IDENTITY_KINDS
from tongban.base.templatetags.words import either
from tongban.base.web.widgets import DatePartsInput
from tongban.exchange.rules.calls import About
from tongban.exchange.rules.conditions import WrongCondition, value_of
from tongban.exchange.rules.entries import ItemDraft
from tongban.registers.models import Register

if TYPE_CHECKING:
    from tongban.exchange.models import Grant

KINDS = [(kind, words) for kind, (_pattern, words) in IDENTITY_KINDS.items()]
_PREFIX = "value-"


def _day(label: Any, hint: Any = "", *, needed: bool) -> forms.DateField:  # noqa: ANN401 - lazy words
    sentences = {"required": gettext_lazy("Please give a date."), "invalid": gettext_lazy("There is no such day.")}
    return forms.DateField(
        label=label, help_text=hint, required=needed, widget=DatePartsInput, error_messages=sentences
    )


class AskForm(forms.Form):
    """About whom, by which grant, for which case."""

    identity_kind = forms.ChoiceField(
        label=gettext_lazy("Identity paper"), choices=KINDS, initial="resident_identity_card"
    )
    number = forms.CharField(
        label=pgettext_lazy("identity", "Number"),
        max_length=60,
        error_messages={"required": gettext_lazy("Please type the number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    grant = forms.ChoiceField(
        label=gettext_lazy("For what you ask"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose for what you ask."),
            "invalid_choice": gettext_lazy("Please choose for what you ask."),
        },
    )
    case = forms.CharField(
        label=gettext_lazy("Number of the case"),
        help_text=gettext_lazy("Needed unless the grant says that it holds without a case."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    day = _day(gettext_lazy("As it was on this day"), gettext_lazy("Empty: today."), needed=False)

    def __init__(self, sent: QueryDict | None, register: Register, grants: Sequence["Grant"]) -> None:
        """Offer the grants by which one's offices may ask; enterprises have one kind of number."""
        super().__init__(sent, prefix="ask", initial={"grant": str(grants[0].id)} if len(grants) == 1 else {})
        self.register, self.grants = register, {str(one.id): one for one in grants}
        choosing = self.fields["grant"]
        choosing.choices = [(str(one.id), one.purpose_words) for one in grants]  # type: ignore[attr-defined]
        choosing.option_hints = {str(one.id): _grant_hint(one) for one in grants}  # type: ignore[attr-defined]
        if register.subject_kind != "person":
            del self.fields["identity_kind"]
            self.fields["number"].label = _("Unified social credit code")

    @property
    def chosen(self) -> "Grant":
        """The grant that was chosen."""
        return self.grants[self.cleaned_data["grant"]]

    @property
    def about(self) -> About:
        """Whom it is about."""
        typed = self.cleaned_data
        kind = typed.get("identity_kind") or "resident_identity_card"
        if self.register.subject_kind == "person":
            return About(kind="person", number=typed["number"], identity_kind=kind)
        return About(kind="enterprise", number=typed["number"])


def _grant_hint(grant: "Grant") -> str:
    without = grant.get_standing_display() if grant.standing else ""
    return " · ".join(filter(None, (f"{grant.basis_law} {grant.basis_article}", without)))


class ValuesForm(forms.Form):
    """Values of a record by the fields of the schema."""

    def __init__(self, sent: QueryDict | None, fields: Sequence[ItemDraft], *, prefix: str) -> None:
        """Ask for each field by its type."""
        super().__init__(sent, prefix=prefix)
        self.items = {item.code: item for item in fields}
        for item in fields:
            self.fields[_PREFIX + item.code] = _field_for(item)

    def values(self) -> dict[str, Any]:
        """Return what was typed with its types; adds sentences beside the fields that are wrong."""
        found: dict[str, Any] = {}
        for code, item in self.items.items():
            typed = str(self.cleaned_data.get(_PREFIX + code) or "").strip()
            if not typed:
                continue
            try:
                found[code] = _value(item, typed)
            except WrongCondition as wrong:
                self.add_error(_PREFIX + code, str(wrong))
        return found

    def take_in(self, wrong: Mapping[str, Iterable[str]]) -> None:
        """Show what the action found wrong, beside the fields where it can be."""
        for name, sentences in wrong.items():
            field = next((one for one in (_PREFIX + name, name) if one in self.fields), None)
            for sentence in sentences:
                self.add_error(field, sentence)


def _field_for(item: ItemDraft) -> forms.Field:
    label = either(item.name, item.name_en)
    if item.code_list:
        choices = [("", "—"), *((str(one["value"]), str(one.get("label") or one["value"])) for one in item.code_list)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if item.type == "L":
        return forms.ChoiceField(
            label=label, choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))], required=False
        )
    if item.type == "D":
        return forms.DateField(
            label=label, required=False, widget=DatePartsInput, error_messages={"invalid": _("There is no such day.")}
        )
    widget = forms.Textarea(attrs={"rows": 3}) if item.type in {"M", "G"} else forms.TextInput()
    hint = _("In fen") if item.type == "Y" else ""
    return forms.CharField(label=label, help_text=hint, required=False, max_length=4000, widget=widget)


def _value(item: ItemDraft, typed: str) -> Any:  # noqa: ANN401 - a JSON value
    """Return what was typed as the register keeps it; a code of the list as it stands there."""
    for one in item.code_list:
        if str(one["value"]) == typed:
            return one["value"]
    return value_of(item, typed)


class RecordForm(ValuesForm):
    """What is so from a day on."""

    valid_from = _day(gettext_lazy("From this day on"), needed=True)
    key = forms.CharField(
        label=gettext_lazy("Key of the record"),
        help_text=gettext_lazy("Only where somebody has several: the number of a certificate, of a job."),
        max_length=60,
        required=False,
    )


class CorrectForm(ValuesForm):
    """What never was so. Fields left empty stay as they are."""

    on = _day(gettext_lazy("A day on which it is wrong"), needed=True)
    key = forms.CharField(label=gettext_lazy("Key of the record"), max_length=60, required=False)

    def values(self) -> dict[str, Any]:
        """Return what is corrected: something must be."""
        found = super().values()
        if not found and not self.errors:
            self.add_error(None, _("Please fill in at least one field that is to be corrected."))
        return found


class EndForm(forms.Form):
    """From when on it is so no longer."""

    valid_to = _day(gettext_lazy("From this day on it is so no longer"), needed=True)
    key = forms.CharField(label=gettext_lazy("Key of the record"), max_length=60, required=False)

    def take_in(self, wrong: Mapping[str, Iterable[str]]) -> None:
        """Show what the action found wrong."""
        for name, sentences in wrong.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
