"""What the tests of figures share: two departments, their staff, a resident."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tongban.cases.tests.people import City


@pytest.fixture
def city(db: None) -> "City":
    from tongban.cases.tests.people import make_city

    return make_city()
