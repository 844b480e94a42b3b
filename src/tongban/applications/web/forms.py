"""Django forms of the pages around the designed form: applicant, delivery, declaration, window."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.applications.queries import Choice
from tongban.base.identifiers import (
    IDENTITY_KINDS,
    WrongIdentifier,
    credit_code,
    identity_number,
    phone_number,
)
from tongban.base.templatetags.words import labelled
from tongban.base.text import clean_line

if TYPE_CHECKING:
    from tongban.cases.models import Result
    from tongban.catalogue.queries import SituationQuestion


WHO_APPLIES = (("person", _("A person")), ("enterprise", _("An enterprise")))


class SituationFields(forms.Form):
    """Adds a radio question for each situation of a guide."""

    def add_situations(
        self, situations: Iterable["SituationQuestion"], answered: Mapping[str, str], *, english: bool
    ) -> None:
        """Ask each question; answers already given on the guide are chosen."""
        for question in situations:
            field = forms.ChoiceField(
                label=(question.title_en if english else "") or question.title,
                help_text=(question.hint_en if english else "") or question.hint,
                choices=[
                    (option.value, (option.label_en if english else "") or option.label) for option in question.options
                ],
                widget=forms.RadioSelect,
                initial=answered.get(question.key),
                required=not question.condition,
                error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose what fits you.")),
            )
            self.fields[f"situation_{question.key}"] = field

    def situation(self) -> dict[str, str]:
        """Return the answers by the question's key."""
        return {
            name.removeprefix("situation_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("situation_") and value
        }


class ApplicantForm(SituationFields):
    """For whom somebody applies, in which situation, and which earlier result is renewed or changed."""

    applicant = forms.ChoiceField(
        label=_("For whom do you apply?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose for whom you apply.")),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        choices: Sequence[Choice],
        situations: Iterable["SituationQuestion"],
        answered: Mapping[str, str],
        predecessors: Sequence["Result"] = (),
        english: bool = False,
    ) -> None:
        """Offer only those for whom the actor may act."""
        super().__init__(data)
        words = {"self": _("For myself"), "ward": _("For my child or ward"), "enterprise": _("For the enterprise")}
        field = self.fields["applicant"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.value, labelled(words[one.kind], one.name)) for one in choices]
        if len(choices) == 1:
            field.initial = choices[0].value
        self.add_situations(situations, answered, english=english)
        if predecessors:
            self.fields["predecessor"] = forms.ChoiceField(
                label=_("Which one do you want to renew or change?"),
                choices=[(str(one.id), f"{one.name} {one.number}") for one in predecessors]
                + [("", _("It is not in this list"))],
                widget=forms.RadioSelect,
                required=False,
            )

    def predecessor(self) -> UUID | None:
        """Return the result that is renewed or changed."""
        chosen = self.cleaned_data.get("predecessor")
        return UUID(chosen) if chosen else None


