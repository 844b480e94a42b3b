"""What COPY wrote passes the same comparison as what actions wrote, and holds nothing of the life it was cast from."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from uuid import UUID

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction

from tongban.accounts import queries as accounts
from tongban.base.books import Look
from tongban.base.clock import now
from tongban.base.postgres.login import Login
from tongban.catalogue import queries as catalogue
from tongban.coordination import actions as coordination
from tongban.coordination.events import WarningEnded, WarningRaised
from tongban.coordination.models import Finding
from tongban.insight import actions as insight
from tongban.insight.queries.verifying import differences
from tongban.ledger import actions as ledger
from tongban.ledger import queries as ledger_queries
from tongban.registers.models import RecordedValue
from tongban.site.commands import compare_books
from tongban.site.configuration import read
from tongban.site.demo.bulk import Size, city, is_empty, is_finished, is_loaded, owner_connection
from tongban.site.demo.bulk.copying import WithoutRules, empty_but_keep
from tongban.site.demo.bulk.moulds import key_of, rows_of
from tongban.site.demo.bulk.tables import COUNTED_APART, OF_A_CASE, OF_A_RESIDENT, OF_AN_ENTERPRISE, OF_AN_ITEM, PASSING
from tongban.site.demo.lives import play
from tongban.site.demo.loading import SEED
from tongban.site.demo.offices import build_offices
from tongban.site.demo.people import settle
from tongban.site.demo.publishing import publish_items
from tongban.site.demo.registers import build_registers

LIVES, CASES, OPEN, ITEMS = 16, 240, 40, 90
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
POURED = {*OF_A_CASE, *OF_A_RESIDENT, *OF_AN_ENTERPRISE, *OF_AN_ITEM}


@pytest.fixture
def owner(transactional_db: None) -> Iterator[psycopg.Connection]:
    """The owner of the tables that the test uses."""
    login = Login.parse(os.environ["DATABASE_OWNER_URL"])
    address = Login(str(connection.settings_dict["NAME"]), login.user, login.host, login.port, login.password).address
    with owner_connection(address, read(os.environ).schema) as opened:
        yield opened


def counts() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model is RecordedValue:  # the app may not even count them
                continue
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")  # noqa: S608 - our own names
            found[model._meta.db_table] = cursor.fetchone()[0]
    return found


@pytest.mark.django_db(transaction=True)
def test_a_large_city_is_like_what_the_actions_write(owner: psycopg.Connection) -> None:
    assert is_empty()
    random = Random(SEED)  # noqa: S311 - invented lives
    posts = build_offices(now=now())
    town = settle(posts, random=random, now=now())
    build_registers(posts, town, random=Random(SEED), now=now())  # noqa: S311 - see above; some items ask them
    publish_items(posts, now=now())
    ledger.drain(now=now())
    before = counts()
    play(town, random=random, now=now(), number=LIVES)
    ledger.drain(now=now())
    insight.rebuild(now=now())
    grown = {table for table, number in counts().items() if number > before[table]}
    assert grown <= set(OF_A_CASE) | COUNTED_APART | PASSING, "lives write where nothing is poured: see bulk/tables.py"

    lived = {table: {row[key_of(table)] for row in rows_of(table, "true", {})} for table in POURED}
    city.load(owner, Size(ITEMS, CASES, OPEN), now=now(), say=lambda _words: None)
    assert is_loaded()
    assert is_finished()

    after = counts()
    assert after["cases_case"] == CASES
    assert after["catalogue_handlingitem"] == ITEMS
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case WHERE ended_at IS NULL")
        assert cursor.fetchone()[0] == OPEN
    wrong = {one.name: one.named for one in compare_books.compare(Look(now() + timedelta(minutes=5))) if one.named}
    assert not wrong
    assert not list(differences())
    _all_is_proven()
    _nobody_is_still_to_be_told()
    _nothing_is_left_of_the_lives(lived)
    _residents_are_found()
    assert catalogue.search("食品小作坊登记证").hits, "an item that was poured is not found"
    _one_more_life(town, random)


@pytest.mark.django_db(transaction=True)
def test_a_filling_that_is_cut_short_leaves_the_small_city(owner: psycopg.Connection) -> None:
    tables = ["cases_task", "cases_case"]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO organisations_region (code, name, level) VALUES ('990000000000', '云', 1)")
    kept = ["organisations_region"]
    before = _rules(owner, [*tables, *kept])
    rules = WithoutRules(owner, [*tables, *kept])
    rules.take_off()
    empty_but_keep(owner, [*tables, *kept])
    assert owner.execute("SELECT name FROM organisations_region WHERE code = '990000000000'").fetchone() == ("云",)
    assert _rules(owner, [*tables, *kept]) == []
    owner.rollback()
    assert _rules(owner, [*tables, *kept]) == before != []
    assert owner.execute("SELECT count(*) FROM organisations_region WHERE code = '990000000000'").fetchone() == (1,)


def _rules(owner: psycopg.Connection, tables: list[str]) -> list[tuple[str]]:
    return owner.execute(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = ANY(%s::regclass[]) ORDER BY 1", [tables]
    ).fetchall()


@pytest.mark.django_db
def test_rows_of_a_life_come_in_the_order_of_their_numbers() -> None:
    """Not in that of the texts of their numbers: the life whose events are 999 and 1000 came out the wrong way round."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_event (id, uid, kind, happened_at, actor_kind, subject_kind, subject_id, data, transaction)"
            " SELECT id, gen_random_uuid(), 'tests.done', now(), 'system', 'test', gen_random_uuid(), '{}', 1"
            " FROM unnest(ARRAY[1000, 999]) AS given (id)"
        )
    assert [row["id"] for row in rows_of("ledger_event", "true", {})] == ["999", "1000"]


