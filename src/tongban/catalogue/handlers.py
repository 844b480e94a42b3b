"""Words for this room's events, as histories show them."""

from typing import Literal

from django.utils.translation import gettext as _

from tongban.catalogue.events import (
    HandlingItemCancelled,
    HandlingItemResumed,
    HandlingItemSuspended,
    HandlingVersionPublished,
)
from tongban.ledger.kinds import describe

Reader = Literal["official", "applicant"]


@describe(HandlingVersionPublished)
def published(event: HandlingVersionPublished, reader: Reader) -> str:
    """A version came out."""
    return _("Version %(version)d of the guide was published") % {"version": event.version}


@describe(HandlingItemSuspended)
def suspended(event: HandlingItemSuspended, reader: Reader) -> str:
    """Nobody can begin."""
    return _("The matter was suspended")


@describe(HandlingItemResumed)
def resumed(event: HandlingItemResumed, reader: Reader) -> str:
    """One can begin again."""
    return _("The matter was resumed")


@describe(HandlingItemCancelled)
def cancelled(event: HandlingItemCancelled, reader: Reader) -> str:
    """It is over."""
    return _("The matter was cancelled")
