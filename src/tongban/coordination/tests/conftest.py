"""What the tests of supervision share."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tongban.cases.tests.people import City


@pytest.fixture
def city(db: None) -> "City":
    """A city with two departments."""
    from tongban.cases.tests.people import make_city

    return make_city()
