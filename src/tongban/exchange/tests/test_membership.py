"""Taking part: members, keys, directories, services and numbers that are used once, in the database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction
from tests.standing import standing

from tongban.base.actor import NOBODY, SYSTEM
from tongban.base.errors import Refusal
from tongban.exchange import errors
from tongban.exchange.actions import membership, passing
from tongban.exchange.door import known
from tongban.exchange.models import KnownDirectory, OwnKey, Passage, UsedNonce
from tongban.exchange.queries import membership as queries
from tongban.exchange.rules.neighbours.directory import told_of
from tongban.exchange.rules.neighbours.keys import MOST_AT_ONCE, SETTLING
from tongban.exchange.rules.signatures.verifying import Believed
from tongban.exchange.rules.xroad.identifiers import client_of
from tongban.ledger.rules.notes import LOG, Signer

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
ISSUER = Signer("province.example/directory", LOG, b"\x07" * 32)


def join(member: str = "CN/GOV/yunlan", **more: Any) -> None:
    place = membership.OwnPlace(
        member=member, name="云澜市", address="https://yunlan.example:8444", issuers=[str(ISSUER.key)], **more
    )
    membership.join(actor=SYSTEM, place=place, now=NOW)


def refused(code: str, call: Any, **arguments: Any) -> None:
    before = standing()
    with pytest.raises(Refusal) as caught:
        call(**arguments)
    assert caught.value.code == code
    assert str(caught.value)
    assert standing() == before


def test_an_installation_joins_and_is_found_in_the_directory() -> None:
    join()
    key = membership.make_key(actor=SYSTEM, now=NOW)
    membership.admit(actor=SYSTEM, description=told_of(queries.description(NOW)), now=NOW)
    membership.issue(actor=SYSTEM, signer=ISSUER, now=NOW)
    known = queries.directory(NOW)
    assert [str(one.id) for one in known.members] == ["CN/GOV/yunlan"]
    assert queries.place(NOW).key.id == key.key_id
    assert queries.verifying_key(known, key.key_id, of=client_of("CN/GOV/yunlan/any"), now=NOW)
    assert queries.verifying_key(known, key.key_id, of=client_of("CN/GOV/other"), now=NOW) is None
    assert "secret" not in KnownDirectory.objects.get().note


def test_a_key_is_changed_without_a_pause_and_one_that_was_taken_back_never_returns() -> None:
    join()
    old = membership.make_key(actor=SYSTEM, now=NOW)
    membership.admit(actor=SYSTEM, description=told_of(queries.description(NOW)), now=NOW)
    before = told_of(queries.description(NOW))
    later = NOW + timedelta(days=1)
    new = membership.make_key(actor=SYSTEM, now=later)
    membership.admit(actor=SYSTEM, description=told_of(queries.description(later)), now=later)
    membership.issue(actor=SYSTEM, signer=ISSUER, now=later)
    known = queries.directory(later)
    assert all(queries.verifying_key(known, one.key_id, of=None, now=later) for one in (old, new))
    assert queries.place(later).key.id == old.key_id
    assert queries.place(later + SETTLING).key.id == new.key_id
    after = later + timedelta(hours=2)
    membership.end_key(actor=SYSTEM, key_id=old.key_id, now=after)
    membership.admit(actor=SYSTEM, description=told_of(queries.description(after)), now=after)
    refused("key_taken", membership.admit, actor=SYSTEM, description=before, now=after)
    assert queries.place(after).key.id == new.key_id


def test_a_key_of_another_member_is_not_taken() -> None:
    join()
    membership.make_key(actor=SYSTEM, now=NOW)
    told = told_of(queries.description(NOW))
    membership.admit(actor=SYSTEM, description=told, now=NOW)
    refused("key_taken", membership.admit, actor=SYSTEM, description=told | {"id": "CN/GOV/other"}, now=NOW)


def test_a_removed_member_is_gone_from_the_next_directory() -> None:
    join()
    key = membership.make_key(actor=SYSTEM, now=NOW)
    membership.admit(actor=SYSTEM, description=told_of(queries.description(NOW)), now=NOW)
    membership.issue(actor=SYSTEM, signer=ISSUER, now=NOW)
    first = KnownDirectory.objects.get()
    membership.remove(actor=SYSTEM, member="CN/GOV/yunlan", now=NOW)
    membership.issue(actor=SYSTEM, signer=ISSUER, now=NOW)
    assert queries.verifying_key(queries.directory(NOW), key.key_id, of=None, now=NOW) is None
    refused("unfit_description", membership.take_directory, note=first.note, now=NOW)
    refused("not_in_this_state", membership.remove, actor=SYSTEM, member="CN/GOV/yunlan", now=NOW)


def test_a_directory_that_was_changed_in_the_database_or_has_expired_is_not_used() -> None:
    join()
    membership.make_key(actor=SYSTEM, now=NOW)
    membership.admit(actor=SYSTEM, description=told_of(queries.description(NOW)), now=NOW)
    row = membership.issue(actor=SYSTEM, signer=ISSUER, now=NOW)
    with pytest.raises(errors.NoDirectory):
        queries.directory(row.expires_at)
    KnownDirectory.objects.update(note=row.note.replace("yunlan.example", "forger.example"))
    with pytest.raises(errors.NoDirectory):
        queries.directory(NOW)


def test_who_is_nobody_takes_no_part() -> None:
    with pytest.raises(errors.NoMembership):
        queries.place(NOW)
    with pytest.raises(errors.NoMembership):
        queries.directory(NOW)
    refused("no_membership", membership.take_directory, note="", now=NOW)
    join()
    with pytest.raises(errors.NoKey):
        queries.place(NOW)
    with pytest.raises(errors.NoDirectory):
        queries.directory(NOW)


def test_only_the_centre_changes_anything() -> None:
    join()
    for call, arguments in (
        (membership.join, {"place": membership.OwnPlace(member="a/b/c", name="x", address="https://x")}),
        (membership.make_key, {}),
        (membership.end_key, {"key_id": "x"}),
        (membership.admit, {"description": {}}),
        (membership.remove, {"member": "x"}),
        (membership.issue, {"signer": ISSUER}),
        (passing.offer, {"offered": passing.Offer(subsystem="s", code="c", address="http://x")}),
        (passing.register_system, {"client": "a/b/c", "networks": ["10.0.0.0/8"]}),
    ):
        refused("only_the_centre", call, actor=NOBODY, now=NOW, **arguments)


@pytest.mark.parametrize(
    "wrong", [{"member": "CN/GOV"}, {"address": "http://x.example"}, {"issuers": ["rubbish"]}, {"name": "a\nb"}]
)
def test_what_is_no_place_is_refused(wrong: dict[str, Any]) -> None:
    values: dict[str, Any] = {"member": "CN/GOV/a", "name": "x", "address": "https://x.example"} | wrong
    refused("unfit_description", membership.join, actor=SYSTEM, place=membership.OwnPlace(**values), now=NOW)


def test_there_are_never_more_keys_than_a_member_may_have() -> None:
    join()
    for _ in range(MOST_AT_ONCE):
        membership.make_key(actor=SYSTEM, now=NOW)
    refused("not_in_this_state", membership.make_key, actor=SYSTEM, now=NOW)
    assert "".join(OwnKey.objects.values_list("public", flat=True))


def test_a_number_is_used_once_and_forgotten_when_its_signature_has_expired() -> None:
    believed = Believed("key", "nonce-nonce-nonce", int(NOW.timestamp()), int(NOW.timestamp()) + 90)
    passing.use_once(believed=believed, now=NOW)
    refused("signature_replayed", passing.use_once, believed=believed, now=NOW)
    passing.use_once(believed=Believed("other", believed.nonce, believed.created, believed.remember_until), now=NOW)
    assert passing.forget_old_nonces(now=NOW + timedelta(seconds=90)) == 0
    assert passing.forget_old_nonces(now=NOW + timedelta(seconds=91)) == 2
    assert not UsedNonce.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "listMethods"},
        {"address": "ftp://x"},
        {"address": "http://user@x"},
        {"address": ""},
        {"subsystem": ".."},
        {"address": "http://x?a=1"},
    ],
)
def test_what_is_no_service_is_refused(wrong: dict[str, Any]) -> None:
    values: dict[str, Any] = {"subsystem": "registers", "code": "pets", "address": "http://127.0.0.1:9"} | wrong
    refused("unfit_description", passing.offer, actor=SYSTEM, offered=passing.Offer(**values), now=NOW)


def test_rights_are_given_once_and_taken_back() -> None:
    service = passing.offer(
        actor=SYSTEM, offered=passing.Offer(subsystem="registers", code="pets", address="http://127.0.0.1:9"), now=NOW
    )
    one = passing.allow(actor=SYSTEM, service_id=service.id, client="CN/GOV/a/b", method="GET", path="/pets/*", now=NOW)
    assert (
        passing.allow(
            actor=SYSTEM, service_id=service.id, client="CN/GOV/a/b", method="GET", path="/pets/*", now=NOW
        ).id
        == one.id
    )
    passing.forbid(actor=SYSTEM, right_id=one.id, now=NOW)
    refused("not_in_this_state", passing.forbid, actor=SYSTEM, right_id=one.id, now=NOW)
    refused(
        "unfit_description",
        passing.allow,
        actor=SYSTEM,
        service_id=service.id,
        client="CN/GOV/a/b",
        method="TRACE",
        now=NOW,
    )
    refused("unfit_description", passing.allow, actor=SYSTEM, service_id=service.id, client="CN", now=NOW)
    passing.end_offer(actor=SYSTEM, service_id=service.id, now=NOW)
    refused("not_in_this_state", passing.allow, actor=SYSTEM, service_id=service.id, client="CN/GOV/a/b", now=NOW)


def test_rights_end_with_the_service_and_are_not_those_of_the_next_one_by_its_name() -> None:
    offered = passing.Offer(subsystem="registers", code="pets", address="http://127.0.0.1:9")
    service = passing.offer(actor=SYSTEM, offered=offered, now=NOW)
    passing.allow(actor=SYSTEM, service_id=service.id, client="CN/GOV/a/b", now=NOW)
    assert known.endpoints(service, client_of("CN/GOV/a/b"))
    passing.end_offer(actor=SYSTEM, service_id=service.id, now=NOW)
    again = passing.offer(actor=SYSTEM, offered=offered, now=NOW)
    assert known.endpoints(again, client_of("CN/GOV/a/b")) == []


def test_what_has_passed_stands() -> None:
    row = Passage(at=NOW, way="in", method="GET", status=200)
    passing.note_passage(passage=row)
    for change in (lambda: Passage.objects.update(status=500), lambda: Passage.objects.all().delete()):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    assert Passage.objects.get().status == 200
