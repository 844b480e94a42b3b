"""What may be done to organisations, posts, leave and mandates."""

from tongban.organisations.actions.bodies import create_organisation, create_post
from tongban.organisations.actions.divisions import import_divisions
from tongban.organisations.actions.holding import appoint, end_appointment
from tongban.organisations.actions.importing import import_organisations
from tongban.organisations.actions.leave import cancel_leave, take_leave
from tongban.organisations.actions.mandates import grant_mandate, hand_over_enterprise, revoke_mandate
from tongban.organisations.actions.report import ImportReport, Problem

__all__ = [
    "ImportReport",
    "Problem",
    "appoint",
    "cancel_leave",
    "create_organisation",
    "create_post",
    "end_appointment",
    "grant_mandate",
    "hand_over_enterprise",
    "import_divisions",
    "import_organisations",
    "revoke_mandate",
    "take_leave",
]
