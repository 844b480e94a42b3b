"""Why the ledger shows no proof."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, NotFound


class NotSealedYet(Conflict):
    """The event is recorded, and the sealer has not come to it."""

    code = "not_sealed_yet"
    message = _("This was recorded a moment ago. Its proof will be ready in a few seconds. Please try again.")


class NoSuchPlace(NotFound):
    """The ledger has no such tile, event or chain."""

    code = "no_such_place_in_ledger"
    message = _("The ledger has nothing there.")