def _all_is_proven() -> None:
    """Every leaf that was poured is that of its event, as the ledger reckons it anew; the worker has nothing to catch up."""
    assert ledger_queries.tree_size() == ledger_queries.last_position()
    verification = ledger_queries.Verification(keys=[ledger_queries.log_key()])
    with transaction.atomic():
        assert not list(verification.findings())
    assert verification.done.events == ledger_queries.last_position() > 5 * CASES


def _nobody_is_still_to_be_told() -> None:
    """What is late has its warning, and the worker neither finds more nor owes anybody news of it."""
    assert Finding.objects.filter(ended_at=None).exclude(watch="near_due").exists()
    assert ledger_queries.state().owed == 0
    standing = Finding.objects.count()
    coordination.look(now=now())
    assert (Finding.objects.count(), ledger_queries.state().owed) == (standing, 0)


def _nothing_is_left_of_the_lives(lived: dict[str, set[str]]) -> None:
    """No id of a row of a life that was played stands in a row that was poured from it, sealed texts included."""
    own = set().union(*(lived[table] for table in OF_A_CASE if table not in {"ledger_event", "ledger_handled"}))
    poured = 0
    for table in OF_A_CASE:
        for row in rows_of(table, "true", {}):
            if row[key_of(table)] in lived[table] or _is_supervision_of_a_life(row, lived):
                continue
            poured += 1
            left = own & {found for text in row.values() if text for found in ID.findall(str(text))}
            assert not left, f"{table}: {row.get('kind', '')} {left}"
            assert not any("%s" in str(text) for text in row.values())
    assert poured > 5000


def _is_supervision_of_a_life(row: dict[str, str], lived: dict[str, set[str]]) -> bool:
    """Whether supervision wrote this event about a case that was played, after the pouring: what it had to say then."""
    return row.get("kind", "") in {WarningRaised.kind, WarningEnded.kind} and row["subject_id"] in lived["cases_case"]


def _residents_are_found() -> None:
    """Each resident is found by the identity number that is sealed in their row."""
    people = rows_of("accounts_person", "account_id IN (SELECT id FROM accounts_account WHERE password = '!')", {})
    assert len(people) >= 20
    for person in people:
        found = accounts.person_by_identity(person["identity_kind"], person["identity_number"])
        assert found is not None
        assert found.id == UUID(person["id"])


def _one_more_life(town: object, random: Random) -> None:
    """The city goes on: numbers and keys follow those that were poured."""
    events = counts()["ledger_event"]
    play(town, random=random, now=now(), number=2)  # type: ignore[arg-type]
    ledger.drain(now=now())
    assert counts()["ledger_event"] > events
