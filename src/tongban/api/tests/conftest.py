"""What the tests of the API share: a small town."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tongban.api.tests.town import Town


@pytest.fixture
def town(db: None) -> "Town":
    """A town in which everything can be done over the API."""
    from tongban.api.tests.town import make_town

    return make_town()
