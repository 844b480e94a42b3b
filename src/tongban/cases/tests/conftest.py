"""What the tests of cases share: two departments, their staff, a resident."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tongban.cases.tests.people import City


@pytest.fixture
def city(db: None) -> "City":
    """A city with two departments."""
    from tongban.cases.tests.people import make_city

    return make_city()


@pytest.fixture
def steps_without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let cases have the clocks of the whole alone, for tests that are about these."""
    from tongban.cases.tests import people

    monkeypatch.setattr(people, "default_process", people.process_without_limits)
