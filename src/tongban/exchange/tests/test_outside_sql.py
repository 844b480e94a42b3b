"""A SQL database as source: a real second database with its own login and password, over TCP; and one in a file."""

import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from tests.standing import nothing_changes

from tongban.base.postgres.embedded import SUPERUSER
from tongban.exchange import actions, errors
from tongban.exchange.contrib.sql import asking
from tongban.exchange.models import LookUp, LookUpAnswer, Source, SourceWatch
from tongban.exchange.rules.outside.places import place_of
from tongban.exchange.tests.outside import CODES, Outside, begin_anew, listening
from tongban.ledger.models import Event
from tongban.registers.tests.town import NOW, after

DATABASE, READER, PASSWORD = "vehicle_office", "vehicle_reader", "p@ss:w/o?rd"
TABLE = """
    CREATE SCHEMA "车管";
    CREATE TABLE "车管"."机动车 ""旧"" 表" (
        "身份证号" char(20), "号牌" text, "登记 日期" date, "价格" numeric(12,2), seats integer, "自用" boolean,
        "起" date, "止" date, secret text DEFAULT 'nobody asked'
    );
    CREATE TABLE "车管".hidden (number text, plate text);
    CREATE FUNCTION "车管".slow(text) RETURNS text LANGUAGE sql AS 'SELECT $1 FROM pg_sleep(30)';
    CREATE VIEW "车管".sleepy AS SELECT "身份证号", "车管".slow("号牌") AS "号牌" FROM "车管"."机动车 ""旧"" 表";
    GRANT USAGE ON SCHEMA "车管" TO vehicle_reader;
    GRANT SELECT ON "车管"."机动车 ""旧"" 表", "车管".sleepy TO vehicle_reader;
"""
FIELDS = {"plate": "号牌", "first_day": "登记 日期", "price": "价格", "seats": "seats", "is_private": "自用"}


@dataclass
class Archive:
    """The other office's database, and a line to it that can be held up."""

    superuser: psycopg.Connection
    socket_path: str
    held: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def relay(self, line: socket.socket) -> None:
        """Carry bytes between a TCP line and the server's socket, unless held up."""
        with socket.socket(socket.AF_UNIX) as inner:
            inner.connect(self.socket_path)
            back = threading.Thread(target=self._carry, args=(inner, line), daemon=True)
            back.start()
            self._carry(line, inner)

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while piece := one.recv(65536):
                while self.held.is_set():
                    time.sleep(0.02)
                other.sendall(piece)
        except OSError:
            return
        finally:
            for end in (one, other):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def rows(self, *rows: tuple[Any, ...]) -> None:
        """Put rows in the place of those that were there."""
        with psycopg.connect(self.superuser.info.dsn, dbname=DATABASE, autocommit=True) as inside:
            inside.execute('TRUNCATE "车管"."机动车 ""旧"" 表"')
            for row in rows:
                places = sql.SQL(", ").join([sql.Placeholder()] * len(row))
                inside.execute(sql.SQL('INSERT INTO "车管"."机动车 ""旧"" 表" VALUES ({})').format(places), row)

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Return how it is declared."""
        return {
            "address": f"postgresql://{READER}@127.0.0.1:{self.port}/{DATABASE}",
            "table_schema": "车管",
            "table": '机动车 "旧" 表',
            "number_column": "身份证号",
            "fields": FIELDS,
            "yuan": ["price"],
            **changes,
        }


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """Make a second database, whose login has a password and a few rights."""
    here = connection.settings_dict
    address = {"host": here["HOST"], "port": here["PORT"] or 5432, "user": SUPERUSER, "dbname": SUPERUSER}
    with psycopg.connect(autocommit=True, **address) as superuser:
        password = sql.Literal(PASSWORD)
        superuser.execute(sql.SQL("CREATE ROLE vehicle_reader LOGIN PASSWORD {}").format(password))
        superuser.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(DATABASE)))
        hba = superuser.execute("SELECT setting FROM pg_settings WHERE name = 'hba_file'").fetchone()
        assert hba is not None
        rules = Path(hba[0])
        before = rules.read_text(encoding="utf-8")
        rules.write_text(f"local {DATABASE} {READER} scram-sha-256\n{before}", encoding="utf-8")
        superuser.execute("SELECT pg_reload_conf()")
        with psycopg.connect(superuser.info.dsn, dbname=DATABASE, autocommit=True) as inside:
            inside.execute(TABLE)
        yield superuser
        rules.write_text(before, encoding="utf-8")
        superuser.execute("SELECT pg_reload_conf()")
        superuser.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        superuser.execute("DROP ROLE vehicle_reader")


@pytest.fixture
def archive(server: psycopg.Connection, settings: Any) -> Iterator[Archive]:
    """Return the database as it is reached over TCP, at a place that the operator allows."""
    here = connection.settings_dict
    found = Archive(server, f"{here['HOST']}/.s.PGSQL.{here['PORT'] or 5432}")
    with listening(found.relay) as port:
        found.port = port
        settings.TONGBAN_SOURCES = frozenset({f"postgresql://127.0.0.1:{port}"})
        yield found
        found.held.clear()


def row(number: str, **changes: Any) -> tuple[Any, ...]:
    """Return a row of the table."""
    values = {
        "number": number, "plate": "云A·12345", "day": date(2019, 5, 1), "price": "128000.50", "seats": 5,
        "own": True, "since": date(2019, 5, 1), "until": None,
    }  # fmt: skip
    return tuple({**values, **changes}.values())


def number_of(outside: Outside) -> str:
    """Return Lin's number."""
    return outside.town.about().number


