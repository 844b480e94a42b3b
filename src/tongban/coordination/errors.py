"""Why supervision refused something."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Forbidden, Invalid


class NotComplete(Invalid):
    """Something is missing; `fields` says what."""

    code = "not_complete"


class OnlyTheCentre(Forbidden):
    """The rules are those of the whole jurisdiction."""

    code = "only_the_centre"
    message = _("Only supervisors of the service centre may change the rules.")


class RulesChanged(Conflict):
    """Somebody published another version meanwhile."""

    code = "rules_changed"
    message = _("Somebody has published another version meanwhile. Please compare again.")


class OrderOpen(Conflict):
    """A case has one open order at a time."""

    code = "order_open"
    message = _("A supervision order for this case is open already.")


class NotYourTurn(Conflict):
    """The order has been answered, or judged, meanwhile."""

    code = "not_your_turn"
    message = _("This supervision order has moved on meanwhile.")


class SettledAlready(Conflict):
    """The warning no longer stands."""

    code = "settled_already"
    message = _("This warning no longer stands.")
