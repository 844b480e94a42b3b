"""What the tests of applications share: a small town."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tongban.applications.tests.people import Town


@pytest.fixture
def town(db: None) -> "Town":
    """A town in which one can apply."""
    from tongban.applications.tests.people import make_town

    return make_town()