def test_a_table_is_read_field_by_field_and_said_in_the_forms_of_the_catalogue(
    outside: Outside, archive: Archive
) -> None:
    archive.rows(row(number_of(outside)), row("110101199003071911", plate="别人的"))
    outside.declare("sql", archive.settings(), password=PASSWORD)
    assert outside.ask().records == (
        {"plate": "云A·12345", "first_day": "2019-05-01", "price": 12800050, "seats": 5, "is_private": True},
    )
    assert outside.ask("plate").records == ({"plate": "云A·12345"},)
    watch = SourceWatch.objects.get()
    assert (watch.state, watch.succeeded_at, watch.why) == ("well", NOW, "")
    assert b"p@ss" not in bytes(
        Source.objects.filter(kind="sql").values_list("settings", flat=True).get().__repr__(), "utf-8"
    )


def test_the_trial_says_exactly_what_is_wrong(outside: Outside, archive: Archive) -> None:
    archive.rows(row(number_of(outside)))
    right = archive.settings()
    for changes, password, why in (
        ({}, PASSWORD, ""),
        ({}, "wrong", "login"),
        ({"address": right["address"].replace(DATABASE, "unheard_of")}, PASSWORD, "login"),
        ({"table": "no_such"}, PASSWORD, "no_such_table"),
        (
            {"table": "hidden", "number_column": "number", "fields": {"plate": "plate"}, "yuan": []},
            PASSWORD,
            "not_allowed_there",
        ),
        ({"fields": {"plate": '号牌" FROM x; --'}, "yuan": []}, PASSWORD, "no_such_column"),
        ({"fields": {"first_day": "号牌"}, "yuan": []}, PASSWORD, "unfit"),
    ):
        begin_anew()
        outside.declare("sql", {**right, **changes}, password=password)
        assert outside.tried().why == why, changes
    assert outside.tried().about == "first_day: not_a_day"
    archive.rows()
    assert outside.tried().why == "nothing_found"


