from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import translation

from tongban.base.clock import OFFICE_ZONE

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=OFFICE_ZONE)
DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[4].parent / "shared" / "data"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def shared() -> Path:
    """Real data that is no part of the product."""
    if not SHARED.is_dir():
        pytest.skip("the real guides of ../shared/data are not here")
    return SHARED
