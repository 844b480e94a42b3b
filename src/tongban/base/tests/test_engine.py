"""Each transaction says role and search path by itself, in the round trip that opens it."""

import pytest
from django.conf import settings
from django.db import connection, transaction


def _ask(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return row and row[0]


@pytest.mark.django_db
def test_a_transaction_runs_as_the_app_in_the_schema_of_the_jurisdiction() -> None:
    assert _ask("SELECT current_user") == settings.TONGBAN_ROLES.app
    assert _ask("SHOW search_path") == settings.TONGBAN_SCHEMA


@pytest.mark.django_db(transaction=True)
def test_role_and_search_path_end_with_the_transaction() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO pg_catalog")
        with transaction.atomic():
            assert _ask("SHOW search_path") == settings.TONGBAN_SCHEMA
        assert _ask("SHOW search_path") == "pg_catalog"
        cursor.execute("RESET search_path")


@pytest.mark.django_db(transaction=True)
def test_a_statement_outside_a_transaction_finds_the_tables_too() -> None:
    assert _ask("SHOW search_path") == settings.TONGBAN_SCHEMA
    assert _ask("SELECT count(*) FROM django_session") == 0


@pytest.mark.django_db
def test_the_app_owns_nothing_and_is_no_superuser() -> None:
    question = (
        "SELECT NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls) FROM pg_roles WHERE rolname = '{}'"
    )
    assert _ask(question.format(settings.TONGBAN_ROLES.app)) is True
    owners = "SELECT count(*) FROM pg_tables WHERE schemaname = '{}' AND tableowner = '{}'"
    assert _ask(owners.format(settings.TONGBAN_SCHEMA, settings.TONGBAN_ROLES.app)) == 0
