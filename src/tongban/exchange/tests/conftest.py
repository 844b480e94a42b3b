"""What the tests of exchange share: a small town."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tongban.registers.tests.town import Town


@pytest.fixture
def town(db: None) -> "Town":
    """Return a town with a register and somebody in it."""
    from tongban.registers.tests.town import make_town

    return make_town()
