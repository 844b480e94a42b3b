"""Index keys for the tests of their turn, and the turn itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from tests.operate.test_keys import Ring
from tongban.accounts import actions
from tongban.cases.tests.people import NOW

NEW, NEXT = b"n" * 32, b"x" * 32


@contextmanager
def index_keys() -> Iterator[Ring]:
    """Give the key of the tests as the first, until a test says more."""
    kept = settings.TONGBAN_INDEX_KEYS
    settings.TONGBAN_INDEX_KEYS = Ring(_1=kept[1], _2=NEW, _3=NEXT)
    settings.TONGBAN_INDEX_KEYS.know(1)
    try:
        yield settings.TONGBAN_INDEX_KEYS
    finally:
        settings.TONGBAN_INDEX_KEYS = kept


def fill() -> None:
    """Index everybody anew, as `tongban keys turn-index` does."""
    actions.begin_turn(now=NOW)
    sum(actions.index_anew())
    actions.end_filling(now=NOW)


def turn(ring: Ring) -> None:
    """Turn the key over, to its end; this thread knows the new one alone."""
    ring.know(1, 2)
    fill()
    actions.retire_index_key()
    ring.know(2)
