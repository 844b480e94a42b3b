"""What PostgreSQL counts of itself: rows read, by index or from end to end, and how large each table is."""

import time
from dataclasses import dataclass
from typing import Self

import psycopg

from bench.reckoning import Figures

LARGE = 5_000
"""Rows from which on reading a whole table is told as such."""
SETTLE_SECONDS = 1.2
"""A connection hands in its counts once a second."""
_COUNTS = """
    SELECT pg_stat_user_tables.relname, seq_tup_read + coalesce(idx_tup_fetch, 0),
           CASE WHEN greatest(rows.reltuples, n_live_tup) >= %s THEN seq_tup_read ELSE 0 END
    FROM pg_stat_user_tables JOIN pg_class AS rows ON rows.oid = relid
"""
_SIZES = """
    SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables
    WHERE schemaname NOT LIKE 'bench%'
"""

_UNTIDY = """
    SELECT format('%I.%I', schemaname, pg_stat_user_tables.relname)
    FROM pg_stat_user_tables JOIN pg_class AS rows ON rows.oid = relid
    WHERE n_ins_since_vacuum + n_dead_tup > 1000 + 0.1 * greatest(rows.reltuples, 0)
    ORDER BY n_ins_since_vacuum
"""


def tidy(owner: str) -> None:
    """Do now what autovacuum does in the hour after a filling: an index alone answers only of rows known to stand.

    Otherwise it is done while something is measured, or has not been.
    """
    with psycopg.connect(owner, autocommit=True) as connection:
        for (table,) in connection.execute(_UNTIDY).fetchall():
            connection.execute(f"VACUUM {table}".encode())


@dataclass(frozen=True, slots=True)
class RowsRead:
    """How many rows were read up to a moment."""

    read: dict[str, int]
    scanned: dict[str, int]

    @classmethod
    def until_now(cls, owner: str) -> Self:
        """Ask, once all connections have handed in their counts."""
        time.sleep(SETTLE_SECONDS)
        with psycopg.connect(owner) as connection:
            rows = connection.execute(_COUNTS, [LARGE]).fetchall()
        return cls({name: read for name, read, _scanned in rows}, {name: scanned for name, _read, scanned in rows})

    @classmethod
    def none(cls) -> Self:
        """Begin a sum."""
        return cls({}, {})

    def less(self, before: "RowsRead") -> "RowsRead":
        """Return what was read since."""
        return RowsRead(_each(self.read, before.read, -1), _each(self.scanned, before.scanned, -1))

    def plus(self, other: "RowsRead") -> "RowsRead":
        """Return what was read in two stretches."""
        return RowsRead(_each(self.read, other.read, 1), _each(self.scanned, other.scanned, 1))

    def for_one(self, answers: int) -> Figures:
        """Return the rows for one answer: all, and those read in going through a large table from end to end."""
        read, scanned = sum(self.read.values()), sum(self.scanned.values())
        return {"rows": read / max(answers, 1), "scanned_rows": scanned / max(answers, 1)}


def _each(one: dict[str, int], other: dict[str, int], sign: int) -> dict[str, int]:
    """Return a count for each table. One that is gone by the second look counts nothing."""
    return {name: max(one.get(name, 0) + sign * other.get(name, 0), 0) for name in one.keys() | other.keys()}


def table_sizes(owner: str) -> dict[str, int]:
    """Return bytes by table, its indexes and long values included."""
    with psycopg.connect(owner) as connection:
        return dict(connection.execute(_SIZES).fetchall())


def growth_of_tables(small: dict[str, int], large: dict[str, int], more_cases: int) -> dict[str, float]:
    """Return kilobytes by table for 1,000 further cases, the fastest growing first; what hardly grows is left out."""
    grown = {name: (size - small.get(name, 0)) / max(more_cases, 1) for name, size in large.items()}
    ordered = sorted(grown.items(), key=lambda pair: -pair[1])
    return {name: bytes_a_case * 1000 / 1024 for name, bytes_a_case in ordered if bytes_a_case > 1}
