"""What the tests of "my data" share: a small town whose residents have shown their papers."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tongban.registers.tests.town import Town


@pytest.fixture
def town(db: None) -> "Town":
    """Return a town with a register, somebody in it, and the own-data view."""
    from tongban.sharing.tests.seen import make_seen_town

    return make_seen_town()