def test_what_is_typed_is_never_executed(outside: Outside, archive: Archive) -> None:
    """A number is bound, names are quoted, and the transaction could not write anyhow."""
    archive.rows(row(number_of(outside)), row("x' OR '1'='1"))
    archive.superuser.execute("SELECT 1")
    outside.declare("sql", archive.settings(), password=PASSWORD)
    evil = '机动车"; DROP TABLE "车管"."机动车 ""旧"" 表"; --'
    outside.declare("sql", archive.settings(table=evil), password=PASSWORD)
    assert outside.tried().why == "no_such_table"
    outside.declare("sql", archive.settings(), password=PASSWORD)
    assert len(outside.ask().records) == 1


def test_the_transaction_only_reads(outside: Outside, archive: Archive) -> None:
    with psycopg.connect(archive.superuser.info.dsn, dbname=DATABASE, autocommit=True) as inside:
        inside.execute("""
            CREATE TABLE IF NOT EXISTS "车管".spoils (at timestamptz);
            GRANT INSERT ON "车管".spoils TO vehicle_reader;
            CREATE OR REPLACE FUNCTION "车管".greedy(text) RETURNS text LANGUAGE sql AS
                'INSERT INTO "车管".spoils VALUES (now()) RETURNING $1';
            CREATE OR REPLACE VIEW "车管".trap AS
                SELECT "身份证号", "车管".greedy("号牌") AS "号牌" FROM "车管"."机动车 ""旧"" 表";
            GRANT SELECT ON "车管".trap TO vehicle_reader;
        """)
        archive.rows(row(number_of(outside)))
        outside.declare("sql", archive.settings(table="trap", fields={"plate": "号牌"}, yuan=[]), password=PASSWORD)
        trial = outside.tried()
        assert (trial.why, trial.about) == ("sql", "25006")
        assert inside.execute('SELECT count(*) FROM "车管".spoils').fetchone() == (0,)


def test_a_slow_statement_is_ended_by_the_server(outside: Outside, archive: Archive) -> None:
    archive.rows(row(number_of(outside)))
    outside.declare(
        "sql", archive.settings(table="sleepy", fields={"plate": "号牌"}, yuan=[], seconds=1), password=PASSWORD
    )
    began = time.monotonic()
    assert outside.tried().why == "deadline"
    assert time.monotonic() - began < 3.5


