"""Forms of the account pages. The rules stand in the actions; forms keep what was typed."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.accounts.actions.signing_up import PRIVACY_NEEDED
from tongban.accounts.models import Guardianship
from tongban.base.identifiers import IDENTITY_KINDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KINDS = [(kind, words) for kind, (_code, words) in IDENTITY_KINDS.items()]
MISSING = {
    "name": _("Please give the name as it stands on the identity paper."),
    "identity_kind": _("Please choose the identity paper."),
    "identity_number": _("Please give the number of the identity paper."),
    "password": _("Please give a password."),
}
RELATIONS = [
    (Guardianship.Relation.PARENT, _("I am the father or mother")),
    (Guardianship.Relation.GRANDPARENT, _("I am a grandparent")),
    (Guardianship.Relation.SPOUSE, _("I am the husband or wife")),
    (Guardianship.Relation.CHILD, _("I am the adult child")),
    (Guardianship.Relation.OTHER, _("I am the guardian in another way")),
]


def _text(
    label: "StrOrPromise",
    *,
    missing: "StrOrPromise" = "",
    hint: "StrOrPromise" = "",
    required: bool = True,
    most: int = 200,
    **attributes: str,
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        strip=True,
        widget=forms.TextInput(attrs=attributes),
        error_messages={"required": missing, "max_length": _("This is too long: at most %(limit_value)d characters.")},
    )


def _password(label: "StrOrPromise", *, hint: "StrOrPromise" = "", new: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
        error_messages={"required": MISSING["password"]},
    )


def _code() -> forms.CharField:
    return _text(
        _("Code"),
        missing=_("Please type the code."),
        most=20,
        autocomplete="one-time-code",
        inputmode="numeric",
        spellcheck="false",
    )


class IdentityForm(forms.Form):
    """Who somebody is, by an identity paper."""

    name = _text(
        _("Name"),
        missing=MISSING["name"],
        hint=_("As on the identity paper, with “·” where it has one"),
        most=200,
        autocomplete="name",
    )
    identity_kind = forms.ChoiceField(
        label=_("Identity paper"),
        choices=KINDS,
        initial="resident_identity_card",
        error_messages={"required": MISSING["identity_kind"], "invalid_choice": MISSING["identity_kind"]},
    )
    identity_number = _text(
        _("Number of the identity paper"),
        missing=MISSING["identity_number"],
        hint=_("Kept sealed; offices and you see it with its middle hidden"),
        most=60,
        autocomplete="off",
        spellcheck="false",
        autocapitalize="characters",
    )


class SignUpForm(IdentityForm):
    """A new account."""

    phone = _text(
        _("Mobile number"),
        hint=_("For signing in and for news of your matters. No mobile phone? Then give an e-mail address."),
        required=False,
        most=40,
        autocomplete="tel",
        type="tel",
    )
    email = _text(_("E-mail address"), required=False, most=254, autocomplete="email", type="email", spellcheck="false")
    password = _password(_("Password"), hint=_("At least 8 characters, not a common word, date or telephone number"))
    electronic_service = forms.ChoiceField(
        label=_("How shall papers reach you?"),
        help_text=_("You can change this at any time under “My account”."),
        choices=[
            ("yes", _("Here, online: I agree to be served papers by electronic means")),
            ("no", _("On paper: by post, or I fetch them at a window")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how papers shall reach you.")},
    )
    privacy_notice = forms.BooleanField(
        label=_("I have read the privacy notice and agree to it"),
        error_messages={"required": PRIVACY_NEEDED},
    )

    @property
    def consents(self) -> set[str]:
        """What was agreed to."""
        given = {"privacy_notice"} if self.cleaned_data.get("privacy_notice") else set()
        return given | ({"electronic_service"} if self.cleaned_data.get("electronic_service") == "yes" else set())


class SignInForm(forms.Form):
    """A name and a password."""

    name = _text(
        _("Mobile number, e-mail address or sign-in name"),
        missing=_("Please give your mobile number, e-mail address or sign-in name."),
        most=254,
        autocomplete="username",
        autocapitalize="none",
        spellcheck="false",
    )
    password = _password(_("Password"), new=False)


class CodeForm(forms.Form):
    """A code that was sent, or that an app shows."""

    code = _code()


class StaffNumberForm(forms.Form):
    """Which official."""

    staff_number = _text(_("Staff number"), missing=_("Please give the staff number."), most=30, autocomplete="off")


class RecoverForm(forms.Form):
    """Where a code for a new password is to be sent."""

    address = _text(
        _("Mobile number or e-mail address of your account"),
        missing=_("Please give the mobile number or the e-mail address of your account."),
        most=254,
        autocomplete="username",
        autocapitalize="none",
        spellcheck="false",
    )


class NewPasswordForm(CodeForm):
    """The code, and a new password."""

    password = _password(
        _("New password"), hint=_("At least 8 characters, not a common word, date or telephone number")
    )


class ChangePasswordForm(forms.Form):
    """The present password and a new one."""

    present = _password(_("Present password"), new=False)
    password = _password(
        _("New password"), hint=_("At least 8 characters, not a common word, date or telephone number")
    )


class PasswordForm(forms.Form):
    """The password once more, before something grave."""

    password = _password(_("Your password"), new=False)


class PhoneForm(forms.Form):
    """A mobile number; empty takes it out."""

    phone = _text(_("Mobile number"), required=False, most=40, autocomplete="tel", type="tel")


class EmailForm(forms.Form):
    """An e-mail address; empty takes it out."""

    email = _text(_("E-mail address"), required=False, most=254, autocomplete="email", type="email", spellcheck="false")


class UsernameForm(forms.Form):
    """Another sign-in name."""

    username = _text(
        _("Sign-in name"),
        missing=_("Please give a sign-in name."),
        hint=_("4 to 60 letters, digits, dots or hyphens; a letter first"),
        most=60,
        autocomplete="username",
        autocapitalize="none",
        spellcheck="false",
    )


class WardForm(IdentityForm):
    """A child or another ward."""

    relation = forms.ChoiceField(
        label=_("What are you to this person?"),
        choices=RELATIONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say what you are to this person.")},
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - Django's signature
        """The person typed is another: the browser must not fill in the reader's own name."""
        super().__init__(*arguments, **named)
        self.fields["name"].widget.attrs["autocomplete"] = "off"


class EnterpriseForm(forms.Form):
    """An enterprise whose legal representative the reader is."""

    name = _text(
        _("Full name of the enterprise"),
        missing=_("Please give the full name as on the business licence."),
        most=300,
        autocomplete="organization",
    )
    credit_code = _text(
        _("Unified social credit code"),
        missing=_("Please give the unified social credit code."),
        hint=_("18 characters, on the business licence"),
        most=60,
        autocomplete="off",
        autocapitalize="characters",
        spellcheck="false",
    )
    address = _text(_("Registered address"), required=False, most=400, autocomplete="off")


class WindowAddressForm(forms.Form):
    """Addresses given at a window."""

    phone = _text(_("Mobile number"), required=False, most=40, autocomplete="off", type="tel")
    email = _text(_("E-mail address"), required=False, most=254, autocomplete="off", type="email")


class WindowEnterpriseForm(EnterpriseForm):
    """The same of somebody else: the clerk's browser must not fill in what it knows."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - Django's signature
        """Switch off completion."""
        super().__init__(*arguments, **named)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
