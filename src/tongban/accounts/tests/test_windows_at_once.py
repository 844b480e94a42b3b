"""Two windows see the same paper at once."""

import threading

import pytest
from django.db import connection, transaction

from tongban.accounts import actions
from tongban.accounts.events import IdentitySeen
from tongban.accounts.models import Person
from tongban.accounts.tests.people import NOW, identity_number
from tongban.base.actor import SYSTEM
from tongban.ledger.queries import history_of


@pytest.mark.django_db(transaction=True)
def test_the_number_that_one_window_noted_is_not_taken_out_by_another() -> None:
    """A number that was only declared goes, once; the one given at a window stays."""
    number = identity_number()

    def seen(phone: str = "", assurance: str = Person.Assurance.SEEN) -> Person:
        return actions.register_person(
            actor=SYSTEM, name="林知夏", identity_kind="resident_identity_card", identity_number=number, phone=phone,
            assurance=assurance, now=NOW,
        )  # fmt: skip

    def at_another_window() -> None:
        try:
            seen()
        finally:
            connection.close()

    person = seen("13900000001", Person.Assurance.DECLARED)
    other = threading.Thread(target=at_another_window)
    with transaction.atomic():
        seen("13900000002")
        other.start()
        other.join(timeout=2)
        assert other.is_alive(), "it waits for the row"
    other.join(timeout=30)
    person.refresh_from_db()
    assert (person.phone, person.assurance) == ("13900000002", Person.Assurance.SEEN)
    assert [one.kind for one in history_of("person", person.id)].count(IdentitySeen.kind) == 1
