"""What the tests of exchange share: a small town."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tongban.exchange.tests.outside import Outside
    from tongban.registers.tests.town import Town


@pytest.fixture
def town(db: None) -> "Town":
    """Return a town with a register and somebody in it."""
    from tongban.registers.tests.town import make_town

    return make_town()


@pytest.fixture
def outside(town: "Town") -> "Iterator[Outside]":
    """Return a town with a resource that is read elsewhere."""
    from tongban.exchange.tests.outside import begin_anew, make_outside

    begin_anew()
    yield make_outside(town)
    begin_anew()
