"""How large the tables are, with their indexes, and how much of each falls on 1,000 cases."""

import json
import sys
from dataclasses import asdict, dataclass

from django.db import connection

LEAST_BYTES = 64 * 1024
_SIZES = """
    SELECT relation.relname, GREATEST(relation.reltuples, 0)::bigint,
        pg_table_size(relation.oid), pg_indexes_size(relation.oid)
    FROM pg_class AS relation
    WHERE relation.relkind = 'r' AND relation.relnamespace = current_schema()::regnamespace
    ORDER BY pg_total_relation_size(relation.oid) DESC
"""


@dataclass(frozen=True, slots=True)
class TableSize:
    """A table: rows (as last estimated by PostgreSQL), bytes of rows and of indexes, bytes for 1,000 cases."""

    table: str
    rows: int
    table_bytes: int
    index_bytes: int
    per_1000_cases: int


def sizes() -> list[TableSize]:
    """Return all tables, largest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        cases = max(cursor.fetchone()[0], 1)
        cursor.execute(_SIZES)
        return [
            TableSize(name, rows, table, index, round((table + index) * 1000 / cases))
            for name, rows, table, index in cursor.fetchall()
        ]


def show(*, as_json: bool) -> None:
    """Print them, those that matter, with the sum of all."""
    found = sizes()
    if as_json:
        sys.stdout.write(json.dumps([asdict(one) for one in found], indent=1) + "\n")
        return
    sys.stdout.write(f"{'table':<36}{'rows':>13}{'table MB':>11}{'index MB':>11}{'kB per 1,000 cases':>21}\n")
    for one in found:
        if one.table_bytes + one.index_bytes >= LEAST_BYTES:
            sys.stdout.write(_line(one))
    total = TableSize(
        "all",
        sum(one.rows for one in found),
        sum(one.table_bytes for one in found),
        sum(one.index_bytes for one in found),
        sum(one.per_1000_cases for one in found),
    )
    sys.stdout.write(_line(total))


def _line(one: TableSize) -> str:
    megabytes = f"{one.table_bytes / 1e6:>11,.1f}{one.index_bytes / 1e6:>11,.1f}"
    return f"{one.table:<36}{one.rows:>13,}{megabytes}{one.per_1000_cases / 1000:>21,.1f}\n"
