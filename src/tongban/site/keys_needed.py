"""Keys that something still needs and that the configuration does not name."""

import sys
from collections.abc import Iterator

import psycopg

from tongban.base import sealing
from tongban.site.configuration import Configuration


def keys_left_out(known: Configuration) -> Iterator[str]:
    """Say which data keys are missing, and for what. Reads all that is sealed, so only where a number was left out."""
    missing = set(range(1, max(known.data_keys))) - known.data_keys.keys()
    if known.database is None or not missing:
        return
    try:
        with psycopg.connect(known.database.owner.address, connect_timeout=5, prepare_threshold=None) as login:
            found = sealing.sealed_under(login.cursor())
    except psycopg.Error as silent:
        sys.stderr.write(f"Under which keys data lie could not be looked at: {type(silent).__name__}\n")
        return
    for number in sorted({number for numbers in found.values() for number in numbers} - known.data_keys.keys()):
        places = [f"{name} ({numbers[number]:,})" for name, numbers in found.items() if number in numbers]
        yield (
            f"TONGBAN_DATA_KEYS lacks key {number}: without it nobody reads {', '.join(places)}. Give it, and run "
            "`tongban keys seal-anew`."
        )
