"""Behind PgBouncer in transaction mode no statement is kept: the next transaction has another connection."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet

from tests.operate.in_front import pgbouncer
from tongban.base.compiled import compiled_once, together

AT_ONCE, EACH = 6, 20


@compiled_once
def _named(key: str) -> QuerySet[Session, str]:
    return Session.objects.filter(session_key=key).values_list("session_key", flat=True)


@pytest.mark.django_db(transaction=True)
def test_statements_asked_again_and_again_on_three_connections(tmp_path: Path) -> None:
    known = dict(connection.settings_dict)
    connection.close()
    with pgbouncer(tmp_path / "log", str(known["NAME"])) as through:
        changes = {"NAME": through.database, "HOST": through.host, "PORT": through.port, "PASSWORD": through.password}
        connection.settings_dict.update(changes)
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                assert list(pool.map(lambda _place: _asked(), range(AT_ONCE))) == [(None, EACH)] * AT_ONCE
        finally:
            connection.close()
            connection.settings_dict.update({key: known[key] for key in changes})


def _asked() -> tuple[int | None, int]:
    """Ask as a page does; returns from when on statements would be kept, and how many answers came."""
    connection.ensure_connection()
    threshold = connection.connection.prepare_threshold
    answers = [together(_named.asking("nobody"), _named.asking("somebody")) for _time in range(EACH)]
    connection.close()
    return threshold, answers.count(([], []))
