"""Why posts, leave and mandates were refused."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Invalid, NotFound, Refusal


class NoPost(NotFound):
    """No office is known to do this, and there is no intake post."""

    code = "no_post"
    message = _("No office is set up to take this yet. Please call the service line.")


class OrganisationTaken(Conflict):
    """The name, short address or code belongs to another organisation."""

    code = "organisation_taken"
    message = _("Another organisation has this name, short address or code already.")


class PostTaken(Conflict):
    """A post of this name exists, or another post is the intake post."""

    code = "post_taken"
    message = _("This organisation has a post of this name already, or another post is the intake post.")


class LeaveOverlaps(Conflict):
    """The official is away already on some of these days."""

    code = "leave_overlaps"
    message = _("You have noted leave for some of these days already. Please cancel that one first.")


class DeputyAway(Invalid):
    """The deputy is away too."""

    code = "deputy_away"


class EnterpriseNotYours(NotFound):
    """Only the legal representative names who may act."""

    code = "enterprise_not_yours"


class MandateExists(Conflict):
    """The person may act already."""

    code = "mandate_exists"
    message = _("This person may act for the enterprise already.")


class NotReadable(Refusal):
    """A file to be imported cannot be read at all."""

    status = 422
    code = "not_readable"
    message = _("This file cannot be read.")
