"""What several tests of operating need."""

from collections.abc import Iterator

import pytest

from tests.operate.test_keys import Ring
from tests.operate.turning import index_keys


@pytest.fixture
def ring() -> Iterator[Ring]:
    """The index keys, of which this thread knows the first."""
    with index_keys() as keys:
        yield keys
