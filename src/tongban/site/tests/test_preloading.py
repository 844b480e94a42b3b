"""What is loaded before serving processes part: everything that they need, and nothing that does not survive it."""

import gc
import sys
import threading
from collections.abc import Iterator

import pytest

from tongban.site.preloading import preload


@pytest.fixture(autouse=True)
def unfrozen() -> Iterator[None]:
    """Let the collector look at everything again."""
    yield
    gc.unfreeze()


def test_it_loads_the_views_and_opens_nothing() -> None:
    """No test without the mark for it may ask the database: that would fail here."""
    before = set(threading.enumerate())
    preload()
    assert set(threading.enumerate()) <= before, "a thread was started; one of a test before may have ended meanwhile"
    assert {"tongban.cases.web.desk", "tongban.portal.web.home", "tongban.api.mounting"} <= set(sys.modules)
    assert gc.get_freeze_count() > 100_000
