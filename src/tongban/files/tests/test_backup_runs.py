"""While a backup copies, no bytes are taken away."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tongban.files import actions, queries
from tongban.files.errors import BackupRuns
from tongban.files.models import StoredFile
from tongban.files.tests import samples


def test_bytes_are_removed_after_the_backup(receive: Callable[..., StoredFile], place: Path, now: datetime) -> None:
    stored = receive(samples.pdf())
    actions.erase([stored.id], now=now)
    known = connection.settings_dict
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"], user=known["USER"], dbname=known["NAME"], autocommit=True
    ) as backup:
        backup.execute("SET search_path TO city")
        backup.execute(f"SELECT pg_advisory_lock({queries.REMOVES_BYTES})")
        with pytest.raises(BackupRuns):
            actions.remove_bytes(stored.sha256)
        assert (place / stored.path).exists()
        backup.execute(f"SELECT pg_advisory_unlock({queries.REMOVES_BYTES})")  # a closed line lets go a moment later
    assert actions.remove_bytes(stored.sha256)
    assert not (place / stored.path).exists()
