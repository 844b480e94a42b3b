"""psycopg remembers how it took a statement apart: 128 of them, of 4 kB and 50 values at most.

What a page asks is compiled once and sent together, in messages of up to 16 kB; taken apart anew they cost half a
millisecond each. So it may remember more of them, and larger ones.
"""

from functools import lru_cache

from psycopg import _queries

REMEMBERED = 1024
LONGEST = 32 * 1024
MOST_VALUES = 256


def remember_more() -> None:
    """Widen what psycopg remembers."""
    _queries.MAX_CACHED_STATEMENT_LENGTH = LONGEST
    _queries.MAX_CACHED_STATEMENT_PARAMS = MOST_VALUES
    # What stands before its own memory: of statements that are sent filled in, and of those with their values apart.
    _queries._query2pg_client = lru_cache(maxsize=REMEMBERED)(_queries._query2pg_client_nocache)  # noqa: SLF001
    _queries._query2pg = lru_cache(maxsize=REMEMBERED)(_queries._query2pg_nocache)  # noqa: SLF001
