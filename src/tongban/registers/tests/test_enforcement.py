"""The database itself refuses a read without a log: no role of ours gets past it, whatever the code says."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from tongban.base.ids import new_id
from tongban.cases.tests.people import resident
from tongban.exchange.models import Grant, LookUp
from tongban.registers.tests.town import NOW, Town

READ = "SELECT field, value, sealed FROM registers_recordedvalue ORDER BY field"


def read(question: str = READ) -> list[tuple[Any, ...]]:
    """Ask the database."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@contextmanager
def as_gate(look_up: object = "") -> Iterator[None]:
    """Take the gate's role, as the source does, naming a look-up."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tongban.look_up', %s, true)", [str(look_up)])
        cursor.execute(f'SET LOCAL ROLE "{settings.TONGBAN_ROLES.gate}"')
        yield
        cursor.execute(f"SET LOCAL ROLE \"{settings.TONGBAN_ROLES.app}\"; SET LOCAL tongban.look_up = ''")


def logged(town: Town, grant: Grant, *fields: str, **changes: Any) -> LookUp:
    """Write a look-up into the log as the gate does."""
    from tongban.exchange.queries import subject_of  # noqa: PLC0415 - only here

    subject = subject_of(town.about())
    assert subject
    values = {
        "at": NOW, "grant": grant, "resource_id": grant.resource_id, "consumer_id": grant.consumer_id,
        "subject_kind": "person", "subject_key": subject.key, "fields": list(fields), "purpose": grant.purpose,
    }  # fmt: skip
    return LookUp.objects.create(**(values | changes))


def refused(question: str) -> None:
    """Check that the database does not do it."""
    with pytest.raises(DatabaseError, match=r"permission denied|row-level security"), transaction.atomic():
        read(question)


def test_the_app_reads_no_value_and_changes_none(town: Town) -> None:
    refused(READ)
    refused("SELECT count(*) FROM registers_recordedvalue")
    refused("UPDATE registers_recordedvalue SET value = '1'")
    refused("DELETE FROM registers_recordedvalue")
    refused("COPY registers_recordedvalue TO STDOUT")
    refused("SELECT * FROM registers_released()")


def test_not_even_with_a_logged_look_up(town: Town) -> None:
    row = logged(town, town.grant("name"), "name")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tongban.look_up', %s, true)", [str(row.id)])
    refused(READ)


def test_the_gate_sees_nothing_without_a_look_up(town: Town) -> None:
    with as_gate():
        assert read() == []
    with as_gate(new_id()):
        assert read() == []


def test_the_gate_sees_the_fields_of_the_look_up_on_its_subject(town: Town) -> None:
    row = logged(town, town.grant("name", "address", "religion"), "address", "name")
    with as_gate(row.id):
        assert [(field, value) for field, value, _sealed in read()] == [
            ("address", '"书院路 18 号"'),
            ("name", '"林知夏"'),
        ]
    with as_gate():
        assert read() == []


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        (("name", "religion"), {}),  # a field beyond the grant: nothing at all
        (("name",), {"refused": "rate_exceeded"}),
        (("name",), {"subject_key": new_id()}),
    ],
)
def test_the_gate_sees_nothing_by_a_look_up_that_is_not_right(
    town: Town, fields: tuple[str, ...], changes: dict[str, Any]
) -> None:
    row = logged(town, town.grant("name"), *fields, **changes)
    with as_gate(row.id):
        assert read() == []


def test_the_gate_sees_nothing_by_a_grant_of_another_resource_or_one_that_was_suspended(town: Town) -> None:
    from tongban.exchange import actions as exchange  # noqa: PLC0415 - only here

    grant = town.grant("name")
    row = logged(town, grant, "name")
    exchange.suspend_grant(actor=town.steward.actor, grant_id=grant.id, word="核查", now=NOW)
    with as_gate(row.id):
        assert read() == []


def test_sensitive_values_are_sealed(town: Town) -> None:
    row = logged(town, town.grant("religion"), "religion")
    with as_gate(row.id):
        [(field, value, sealed)] = read()
    assert (field, value) == ("religion", None)
    assert sealed
    assert "无".encode() not in bytes(sealed)


def test_the_gate_writes_nothing_and_reads_no_other_table(town: Town) -> None:
    row = logged(town, town.grant("name"), "name")
    for question in (
        "SELECT * FROM accounts_person",
        "SELECT * FROM exchange_lookup",
        "SELECT number FROM registers_registeredsubject",
        "INSERT INTO registers_recordedvalue (version_id, record_id, field) VALUES (1, 1, 'name') RETURNING field",
        "UPDATE registers_recordedvalue SET value = '1' RETURNING field",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), as_gate(row.id):
            read(question)


def test_values_are_not_carried_to_somebody_else(town: Town) -> None:
    from tongban.registers import actions  # noqa: PLC0415 - only here
    from tongban.registers.models import RecordVersion  # noqa: PLC0415 - only here

    other = resident("何无")
    values = {"name": "何无"}
    actions.record(
        actor=town.steward.actor, register_id=town.register.id, about=town.about(other), values=values,
        valid_from=NOW.date(), now=NOW,
    )  # fmt: skip
    first, second = RecordVersion.objects.order_by("id").values_list("id", flat=True)
    with pytest.raises(DatabaseError, match="not carried"), transaction.atomic():
        read(f"SELECT registers_carry({first}, {second}, '{{}}')")


@pytest.mark.django_db(transaction=True)
def test_a_look_up_of_another_transaction_opens_nothing(transactional_db: None) -> None:
    from tongban.registers.tests.town import make_town  # noqa: PLC0415 - only here

    town = make_town()
    with transaction.atomic():
        row = logged(town, town.grant("name"), "name")
        with as_gate(row.id):
            assert len(read()) == 1
    with as_gate(row.id):
        assert read() == []


def test_rights_are_not_given_again_by_preparing(town: Town) -> None:
    import psycopg  # noqa: PLC0415 - as the owner

    from tongban.base.postgres import roles  # noqa: PLC0415 - only here

    known = connection.settings_dict
    address = {
        "host": known["HOST"],
        "port": known["PORT"],
        "dbname": known["NAME"],
        "user": settings.TONGBAN_ROLES.owner,
    }
    question = "SELECT has_table_privilege(%s, 'registers_recordedvalue', 'SELECT, UPDATE, DELETE')"
    with psycopg.connect(**address) as owner:
        roles.prepare(owner, roles=settings.TONGBAN_ROLES, schema=settings.TONGBAN_SCHEMA)
        assert owner.execute(question, [settings.TONGBAN_ROLES.app]).fetchone() == (False,)
        owner.rollback()


def test_the_app_inherits_nothing_of_the_gate(town: Town) -> None:
    gate = settings.TONGBAN_ROLES.gate
    assert read(f"SELECT pg_has_role('{gate}', 'MEMBER'), pg_has_role('{gate}', 'USAGE')") == [(True, False)]


def test_what_is_named_is_found_by_its_index_also_while_the_log_is_empty(town: Town) -> None:
    """The plan of the first look-ups is kept until the table is analysed anew."""
    scans = "SELECT pg_stat_get_xact_numscans('exchange_lookup'::regclass)"
    row = logged(town, town.grant("name"), "name")
    before = read(scans)
    for _more_than_are_planned_one_by_one in range(8):
        with as_gate(row.id):
            assert read()
    assert read(scans) == before
