"""The turn of an index key, step by step."""

from tests.operate.ring import Ring
from tongban.accounts import actions
from tongban.cases.tests.people import NOW


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
