"""Compiled queries answer what the ORM would, and refuse what they cannot keep."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Length
from django.db.models.signals import post_init
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from psycopg import _queries

from tongban.accounts.models import Account, Consent, Person
from tongban.base.compiled import Written, compiled_once, together

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def sessions(count: int) -> list[str]:
    keys = [f"key{number:03}" for number in range(count)]
    Session.objects.bulk_create(
        Session(session_key=key, session_data=key, expire_date=NOW + timedelta(days=number))
        for number, key in enumerate(keys)
    )
    return keys


@compiled_once
def until(now: datetime, keys: Collection[str]) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=now, session_key__in=keys).order_by("session_key")


@compiled_once
def names(keys: Collection[str]) -> "QuerySet[Session, str]":
    return Session.objects.filter(session_key__in=keys).order_by("session_key").values_list("session_key", flat=True)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 9])
def test_a_collection_of_any_size_finds_what_it_names(count: int) -> None:
    keys = sessions(12)
    assert names(keys[:count]) == keys[:count]
    assert names(frozenset(keys[:count])) == keys[:count]
    assert [one.session_key for one in until(NOW, keys[:count])] == keys[1:count]
    assert names(["nobody"] * count) == []


def test_nothing_asked_for_is_nothing_found_without_a_query() -> None:
    sessions(2)
    with CaptureQueriesContext(connection) as captured:
        assert names([]) == []
    assert len(captured) == 0


def test_arguments_are_those_of_the_call_not_of_the_first() -> None:
    keys = sessions(3)
    assert [until(NOW + timedelta(days=day), keys)[0].session_key for day in (0, 1)] == keys[1:]
    assert until(NOW + timedelta(days=9), keys) == []


@compiled_once
def accounts_with_people(ids: Collection[UUID]) -> QuerySet[Account]:
    found = Account.objects.filter(id__in=ids).select_related("person").defer("person__identity_index")
    return found.annotate(held=Count("consents"), called=F("person__name")).order_by("username")


def people(count: int) -> list[Account]:
    made = []
    for number in range(count):
        account = Account.objects.create(username=f"somebody{number}", created_at=NOW)
        if number:
            Person.objects.create(
                account=account, name=f"某{number}", identity_kind="passport", identity_number=f"E1234567{number}",
                identity_index=bytes([number]), created_at=NOW,
            )  # fmt: skip
            Consent.objects.create(account=account, matter="privacy_notice", version="1", given_at=NOW)
        made.append(account)
    return made


def test_relations_annotations_and_sealed_columns_come_as_from_the_orm() -> None:
    ids = [account.id for account in people(3)]
    with CaptureQueriesContext(connection) as captured:
        found = accounts_with_people(ids)
        told = [(one.username, getattr(one, "person", None) and one.person.identity_number) for one in found]
    assert told == [("somebody0", None), ("somebody1", "E12345671"), ("somebody2", "E12345672")]
    assert len(captured) == 1
    assert [vars(one)["held"] for one in found] == [0, 1, 1]
    assert [vars(one)["called"] for one in found] == [None, "某1", "某2"]
    assert "identity_index" in found[1].person.get_deferred_fields()
    assert not found[0]._state.adding


@compiled_once
def of_account(account_id: UUID | None) -> QuerySet[Person]:
    return Person.objects.filter(account=account_id).prefetch_related("account")


def test_none_is_a_statement_of_its_own() -> None:
    account = people(2)[1]
    assert of_account(None) == []
    assert [one.account_id for one in of_account(account.id)] == [account.id]
    assert of_account(uuid4()) == []
    assert of_account(None) == []


@compiled_once
def beginning(words: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key__startswith=words)


@compiled_once
def some(number: int) -> QuerySet[Session]:
    return Session.objects.all()[:number]


@compiled_once
def nothing(account_id: UUID) -> QuerySet[Person]:
    return Person.objects.filter(id__in=[], account=account_id)


def test_what_the_orm_would_change_is_refused() -> None:
    with pytest.raises(TypeError, match="changes or leaves out"):
        beginning("key")
    with pytest.raises(TypeError):
        some(1)
    with pytest.raises(TypeError, match="plain values"):
        until(NOW, object())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="by position"):
        until(now=NOW, keys=["key"])
    with pytest.raises(TypeError, match="a collection of"):
        until(NOW, ["key", None])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="finds nothing"):
        nothing(uuid4())


def test_several_questions_go_in_one_message_and_each_gets_its_own_rows() -> None:
    keys, account = sessions(3), people(2)[1]
    with CaptureQueriesContext(connection) as captured:
        nobody, found, nothing, somebody = together(
            names.asking(["nobody"]),
            until.asking(NOW, keys),
            names.asking([]),
            accounts_with_people.asking([account.id]),
        )
    assert len(captured) == 1
    assert (nobody, nothing) == ([], [])
    assert [one.session_key for one in found] == keys[1:]
    assert [one.person.name for one in somebody] == ["某1"]
    assert together() == ()


@compiled_once
def in_a_state(key: str) -> "QuerySet[Session, int]":
    strange = Session.objects.annotate(sure=Value(value=True), seven=Value(7), odd=Value("100 %s O'Neil \\ %% ·"))
    chosen = strange.filter(session_key=key, sure=True, session_data__in=["key000", "100 %s O'Neil \\ %% ·"])
    return chosen.annotate(told=F("seven") + Length("odd")).values_list("told", flat=True)


def test_constants_stand_in_the_statement() -> None:
    sessions(1)
    question = in_a_state.asking("key000")
    assert question.rows() == [7 + len("100 %s O'Neil \\ %% ·")]
    assert question.statement.bound(question.given) == ["key000"]
    Session.objects.update(session_data="100 %s O'Neil \\ %% ·")
    assert together(question, in_a_state.asking("key001")) == ([7 + len("100 %s O'Neil \\ %% ·")], [])


@compiled_once
def locked(key: str) -> QuerySet[Session]:
    return Session.objects.select_for_update().filter(session_key=key)


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction() -> None:
    sessions(1)
    with pytest.raises(TransactionManagementError):
        locked("key000")
    with transaction.atomic():
        assert [one.session_key for one in locked("key000")] == ["key000"]


def test_a_part_of_the_rows_needs_no_statement_of_its_own() -> None:
    keys = sessions(3)
    asked = until.asking(NOW - timedelta(days=1), keys)
    assert [one.session_key for one in asked.rows()] == keys
    assert [one.session_key for one in asked.page(offset=1, limit=1).rows()] == keys[1:2]
    whole, part = together(asked, asked.page(offset=2, limit=5))
    assert [[one.session_key for one in rows] for rows in (whole, part)] == [keys, keys[2:]]
    assert names.asking([]).page(offset=0, limit=5).rows() == []


def test_an_object_of_a_row_is_saved_and_loaded_like_djangos() -> None:
    account = people(2)[1]
    found = accounts_with_people([account.id])[0]
    theirs = Account.objects.select_related("person").get(id=account.id)
    assert {name: value for name, value in vars(theirs).items() if name != "_state"}.items() <= vars(found).items()
    assert (found, found._state.db, found._state.fields_cache) == (theirs, "default", theirs._state.fields_cache)
    found.username = "another"
    found.save(update_fields=["username"])
    assert Account.objects.get(id=account.id).username == "another"


def test_signals_of_a_model_are_sent_as_ever() -> None:
    made: list[object] = []

    def note(instance: object, **_others: object) -> None:
        made.append(instance)

    post_init.connect(note, sender=Session)
    try:

        @compiled_once
        def all_of_them() -> QuerySet[Session]:
            return Session.objects.all()

        sessions(2)
        made.clear()
        assert made == all_of_them()
    finally:
        post_init.disconnect(note, sender=Session)


def test_what_is_written_by_hand_is_asked_with_the_rest() -> None:
    by_hand: Written[int] = Written(
        "SELECT one.n FROM unnest(%s::int[]) AS one(n) WHERE one.n > %s", lambda row: row[0]
    )
    first, second = together(by_hand.asking([1, 2, 3], 1), by_hand.asking([], 0))
    assert sorted(first) == [2, 3]
    assert second == []


def test_a_long_message_is_taken_apart_once() -> None:
    words = f"SELECT %s /* {uuid4()} {'x' * 6000} */"
    with connection.cursor() as cursor:
        for number in range(3):
            before = _queries._query2pg_client.cache_info()
            cursor.execute(words, [number])
            after = _queries._query2pg_client.cache_info()
            assert cursor.fetchone() == (number,)
            assert (after.misses - before.misses, after.hits - before.hits) == ((1, 0) if number == 0 else (0, 1))
