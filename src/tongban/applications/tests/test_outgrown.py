"""What the previous release keeps is forgotten when its time is over, although no model knows its table any more."""

from datetime import timedelta
from uuid import uuid4

from django.db import connection

from tongban.applications import actions
from tongban.base.clock import now

KEEP = """
    INSERT INTO applications_heldinput (id, path, "values", created_at, expires_at) VALUES (%s, '/x', '\\x00', %s, %s)
"""


def _kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM applications_heldinput")
        return int(cursor.fetchone()[0])


def test_only_what_is_over_is_forgotten(db: None) -> None:
    instant = now()
    with connection.cursor() as cursor:
        for after in (timedelta(0), timedelta(seconds=1)):
            cursor.execute(KEEP, [uuid4(), instant, instant + after])
    assert actions.forget_input_of_previous_release(now=instant) == 1
    assert _kept() == 1


def test_without_the_table_there_is_nothing_to_do(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO pg_temp")
    assert actions.forget_input_of_previous_release(now=now()) == 0
