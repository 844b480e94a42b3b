"""What several tests of operating need."""

from collections.abc import Iterator

import pytest

from tests.operate.ring import Ring, index_keys


@pytest.fixture
def ring() -> Iterator[Ring]:
    """The index keys, of which this thread knows the first."""
    with index_keys() as keys:
        yield keys