def test_a_server_that_accepts_and_never_answers_is_cut_off_and_left_alone(
    outside: Outside, archive: Archive, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half dead twice: one that never says a word, and one that falls silent in the middle of a statement."""
    monkeypatch.setattr(asking, "CONNECT_SECONDS", 0.5)
    archive.rows(row(number_of(outside)))
    outside.declare("sql", archive.settings(seconds=1), password=PASSWORD)
    assert outside.ask("plate").records
    archive.held.set()
    began = time.monotonic()
    with pytest.raises(errors.SourceUnavailable) as caught:
        outside.ask("plate")
    assert (caught.value.details["why"], time.monotonic() - began < 5) == ("deadline", True)
    look_up = LookUp.objects.latest("id")
    assert (look_up.refused, look_up.answer.outcome) == ("", "source_unavailable")
    archive.held.clear()
    with listening(lambda _line: time.sleep(30)) as dead:
        settings.TONGBAN_SOURCES |= {f"postgresql://127.0.0.1:{dead}"}
        silent = archive.settings(seconds=1, address=f"postgresql://{READER}@127.0.0.1:{dead}/{DATABASE}")
        outside.declare("sql", silent, password=PASSWORD)
        began = time.monotonic()
        assert outside.tried().why in {"connect", "deadline"}
        assert time.monotonic() - began < 5


def test_a_source_that_fails_is_left_alone_and_that_is_said(outside: Outside, archive: Archive, settings: Any) -> None:
    with listening(lambda _line: None) as gone:
        place = f"postgresql://127.0.0.1:{gone}"
        settings.TONGBAN_SOURCES = frozenset({place})
        outside.declare("sql", archive.settings(address=f"postgresql://{READER}@127.0.0.1:{gone}/x"), password="x")
    said = []
    for _time in range(7):
        with pytest.raises(errors.SourceUnavailable) as caught:
            outside.ask("plate")
        said.append(caught.value.details["why"])
    assert said == ["connect"] * 5 + ["resting"] * 2
    assert "过" in str(caught.value)
    watch = SourceWatch.objects.get()
    assert (watch.state, watch.why, watch.failing_since) == ("failing", "connect", NOW)
    assert watch.resting_until is not None
    assert watch.resting_until > NOW
    assert Event.objects.filter(kind="exchange.source_went_away").count() == 1
    assert LookUpAnswer.objects.filter(outcome="source_unavailable").count() == 7


def test_what_holds_on_another_day_is_found_by_columns_or_not_at_all(outside: Outside, archive: Archive) -> None:
    number = number_of(outside)
    archive.rows(
        row(number, plate="旧牌", since=date(2015, 1, 1), until=date(2019, 5, 1)),
        row(number, plate="新牌", since=date(2019, 5, 1)),
    )
    outside.declare("sql", archive.settings(valid_from_column="起", valid_to_column="止"), password=PASSWORD)
    assert outside.ask("plate").values == {"plate": "新牌"}
    assert outside.ask("plate", valid_on=date(2018, 1, 1)).values == {"plate": "旧牌"}
    with pytest.raises(errors.SourceUnavailable) as caught:
        outside.ask("plate", known_at=after(days=-9))
    assert caught.value.details["why"] == "only_now"
    outside.declare("sql", archive.settings(), password=PASSWORD)
    with pytest.raises(errors.SourceUnavailable):
        outside.ask("plate", valid_on=date(2018, 1, 1))


def test_too_many_rows_and_too_long_texts_are_not_taken(outside: Outside, archive: Archive) -> None:
    number = number_of(outside)
    archive.rows(*[row(number)] * 4)
    outside.declare("sql", archive.settings(most_records=3), password=PASSWORD)
    assert outside.tried().why == "too_many"
    archive.rows(row(number, plate="牌" * 5_000_000))
    assert outside.tried().about == "plate: longer_than_declared"
    with pytest.raises(errors.SourceUnavailable):
        outside.ask("plate")


def test_a_password_goes_nowhere_else(outside: Outside, archive: Archive, settings: Any) -> None:
    """Whoever changes where a source is gives the password anew; at the same place it stays."""
    archive.rows(row(number_of(outside)))
    outside.declare("sql", archive.settings(), password=PASSWORD)
    outside.declare("sql", archive.settings(seconds=9))
    assert outside.tried().why == ""
    settings.TONGBAN_SOURCES |= {"postgresql://127.0.0.1:1"}
    elsewhere = archive.settings(address=f"postgresql://{READER}@127.0.0.1:1/{DATABASE}")
    outside.declare("sql", elsewhere)
    assert set(Source.objects.get(kind="sql").secrets) == {"trial_number"}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://reader:secret@127.0.0.1:{port}/x", "密码"),
        ("postgresql://reader@127.0.0.1:{port}/x?host=10.0.0.1", "host"),
        ("postgresql://reader@127.0.0.1:{port}/x?service=evil", "service"),
        ("postgresql://reader@127.0.0.1,10.0.0.1:{port}/x", ""),
        ("postgresql://reader@/x", ""),
        ("postgresql://reader@127.0.0.1:{port}/x host=10.0.0.1", ""),
        ("postgresql://reader@10.0.0.1:5432/x", "10.0.0.1"),
        ("mssql+pyodbc://reader@127.0.0.1:{port}/x?driver=/tmp/evil.so", ""),
        ("sqlite:////etc/passwd", "/etc/passwd"),
        ("rubbish", ""),
    ],
)
def test_addresses_that_lead_elsewhere_are_refused(outside: Outside, archive: Archive, address: str, said: str) -> None:
    with nothing_changes(), pytest.raises(errors.NotComplete) as caught:
        outside.declare("sql", archive.settings(address=address.format(port=archive.port)), password="x")
    assert said in str(caught.value.fields)


def test_only_stewards_of_the_office_declare_and_try(outside: Outside, archive: Archive) -> None:
    archive.rows(row(number_of(outside)))
    outside.declare("sql", archive.settings(), password=PASSWORD)
    stranger = outside.town.staff["acceptance"].actor
    with nothing_changes():
        with pytest.raises(errors.NotYours):
            actions.set_source(actor=stranger, resource_id=outside.resource.id, kind="sql", settings={}, now=NOW)
        with pytest.raises(errors.NotYours):
            actions.try_source(actor=stranger, resource_id=outside.resource.id, now=NOW)
        with pytest.raises(errors.KeptHere):
            actions.set_source(
                actor=outside.town.steward.actor,
                resource_id=outside.town.register.resource_id,
                kind="sql",
                settings=archive.settings(),
                now=NOW,
            )


def test_a_place_that_the_operator_takes_back_is_asked_no_more(
    outside: Outside, archive: Archive, settings: Any
) -> None:
    archive.rows(row(number_of(outside)))
    outside.declare("sql", archive.settings(), password=PASSWORD)
    settings.TONGBAN_SOURCES = frozenset()
    trial = outside.tried()
    assert (trial.why, trial.about) == ("place_not_allowed", f"postgresql://127.0.0.1:{archive.port}")


def test_another_kind_of_database_by_its_address(outside: Outside, tmp_path: Path, settings: Any) -> None:
    path = tmp_path / "cars.db"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE cars (number TEXT, plate TEXT, day TEXT, seats INTEGER)")
        file.execute("INSERT INTO cars VALUES (?, '云A·777', '2019-05-01', 5)", [number_of(outside)])
    settings.TONGBAN_SOURCES = frozenset({place_of(f"file://{tmp_path}")})
    declared = {
        "address": f"sqlite:///{path}",
        "table": "cars",
        "number_column": "number",
        "fields": {"plate": "plate", "first_day": "day", "seats": "seats"},
    }
    outside.declare("sql", declared)
    expected = {"plate": "云A·777", "first_day": "2019-05-01", "seats": 5}
    assert outside.ask("plate", "first_day", "seats").values == expected
    with pytest.raises(errors.SourceUnavailable) as caught:
        outside.ask(*CODES)
    assert caught.value.details["why"] == "not_declared"
    outside.declare("sql", {**declared, "table": "lorries"})
    assert outside.tried().why == "no_such_table"
    within = tmp_path / "within"
    within.mkdir()
    settings.TONGBAN_SOURCES = frozenset({place_of(f"file://{within}")})
    for encoded in (f"{within}/%252e%252e/cars.db", f"{within}/%252E%252E%252Fcars.db"):  # SQLite reads ../cars.db
        outside.declare("sql", {**declared, "address": f"sqlite:///{encoded}"})
        assert outside.tried().why == "connect"
    shutil.copy(path, within / "a#b%20c.db")
    outside.declare("sql", {**declared, "address": f"sqlite:///{within}/a%23b%2520c.db"})
    assert outside.tried().inspected.records == 1
    settings.TONGBAN_SOURCES = frozenset({place_of(f"file://{tmp_path}")})
    elsewhere = tmp_path / "link.db"
    elsewhere.symlink_to("/etc/hostname")
    outside.declare("sql", {**declared, "address": f"sqlite:///{elsewhere}"})
    assert outside.tried().why == "place_not_allowed"
    shutil.rmtree(tmp_path)
    settings.TONGBAN_SOURCES |= {"oracle://127.0.0.1:1521"}
    outside.declare("sql", {**declared, "address": "oracle+oracledb://reader@127.0.0.1:1521/x"})
    assert (outside.tried().why, outside.tried().about) == ("no_driver", "oracle+oracledb")
