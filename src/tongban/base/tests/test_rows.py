"""Several changes in one message, and queries that are worked out once."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import DateField, DateTimeField, Field, ForeignKey, QuerySet, TextChoices
from django.db.transaction import TransactionManagementError
from psycopg.types.json import Jsonb

from tongban.accounts.models import Account, Person
from tongban.base.compiled import compiled_once
from tongban.base.ids import new_id
from tongban.base.rows import (
    MANY,
    OutsideTransaction,
    changed,
    columns_of,
    gone,
    in_transaction,
    many,
    new,
    write,
    write_unless_there,
)

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db
Counted = Callable[[int], Any]


def test_every_column_gets_what_its_field_would_give() -> None:
    """Fields that are not asked, for values of a type, give these values themselves, in every table of the house."""
    samples: dict[type, object] = {
        UUID: new_id(), str: "词", bool: True, int: 7, date: NOW.date(), datetime: NOW, dict: {"a": "词"}, list: [1],
        type(None): None,
    }  # fmt: skip
    not_asked = 0
    for model in apps.get_models():
        for field, _name, ways in columns_of(model):
            for kind in ways.keys() & samples.keys():
                if (way := ways[kind]) is None:  # another test has written such a value there: its field was asked
                    continue
                not_asked += 1
                given, usual = way(samples[kind]), field.get_db_prep_save(samples[kind], connection)
                assert type(given) is type(usual), field
                assert _plainly(given) == _plainly(usual), field
                assert type(field).pre_save in {Field.pre_save, ForeignKey.pre_save, *DATES}, field
                assert not getattr(field, "auto_now", False), field
                assert not getattr(field, "auto_now_add", False), field
    assert not_asked > 1000


DATES = {DateField.pre_save, DateTimeField.pre_save}
"""They look at the clock only where they are told to."""


def _plainly(value: object) -> object:
    return (value.obj, value.dumps) if isinstance(value, Jsonb) else value


class Word(TextChoices):
    """A word of a choice."""

    CHINESE = "zh-hans", "Chinese"


def test_the_word_of_a_choice_goes_as_a_text_and_a_naive_instant_is_refused() -> None:
    account = an_account()
    account.language = Word.CHINESE
    with transaction.atomic():
        (change,) = new(account)
        write(change)
    assert Word.CHINESE in change.parameters
    assert not any(isinstance(value, Word) for value in change.parameters)
    account.created_at = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="with its zone"):
        changed(account, "created_at")


def an_account(username: str = "") -> Account:
    return Account(username=username or new_id().hex, created_at=NOW, password="!")


def a_person(account: Account, name: str = "林知夏") -> Person:
    return Person(
        account=account, name=name, identity_kind="passport", identity_number="E12345678",
        identity_index=new_id().bytes, birth_date=date(1990, 5, 1), created_at=NOW,
    )  # fmt: skip


def test_rows_of_several_tables_go_in_one_message(django_assert_num_queries: Counted) -> None:
    accounts = [an_account(), an_account()]
    person = a_person(accounts[0])
    with django_assert_num_queries(1):
        write(*new(*accounts, person))
    assert set(Account.objects.all()) == set(accounts)
    kept = Person.objects.get()
    assert (kept.name, kept.identity_number, kept.birth_date) == ("林知夏", "E12345678", date(1990, 5, 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number FROM accounts_person")
        assert b"E12345678" not in bytes(cursor.fetchone()[0]), "a sealed column is sealed here too"
    person.name = "林晚晴"
    person.save(update_fields=["name"])
    assert Person.objects.get().name == "林晚晴", "the row counts as saved"


def test_changes_and_deletions_join_in(django_assert_num_queries: Counted) -> None:
    account, other = an_account(), an_account("other")
    person, third = a_person(account), an_account("third")
    write(*new(account, other, person))
    account.language, account.phone = "en", "13900001234"
    with django_assert_num_queries(1):
        write(changed(account, "language"), *new(third), *gone(other))
    account.refresh_from_db()
    assert (account.language, account.phone) == ("en", ""), "only what was named"
    assert set(Account.objects.values_list("username", flat=True)) == {account.username, "third"}
    write(*gone(account, Person))
    assert not Person.objects.exists()
    with pytest.raises(ValueError, match="has not all"):
        changed(third, "language", "colour")


def test_very_much_is_sent_in_one_message(django_assert_num_queries: Counted) -> None:
    """Too many values for one statement that is kept parsed: signs that mean something to the database stay texts."""
    names = ["'; DROP TABLE accounts_account; --", "100 %s", "\\", *(new_id().hex for _account in range(9))]
    people = [an_account(name) for name in names]
    with django_assert_num_queries(1):
        write(*(change for account in people for change in new(account)))
    assert set(Account.objects.values_list("username", flat=True)) == set(names)
    with pytest.raises(IntegrityError), transaction.atomic():
        write(*(change for name in [*"abcdefgh", names[0]] for change in new(an_account(name))))
    assert Account.objects.count() == 12


def test_the_statement_that_fails_undoes_all() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(*new(an_account("same"), an_account("other"), an_account("same")))
    assert not Account.objects.exists()
    write()


def test_a_key_that_is_there_decides() -> None:
    (written,) = write_unless_there(an_account("same"))
    assert written._state.adding is False
    fresh = write_unless_there(an_account("same"), an_account("other"), an_account("other"))
    assert [account.username for account in fresh] == ["other"]
    assert write_unless_there(an_account("same")) == write_unless_there() == []
    assert Account.objects.count() == 2


def test_a_key_that_is_there_decides_among_many() -> None:
    """So many go as one document; what cannot be written because of its key keeps none of the others."""
    write(*new(an_account("0"), an_account("7")))
    many_accounts = [an_account(str(number)) for number in range(MANY + 5)]
    fresh = write_unless_there(*many_accounts, an_account("9"))
    assert fresh == [account for account in many_accounts if account.username not in {"0", "7"}]
    assert not any(account._state.adding for account in fresh)
    assert Account.objects.count() == MANY + 5


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_outside_a_transaction() -> None:
    with pytest.raises(OutsideTransaction):
        write(*new(an_account()))
    with in_transaction():
        write(*new(an_account("kept")))
        with in_transaction():
            write(*new(an_account("kept too")))
    with pytest.raises(IntegrityError), in_transaction():
        write(*new(an_account("undone"), an_account("kept")))
    assert set(Account.objects.values_list("username", flat=True)) == {"kept", "kept too"}


@compiled_once
def by_language(language: str, day: date) -> QuerySet[Person]:
    people = Person.objects.select_related("account")
    return people.filter(account__language=language, birth_date__gte=day).order_by("name")


def test_a_compiled_query_answers_like_its_builder(django_assert_num_queries: Counted) -> None:
    write(*new(*(accounts := [an_account(str(number)) for number in range(3)])))
    accounts[2].language = "en"
    write(changed(accounts[2], "language"), *new(*(a_person(one, f"甲{one.username}") for one in accounts)))
    for language, names in (("zh-hans", ["甲0", "甲1"]), ("en", ["甲2"]), ("fr", [])):
        with django_assert_num_queries(1):
            found = by_language(language, date(1990, 1, 1))
            assert [person.name for person in found] == names
            assert {person.account.language for person in found if person.account} <= {language}
    assert by_language.first("en", date(1990, 5, 2)) is None
    [person] = by_language("en", date(1990, 5, 1))
    assert (person.identity_number, person.birth_date) == ("E12345678", date(1990, 5, 1))


def test_deferred_columns_come_when_asked_for(django_assert_num_queries: Counted) -> None:
    write(*new(account := an_account(), a_person(account)))
    lean = compiled_once(lambda key: Person.objects.filter(id=key).only("name"))
    person = lean.first(Person.objects.get().id)
    assert person is not None
    with django_assert_num_queries(1):
        assert person.identity_number == "E12345678"


def test_a_value_that_is_no_parameter_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="changes or leaves out an argument"):
        compiled_once(lambda name: Person.objects.filter(name__startswith=name)).first("林")


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction_the_second_time_too() -> None:
    locking = compiled_once(lambda key: Account.objects.select_for_update().filter(id=key))
    with transaction.atomic():
        assert locking.first(new_id()) is None
    with pytest.raises(TransactionManagementError):
        locking.first(new_id())


@pytest.mark.django_db(transaction=True)
def test_threads_share_what_was_worked_out() -> None:
    with transaction.atomic():
        write(*new(*(accounts := [an_account() for _number in range(4)])))
    by_name = compiled_once(lambda name: Account.objects.filter(username=name))
    found: list[Account | None] = []

    def ask(account: Account) -> None:
        found.extend(by_name.first(account.username) for _time in range(5))
        connection.close()

    threads = [threading.Thread(target=ask, args=(account,)) for account in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(one) for one in found) == sorted(str(account) for account in accounts for _time in range(5))


def test_many_rows_go_as_one_document_and_come_out_the_same(django_assert_num_queries: Counted) -> None:
    """Whatever a column holds: sealed bytes, documents, signs that mean something, nothing at all."""
    names = [
        "'; DROP TABLE accounts_account; --",
        "100 %s",
        "\\",
        '"',
        "龘\U00020bb7",
        "a\nb",
        *(new_id().hex for _one in range(MANY)),
    ]
    few, more = [an_account(f"few {name}"[:100]) for name in names], [an_account(name) for name in names]
    people = [a_person(account, f"名{place}") for place, account in enumerate(more)]
    people[0].birth_date = None
    with django_assert_num_queries(1):
        write(*new(*more, *people))
    for account in few:
        write(*new(account))
    columns = [field.attname for field in Account._meta.concrete_fields if field.attname not in {"id", "username"}]
    by_name = {account.username: account for account in Account.objects.all()}
    for name in names:
        one, other = by_name[name], by_name[f"few {name}"[:100]]
        assert [getattr(one, column) for column in columns] == [getattr(other, column) for column in columns]
    kept = {person.name: person for person in Person.objects.all()}
    for person in people:
        for field in Person._meta.concrete_fields:
            found, given = getattr(kept[person.name], field.attname), getattr(person, field.attname)
            assert (bytes(found) if isinstance(found, memoryview) else found) == given, field.name
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number FROM accounts_person")
        assert all(b"E12345678" not in bytes(row[0]) for row in cursor.fetchall()), "sealed columns are sealed here too"
    people[1].name = "林晚晴"
    people[1].save(update_fields=["name"])
    assert Person.objects.filter(name="林晚晴").exists(), "the rows count as saved"


def test_what_has_no_place_in_a_document_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        many([{"column": object()}])
    assert many([{"a": new_id(), "b": date(2026, 3, 2), "c": b"\x01", "d": Jsonb({"e": [1, None]})}]).endswith(
        '"b":"2026-03-02","c":"\\\\x01","d":{"e":[1,null]}}]'
    )
