"""Why accounts, persons and codes were refused."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Forbidden, Invalid, Refusal, Unavailable


class IdentityTaken(Conflict):
    """An account for this identity paper exists."""

    code = "identity_taken"
    message = _(
        "There is an account for this identity number already. If it is yours, recover it with the phone or e-mail "
        "you gave then. If somebody else used your number, please bring your identity paper to a window."
    )


class IdentityAtWindow(Conflict):
    """A window knows this person; only a window, seeing the paper, opens their account."""

    code = "identity_at_window"
    message = _(
        "A window has served you before under this identity number. To keep your matters safe, a window opens your "
        "account: please bring your identity paper once."
    )


class IdentityHeldByGuardian(Conflict):
    """A guardian acts for this person at present."""

    code = "identity_held_by_guardian"
    message = _(
        "Somebody in your family acts for you under this identity number. Please ask them to end this under “Children "
        "and wards”, or bring your identity paper to a window."
    )


class NameDiffers(Conflict):
    """The identity number is known under another name."""

    code = "name_differs"
    message = _(
        "This name does not go with this identity number. Please compare both with the paper. If they are right, "
        "please bring the paper to a window."
    )


class AddressTaken(Conflict):
    """Another account has shown that the address is theirs."""

    code = "address_taken"
    message = _("Another account uses this address already. Please recover that account, or give another address.")


class UsernameTaken(Conflict):
    """The sign-in name is in use."""

    code = "username_taken"
    message = _("This sign-in name is taken. Please choose another.")


class CodeWrong(Refusal):
    """The code does not fit, is too old, was used, or was tried too often: they read the same."""

    status = 422
    code = "code_wrong"
    message = _("This code does not fit or is no longer good. Please look again, or have a new one sent.")


class SignInRefused(Refusal):
    """Name and password do not go together. Whether the name exists is not said."""

    status = 422
    code = "sign_in_refused"
    message = _("This name and password do not go together. Please look again, or recover your account.")


class NoCarrier(Unavailable):
    """Nothing is there to carry a code."""

    code = "no_carrier"
    message = _("We cannot send codes at the moment. Please try again later, or come to a window.")


class WardHasAccount(Conflict):
    """The person acts for themselves with an account of their own."""

    code = "ward_has_account"
    message = _("This person has an account of their own and applies for themselves.")


class OwnWard(Invalid):
    """Nobody is their own ward."""

    code = "own_ward"


class EnterpriseTaken(Conflict):
    """The enterprise is registered with another legal representative."""

    code = "enterprise_taken"
    message = _(
        "This enterprise has been registered here by somebody else. If you are its legal representative, please bring "
        "the business licence to a window; if not, ask whoever registered it to name you under “Who may act”."
    )


class EnterpriseHeld(EnterpriseTaken):
    """The same at a window, which can hand it over."""

    code = "enterprise_held"
    message = _(
        "This enterprise is registered here with another legal representative. If the business licence before you "
        "names this person, please hand the enterprise over to them."
    )


class RepresentativeNotProven(Conflict):
    """Somebody else may sit at the account of the person who shows the licence."""

    code = "representative_not_proven"
    message = _(
        "Please give this person their account first, with the phone number that they show you. Only then can the "
        "enterprise be handed over to them."
    )


class AlreadyRepresentative(Conflict):
    """There is nothing to hand over."""

    code = "already_representative"
    message = _("This enterprise is registered with this person already.")


class RepresentativeChanged(Conflict):
    """Somebody else has handed it over since the page was opened."""

    code = "representative_changed"
    message = _("Meanwhile the enterprise has been handed over by somebody else. Please look at the page again.")


class NotAResident(Forbidden):
    """Only a person with an account may do this for themselves."""

    code = "not_a_resident"
    message = _("This is for residents. Please sign in with your own account.")


class EnterpriseNameDiffers(Conflict):
    """The credit code is known under another name."""

    code = "enterprise_name_differs"
    message = _("This name does not go with this credit code. Please compare both with the business licence.")


class LastWayIn(Refusal):
    """Without this, the account could not be recovered."""

    status = 409
    code = "last_way_in"
    message = _("Please keep one address: without it you could not get into your account again.")


class SecondFactorNeeded(Forbidden):
    """This account signs in with an authenticator app, and has none yet."""

    code = "second_factor_needed"
    message = _("This account signs in with an authenticator app too. Please sign in on the page and set it up there.")


class SecondFactorStays(Conflict):
    """Whoever must have a second factor does not switch it off."""

    code = "second_factor_stays"
    message = _("Your account signs in with an authenticator app always. For a new phone, choose “Use another app”.")


class KeyNotTurned(Conflict):
    """The index key is not turned over so: a step is missing, or something still needs the old key."""

    code = "key_not_turned"
    message = _("The index key is not turned over so: a step before is missing, or something still needs the old key.")


class PersonsKeptLocked(Conflict):
    """Somebody has kept persons locked for longer than is waited."""

    code = "persons_kept_locked"
    message = _(
        "Somebody keeps persons locked: let what writes there for so long come to its end (an import, a transaction "
        "left open), and run this again; what was done is kept and is not done twice."
    )