class DeliveryForm(forms.Form):
    """How the result should reach the applicant. What is right is reckoned by `rules.check_delivery`."""

    way = forms.ChoiceField(
        label=_("How should the result reach you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how the result should reach you.")},
    )
    recipient = forms.CharField(label=_("Recipient"), required=False, max_length=100)
    phone = forms.CharField(label=_("Telephone of the recipient"), required=False, max_length=30)
    address = forms.CharField(
        label=_("Address"),
        help_text=_("District, street, number, building, room."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, electronic: bool, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        """Offer the way online only to those who agreed to service by electronic means."""
        super().__init__(data, **kwargs)
        online = [("online", _("Online: look at it and download it here"))] if electronic else []
        field = self.fields["way"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                *online,
                ("window", _("At the window: bring your identity paper")),
                ("post", _("By post to my address")),
            ]
        for name in ("recipient", "phone", "address"):
            self.fields[name].shown_when = ("way", ("post",))  # type: ignore[attr-defined]  # read by ui_field


class DeclarationForm(forms.Form):
    """The declaration before submitting."""

    declared = forms.BooleanField(
        label=_("I declare that what I have stated and handed in is true, and that I answer for it in law."),
        error_messages={"required": _("Please confirm the declaration before you submit.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class WindowForm(SituationFields):
    """A clerk takes a matter in: who came, whose identity was seen, for whom."""

    applicant_kind = forms.ChoiceField(
        label=_("Who applies?"),
        choices=WHO_APPLIES,
        widget=forms.RadioSelect,
        initial="person",
    )
    name = forms.CharField(label=_("Name of the applicant, or of who came for the enterprise"), max_length=100)
    identity_kind = forms.ChoiceField(
        label=_("Identity paper"), choices=[(kind, words) for kind, (_code, words) in IDENTITY_KINDS.items()]
    )
    identity_number = forms.CharField(label=_("Number of the identity paper"), max_length=40)
    phone = forms.CharField(
        label=_("Telephone"), required=False, max_length=30, help_text=_("Leave empty if there is none.")
    )
    enterprise_name = forms.CharField(label=_("Name of the enterprise"), required=False, max_length=200)
    credit_code = forms.CharField(label=_("Unified social credit code"), required=False, max_length=40)
    by_proxy = forms.ChoiceField(
        label=_("Did somebody else come in the applicant's place?"),
        choices=[("no", _("No, the applicant came")), ("yes", _("Yes, a proxy came"))],
        widget=forms.RadioSelect,
        initial="no",
    )
    proxy_name = forms.CharField(label=_("Name of the proxy"), required=False, max_length=100)
    proxy_identity_kind = forms.ChoiceField(
        label=_("Identity paper of the proxy"),
        choices=[(kind, words) for kind, (_code, words) in IDENTITY_KINDS.items()],
        required=False,
    )
    proxy_identity_number = forms.CharField(
        label=_("Number of the proxy's identity paper"), required=False, max_length=40
    )
    proxy_authority = forms.CharField(
        label=_("Letter of authority"),
        required=False,
        max_length=200,
        help_text=_("What was shown, by whom it was signed, and when."),
    )
    identity_seen = forms.BooleanField(
        label=_(
            "I have seen the original identity paper, or, where it is lost, other papers that prove who the person is."
        ),
        error_messages={"required": _("Please confirm that you have made sure who the person is.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        audiences: Sequence[str],
        situations: Iterable["SituationQuestion"],
        english: bool = False,
    ) -> None:
        """Ask only for the kinds of applicant that the item is for."""
        super().__init__(data)
        kinds = self.fields["applicant_kind"]
        if isinstance(kinds, forms.ChoiceField):
            kinds.choices = [(kind, words) for kind, words in WHO_APPLIES if kind in audiences]
            kinds.initial = audiences[0]
        for name in ("enterprise_name", "credit_code"):
            self.fields[name].shown_when = ("applicant_kind", ("enterprise",))  # type: ignore[attr-defined]
        for name in ("proxy_name", "proxy_identity_kind", "proxy_identity_number", "proxy_authority"):
            self.fields[name].shown_when = ("by_proxy", ("yes",))  # type: ignore[attr-defined]
        self.add_situations(situations, {}, english=english)

    def clean(self) -> dict[str, Any]:
        """Check the numbers by their check digits, each beside its field."""
        cleaned = super().clean() or {}
        self._check_identity("identity_kind", "identity_number")
        if cleaned.get("phone"):
            self._put("phone", phone_number)
        if cleaned.get("applicant_kind") == "enterprise":
            self._need("enterprise_name", _("Please give the name of the enterprise."))
            self._put("credit_code", credit_code)
        if cleaned.get("by_proxy") == "yes":
            self._need("proxy_name", _("Please give the name of the proxy."))
            self._need("proxy_authority", _("Please note which letter of authority was shown."))
            self._check_identity("proxy_identity_kind", "proxy_identity_number")
        return cleaned

    def _need(self, name: str, words: Any) -> None:  # noqa: ANN401 - lazy text
        if not clean_line(str(self.cleaned_data.get(name) or "")):
            self.add_error(name, words)

    def _check_identity(self, kind_name: str, number_name: str) -> None:
        kind = self.cleaned_data.get(kind_name)
        if kind:
            self._put(number_name, lambda typed: identity_number(str(kind), typed))

    def _put(self, name: str, check: Any) -> None:  # noqa: ANN401 - a function of text
        try:
            self.cleaned_data[name] = check(str(self.cleaned_data.get(name) or ""))
        except WrongIdentifier as wrong:
            self.add_error(name, str(wrong.words))

    def proxy(self) -> dict[str, str] | None:
        """Return who came in the applicant's place."""
        if self.cleaned_data.get("by_proxy") != "yes":
            return None
        return {
            name: str(self.cleaned_data[f"proxy_{name}"])
            for name in ("name", "identity_kind", "identity_number", "authority")
        }


class HandOverForm(forms.Form):
    """What the business licence says, and that it was seen. `former` is whom the page has shown to hold it."""

    former = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of the enterprise as on the licence"),
        help_text=_("If what is written here differs from the licence, please correct it."),
        max_length=300,
        error_messages={"required": _("Please give the name as on the business licence.")},
    )
    address = forms.CharField(label=_("Address as on the licence"), required=False, max_length=300)
    licence_seen = forms.BooleanField(
        label=_("I have seen the business licence; it names this person as the legal representative"),
        error_messages={"required": _("Please look at the business licence first.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, registered: dict[str, Any]) -> None:
        """`registered` is what stands there now. The clerk's browser must not fill in what it knows."""
        super().__init__(data, initial=registered, use_required_attribute=False)
        for name in ("name", "address"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
