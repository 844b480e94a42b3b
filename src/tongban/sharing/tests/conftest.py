"""What the tests of sharing use: towns whose residents have shown their papers, and offices that ask each other."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tongban.registers.tests.town import Town
    from tongban.sharing.tests.offices import Offices


@pytest.fixture
def town(db: None) -> "Town":
    """Return a town with a register, somebody in it, and the own-data view."""
    from tongban.sharing.tests.seen import make_seen_town

    return make_seen_town()


@pytest.fixture
def offices(db: None) -> "Offices":
    """Return a town in which one office asks, one gives, and the service centre coordinates."""
    from tongban.sharing.tests.offices import make_offices

    return make_offices()
