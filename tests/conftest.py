"""What the tests of the whole house share."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.people import Town


@pytest.fixture
def town(db: None) -> "Town":
    """Return a small town."""
    from tests.people import make_town

    return make_town()
