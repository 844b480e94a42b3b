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


@pytest.fixture(autouse=True)
def _steps_without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Watch the limits of whole cases alone: a test that is about late steps asks for the shipped process."""
    from tongban.cases.tests import people

    monkeypatch.setattr(people, "default_process", people.process_without_limits)
