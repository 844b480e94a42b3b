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


class NotToBeMerged(Conflict):
    """The two are merged already, or are one and the same."""

    code = "not_to_be_merged"
    message = _("These two cannot be merged: they are merged already, or are the same.")
