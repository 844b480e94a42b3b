"""A migration that needs two tables gives way to a reader who needs them the other way round."""

import time
from pathlib import Path

import psycopg
import pytest

from tests.operate.place import empty

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'city.accounts_person'::regclass"


def test_who_reads_two_tables_is_answered_while_a_migration_wants_both(tmp_path: Path) -> None:
    """Accounts 0006 changes enterprises, then persons."""
    with empty(tmp_path / "city", "beside_readers") as place:
        place.run("migrate")
        place.run("manage", "migrate", "accounts", "0005", "--skip-checks")
        with (
            psycopg.connect(place.owner.address) as reader,
            psycopg.connect(place.owner.address, autocommit=True) as watcher,
        ):
            reader.execute("SET search_path TO city")
            reader.execute("SELECT count(*) FROM accounts_person")
            migrating = place.start("migrate")
            until = time.monotonic() + 60
            while watcher.execute(WAITS).fetchone() == (0,):
                assert time.monotonic() < until
                assert migrating.poll() is None, migrating.communicate()[0]
                time.sleep(0.01)
            assert reader.execute("SELECT count(*) FROM accounts_enterprise").fetchone() == (0,)
            time.sleep(1.5)
            assert migrating.poll() is None
            reader.rollback()
            said = migrating.communicate(timeout=60)[0]
        assert migrating.returncode == 0, said
        with psycopg.connect(place.owner.address) as owner:
            found = owner.execute("SELECT name FROM city.django_migrations WHERE app = 'accounts'").fetchall()
        assert ("0006_given_at_a_window",) in found
