"""Whoever can write past the triggers changes something; verification says what."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.base.postgres.embedded import SUPERUSER
from tongban.ledger import actions, kinds, log_of_ours, queries
from tongban.ledger.models import ChainLink, Checkpoint, Event, Leaf, Statement
from tongban.ledger.rules import canonical, notes, tiles, tree
from tongban.ledger.tests.happenings import LampLit, RoomBright
from tongban.ledger.tests.test_growing import seal

pytestmark = pytest.mark.django_db(transaction=True)
Break = Callable[[str], None]
PERSONS = [new_id() for _person in range(3)]


@pytest.fixture
def by_force(transactional_db: None) -> Iterator[Break]:
    """Run statements as the superuser of the server, whom no trigger and no foreign key stops."""
    before = dict(connection.settings_dict)
    connection.close()
    options = {name: value for name, value in before["OPTIONS"].items() if name != "role"}
    path = f"-c search_path={settings.TONGBAN_SCHEMA}"
    connection.settings_dict.update(USER=SUPERUSER, OPTIONS={**options, "options": path})

    def run(statements: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for one in statements.split(";"):
                cursor.execute(one)

    yield run
    connection.close()
    connection.settings_dict.update(before)


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """600 sealed events, every third about one of three persons, their chains stated once in the middle."""
    monkeypatch.setattr(kinds, "CHAINED", {})
    kinds.chained(RoomBright)(lambda event: event.subject_id)
    for part in range(3):
        with transaction.atomic():
            for number in range(200):
                event = (
                    RoomBright(PERSONS[number % 9 // 3]) if number % 3 == 0 else LampLit(new_id(), colour=f"{number}")
                )
                actions.record(event, actor=SYSTEM, now=now + timedelta(minutes=part))
        seal(now + timedelta(minutes=part))
        if part == 1:
            assert actions.state_chains(now.date(), now=now)
    return now


def found(**more: object) -> list[queries.Finding]:
    verification = queries.Verification(keys=[log_of_ours.key()], **more)  # type: ignore[arg-type]
    return list(verification.findings())


def test_a_ledger_that_nobody_touched_is_as_it_was_sealed(ledger: datetime) -> None:
    verification = queries.Verification(keys=[log_of_ours.key()])
    assert list(verification.findings()) == []
    done = verification.done
    assert (done.events, done.checkpoints, done.chains, done.statements, done.waiting) == (601, 3, 3, 1, 0)


BREAKS = {
    "changed": [
        """UPDATE ledger_event SET data = '{"colour": "green", "keepers": [], "until": null}' WHERE position = 301""",
        "UPDATE ledger_event SET happened_at = happened_at + interval '1 microsecond' WHERE position = 301",
        "UPDATE ledger_event SET actor_kind = 'official' WHERE position = 301",
        "UPDATE ledger_event SET account_id = gen_random_uuid() WHERE position = 301",
        "UPDATE ledger_event SET official_id = gen_random_uuid() WHERE position = 301",
        "UPDATE ledger_event SET post_id = gen_random_uuid() WHERE position = 301",
        "UPDATE ledger_event SET kind = 'tests.lamp' WHERE position = 301",
        "UPDATE ledger_event SET subject_kind = 'lamps' WHERE position = 301",
        "UPDATE ledger_event SET subject_id = gen_random_uuid() WHERE position = 301",
        "UPDATE ledger_event SET uid = gen_random_uuid() WHERE position = 301",
    ],
    "removed": [
        "DELETE FROM ledger_event WHERE position = 301",
        """
        DELETE FROM ledger_event WHERE position = 301;
        UPDATE ledger_event SET position = -position WHERE position > 301;
        UPDATE ledger_event SET position = -position - 1 WHERE position < 0
        """,
    ],
    "inserted": [
        """
        UPDATE ledger_event SET position = -position WHERE position >= 301;
        UPDATE ledger_event SET position = -position + 1 WHERE position < 0;
        INSERT INTO ledger_event (uid, kind, happened_at, actor_kind, subject_kind, subject_id, data, transaction,
            position) VALUES (gen_random_uuid(), 'x.y', now(), 'system', 'lamp', gen_random_uuid(), '{}', 1, 301)
        """,
    ],
    "moved": [
        """
        UPDATE ledger_event SET position = -1 WHERE position = 301;
        UPDATE ledger_event SET position = 301 WHERE position = 302;
        UPDATE ledger_event SET position = 302 WHERE position = -1
        """,
        "UPDATE ledger_event SET position = NULL WHERE position = 301",
    ],
    "leaf": ["DELETE FROM ledger_leaf WHERE position = 301"],
    "salt": ["UPDATE ledger_leaf SET salt = NULL WHERE position = 301"],
    "tile": [
        "UPDATE ledger_tile SET hashes = overlay(hashes PLACING '\\xdeadbeef' FROM 7) WHERE number = 1",
        "DELETE FROM ledger_tile WHERE number = 0",
        "INSERT INTO ledger_tile (level, number, hashes, root) SELECT 0, 2, hashes, root FROM ledger_tile WHERE number = 0",
    ],
    "root": [
        "DELETE FROM ledger_leaf WHERE position = 301",
        "UPDATE ledger_leaf SET commitment = salt WHERE position = 2",
    ],
    "shortened": ["DELETE FROM ledger_leaf WHERE position > 400", "DELETE FROM ledger_leaf"],
    "signature": [
        "UPDATE ledger_checkpoint SET note = replace(note, '200', '201') WHERE size = 200",
        "UPDATE ledger_checkpoint SET note = 'nothing' WHERE size = 200",
    ],
    "link": [
        "DELETE FROM ledger_chainlink WHERE position = 100",
        "UPDATE ledger_chainlink SET number = 900 WHERE position = 100",
        "UPDATE ledger_chainlink SET hash = '\\x00' WHERE position = 100",
        "UPDATE ledger_event SET kind = 'tests.room_bright' WHERE position = 99",
        """
        UPDATE ledger_chainlink SET number = -1, chain_id = (
            SELECT key FROM ledger_chain WHERE key <> chain_id ORDER BY key LIMIT 1
        ) WHERE position = 100
        """,
    ],
    "chain": [
        "UPDATE ledger_chain SET count = count - 1",
        "UPDATE ledger_chain SET head = salt",
        "UPDATE ledger_chain SET salt = '\\x00'",
        """
        DELETE FROM ledger_chainlink WHERE position = (SELECT max(position) FROM ledger_chainlink)
        """,
    ],
    "statement": [
        "UPDATE ledger_statement SET chains = 2",
        "UPDATE ledger_statement SET root = '\\x00'",
        "UPDATE ledger_statement SET size = 700",
        "UPDATE ledger_statement SET size = 300",
        "DELETE FROM ledger_statementtile; DELETE FROM ledger_statement",
        "UPDATE ledger_statement SET day = day + 1",
    ],
}


def test_whatever_is_done_is_found(ledger: datetime, by_force: Break) -> None:
    passed = []
    for code, broken in [(code, broken) for code, ways in BREAKS.items() for broken in ways]:
        with transaction.atomic():
            by_force(broken)
            codes = {finding.code for finding in found()}
            transaction.set_rollback(True)
        if code not in codes:
            passed.append(f"{code}: {broken}: {codes}")
    assert not passed, "\n".join(passed)
    assert found() == []


def test_a_single_change_is_told_by_its_place_alone(ledger: datetime, by_force: Break) -> None:
    by_force(BREAKS["changed"][0])
    event = Event.objects.get(position=301)
    assert found() == [queries.Finding("changed", 301, f"event {event.id} at 301 is not as it was sealed")]


def _sealed_anew(by_force: Break) -> None:
    """Do what the strongest insider can without the key: change an event, and make all leaves and tiles fit it."""
    by_force("UPDATE ledger_event SET subject_id = gen_random_uuid() WHERE position = 301")
    (waiting,) = queries.waiting_for_tree(300, limit=1)
    leaf = Leaf.objects.get(position=301)
    fitting = canonical.commitment(bytes(leaf.salt or b""), canonical.text_of(waiting.event))
    by_force(f"UPDATE ledger_leaf SET commitment = '\\x{fitting.hex()}' WHERE position = 301")  # noqa: S608 - our own
    hashes = [tree.leaf_hash(bytes(one.commitment)) for one in Leaf.objects.order_by("position")]
    for (level, number), told, root in tiles.Edge().grow(hashes):
        changed = f"hashes = '\\x{told.hex()}', root = '\\x{root.hex()}'"
        by_force(f"UPDATE ledger_tile SET {changed} WHERE level = {level} AND number = {number}")  # noqa: S608 - our own


def test_who_makes_leaves_and_tiles_fit_is_found_by_the_signature(ledger: datetime, by_force: Break) -> None:
    _sealed_anew(by_force)
    assert {finding.code for finding in found()} == {"root"}


def test_who_has_the_key_as_well_is_found_by_what_others_keep(ledger: datetime, by_force: Break) -> None:
    kept = Checkpoint.objects.latest("size").note
    _sealed_anew(by_force)
    for point in Checkpoint.objects.all():
        forged = notes.Checkpoint(log_of_ours.origin(), point.size, queries.root_at(point.size)).signed(
            log_of_ours.signer()
        )
        by_force(f"UPDATE ledger_checkpoint SET note = '{forged}' WHERE size = {point.size}")  # noqa: S608 - our own
    assert found() == []
    (told,) = found(others=[kept])
    assert told.code == "root"
    assert "that others keep" in told.what


def test_a_note_of_somebody_else_is_no_note_of_ours(ledger: datetime) -> None:
    stranger = notes.Signer(log_of_ours.origin(), notes.LOG, bytes(32))
    note = notes.Checkpoint(log_of_ours.origin(), 200, queries.root_at(200)).signed(stranger)
    assert [finding.code for finding in found(others=[note])] == ["signature"]


def test_what_was_erased_is_no_finding_and_every_proof_stands(ledger: datetime) -> None:
    subject = Event.objects.get(position=2)
    before = {position: queries.proof_of(position) for position in (1, 2, 3, 600)}
    root = queries.root_at(600)
    with transaction.atomic():
        assert actions.erase_salts(subject_kind="lamp", subject_id=subject.subject_id, actor=SYSTEM, now=ledger) == 1
    assert Leaf.objects.get(position=2).salt is None
    assert found() == []
    assert queries.root_at(600) == root
    after = queries.proof_of(2)
    assert (after.text, after.salt) == (None, None)
    for position, proof in before.items():
        leaf = tree.leaf_hash(proof.commitment)
        size = proof.tree.size
        assert tree.root_from_inclusion(leaf, position - 1, size, proof.path) == proof.tree.root
    assert actions.erase_salts(subject_kind="lamp", subject_id=subject.subject_id, actor=SYSTEM, now=ledger) == 0
    seal(ledger)
    verification = queries.Verification(keys=[log_of_ours.key()])
    assert (list(verification.findings()), verification.done.erased) == ([], 1)


def test_chains_are_shown_whole_with_what_was_stated(ledger: datetime) -> None:
    of_person = [event.position for event in Event.objects.filter(subject_id=PERSONS[1]).order_by("position")]
    chain = queries.chain_of(PERSONS[1])
    assert [link.position for link in chain.links] == of_person
    assert [link.number for link in chain.links] == list(range(1, len(of_person) + 1))
    assert chain.stated is not None
    assert chain.stated.count == sum(position is not None and position <= 400 for position in of_person)
    assert chain.stated.head == bytes(ChainLink.objects.get(chain=PERSONS[1], number=chain.stated.count).hash)
    assert Statement.objects.get().chains == 3
    assert not actions.state_chains(ledger.date(), now=ledger), "once a day"
    assert actions.state_chains(ledger.date() + timedelta(days=1), now=ledger)


def test_a_ledger_without_chains_states_nothing(now: datetime) -> None:
    with transaction.atomic():
        actions.record(LampLit(new_id()), actor=SYSTEM, now=now)
    seal(now)
    assert not actions.state_chains(now.date(), now=now)
    assert not Event.objects.filter(kind="ledger.chains_stated").exists()
