"""Keys that something still needs and that the configuration does not name."""

import sys
from collections.abc import Iterator

import psycopg

from tongban.site.configuration import Configuration


def index_keys_left_out(known: Configuration) -> Iterator[str]:
    """Say which index keys are missing: people would not be found, and taken in again. Asks one small table."""
    if known.database is None:
        return
    try:
        with psycopg.connect(known.database.app.address, connect_timeout=5, prepare_threshold=None) as login:
            rows = login.execute("SELECT number FROM accounts_indexkey").fetchall()
    except psycopg.Error:  # not there, or of a release before: whoever serves says so in its own words
        return
    for number in sorted(({row[0] for row in rows} or {1}) - known.index_keys.keys()):
        yield (
            f"TONGBAN_INDEX_KEY lacks key {number}, which people are found by: give it, and see `tongban keys status` "
            "for when it may be left out."
        )


def keys_left_out(known: Configuration) -> Iterator[str]:
    """Say which data keys are missing, and for what. Reads all that is sealed, so only where a number was left out."""
    from tongban.base import sealing  # noqa: PLC0415 - rooms may be imported only once Django is set up

    missing = set(range(1, max(known.data_keys))) - known.data_keys.keys()
    if known.database is None or not missing:
        return
    try:
        with psycopg.connect(known.database.owner.address, connect_timeout=5, prepare_threshold=None) as login:
            found = sealing.sealed_under(login.cursor())
    except psycopg.Error as silent:
        sys.stderr.write(f"Under which keys data lie could not be looked at: {type(silent).__name__}\n")
        return
    for number in sorted(
        {number for numbers in found.values() for number in numbers} - known.data_keys.keys() - {sealing.PLAIN}
    ):
        places = [f"{name} ({numbers[number]:,})" for name, numbers in found.items() if number in numbers]
        yield (
            f"TONGBAN_DATA_KEYS lacks key {number}: without it nobody reads {', '.join(places)}. Give it, and run "
            "`tongban keys seal-anew`."
        )
