"""Why a register refused something."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Forbidden, Invalid, NotFound


class NotTheKeeper(Forbidden):
    """Only data stewards of the office that keeps the register write in it."""

    code = "not_the_keeper"
    message = _("Only data stewards of the office that keeps this register may change it.")


class WrongRecord(Invalid):
    """Values, days or subject are wrong; `fields` says which."""

    code = "wrong_record"


class NoSuchRecord(NotFound):
    """Nothing stands on this subject under this key."""

    code = "no_such_record"


class RecordedLater(Conflict):
    """What is known is newer than what is to be written."""

    code = "recorded_later"
    message = _("Something newer has been recorded meanwhile. Please look at it again.")


class NotInForce(Conflict):
    """The entry is not in force, or is another one by now than was looked at."""

    code = "not_in_force"
    message = _("The entry in the catalogue has changed meanwhile, or is not in force. Please look at it again.")


class ReadElsewhere(Conflict):
    """The data of an entry are read in another way already."""

    code = "read_elsewhere"
    message = _("It is said already where these data are read: no second register is made of them.")


class NothingNew(Conflict):
    """The register holds what its entry says already."""

    code = "nothing_new"
    message = _("The register holds already what its entry says.")


class NotToBeMerged(Conflict):
    """The two are merged already, or are one and the same."""

    code = "not_to_be_merged"
    message = _("These two cannot be merged: they are merged already, or are the same.")
