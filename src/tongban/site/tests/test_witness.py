"""A witness in a process of its own signs what only grew, and nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.base.ids import new_id
from tongban.base.postgres.login import Login
from tongban.ledger import actions, queries
from tongban.ledger.models import Cosignature
from tongban.ledger.rules.notes import LOG, WITNESS, Checkpoint, Key, Note, Signer
from tongban.ledger.rules.tiles import Edge
from tongban.ledger.rules.tree import leaf_hash
from tongban.ledger.tests.happenings import LampLit
from tongban.ledger.tests.test_growing import seal
from tongban.site.configuration import NotConfigured
from tongban.site.witness import Witness

ORIGIN = "city.example/ledger"
LOG_OF_CITY = Signer(ORIGIN, LOG, bytes(range(32)))


def root(size: int, *, changed: int = -1) -> bytes:
    edge = Edge()
    assert list(edge.grow(leaf_hash(b"x" if place == changed else bytes([place])) for place in range(size))) == []
    return edge.root()


def request(old: int, size: int, *, changed: int = -1, proof: str = "", signer: Signer = LOG_OF_CITY) -> str:
    note = Checkpoint(signer.name, size, root(size, changed=changed)).signed(signer)
    return f"old {old}\n{proof}\n{note}"


def steps(*hashes: bytes) -> str:
    return "".join(f"{step}\n" for step in queries.encoded(hashes))


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    made = Witness(tmp_path / "w", name="archive.example", logs=[str(LOG_OF_CITY.key)])
    yield made
    made.close()


def test_it_signs_what_grew_and_remembers_it(witness: Witness, tmp_path: Path) -> None:
    first = witness.add_checkpoint(request(0, 2))
    assert first.status == 200
    note = Note.parse(Checkpoint(ORIGIN, 2, root(2)).signed(LOG_OF_CITY) + first.text)
    signed = note.signed_by(witness.key)
    assert signed is not None
    assert abs((signed.time or 0) - now().timestamp()) < 60
    assert note.signed_by(Key(witness.key.name, WITNESS, bytes(32))) is None
    right = edge_hash(2, 4)
    assert witness.add_checkpoint(request(2, 4, proof=steps(right))).status == 200
    witness.close()
    again = Witness(tmp_path / "w", name="", logs=[str(LOG_OF_CITY.key)])
    assert again.key == witness.key
    assert (again.seen(ORIGIN).size, again.seen(ORIGIN).root) == (4, root(4))
    assert again.add_checkpoint(request(4, 4)).status == 200
    again.close()


def edge_hash(begin: int, end: int) -> bytes:
    edge = Edge()
    assert list(edge.grow(leaf_hash(bytes([place])) for place in range(begin, end))) == []
    return edge.root()


@pytest.mark.parametrize(
    ("asked", "status", "answered"),
    [
        (request(2, 4, proof=steps(bytes(32))), 422, ""),
        (request(2, 4), 422, ""),
        (request(2, 4, changed=0, proof=steps(edge_hash(2, 4))), 422, ""),
        (request(2, 2, changed=1), 409, "2\n"),
        (request(0, 4), 409, "2\n"),
        (request(3, 4), 409, "2\n"),
        (request(4, 2), 400, ""),
        (request(2, 4, signer=Signer(ORIGIN, LOG, bytes(32))), 403, ""),
        (request(2, 4, signer=Signer("elsewhere.example", LOG, bytes(32))), 404, ""),
        (request(2, 4, proof=steps(*[bytes(32)] * 64)), 400, ""),
        (request(2, 4, proof="AAAA\n"), 400, ""),
        (request(2, 4, proof="?\n"), 400, ""),
        (request(2, 4).replace("old 2", "old 02"), 400, ""),
        (request(2, 4).replace("old 2", "old ²"), 400, ""),
        (request(2, 4).replace("\n4\n", "\n04\n"), 400, ""),
        ("", 400, ""),
        ("old 2\n\n", 400, ""),
        ("old 2\n\n\n\n", 400, ""),
        (request(2, 4).rstrip("\n"), 400, ""),
    ],
)
def test_it_signs_nothing_else(witness: Witness, asked: str, status: int, answered: str) -> None:
    assert witness.add_checkpoint(request(0, 2)).status == 200
    answer = witness.add_checkpoint(asked)
    assert answer.status == status
    assert not answered or answer.text == answered
    assert "\N{EM DASH}" not in answer.text
    assert (witness.seen(ORIGIN).size, witness.seen(ORIGIN).root) == (2, root(2))


def test_two_do_not_share_a_folder_and_none_changes_its_name(witness: Witness, tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="another witness"):
        Witness(tmp_path / "w", name="archive.example", logs=[])
    witness.close()
    with pytest.raises(NotConfigured, match="does not change"):
        Witness(tmp_path / "w", name="other.example", logs=[])
    with pytest.raises(NotConfigured, match="--name"):
        Witness(tmp_path / "new", name="", logs=[])


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A witness of our own ledger, as an operator starts it; its key and its address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN", "DATABASE"))}
    arguments = ["ledger", "witness", "--folder", str(tmp_path / "w"), "--name", "archive.example"]
    arguments += ["--log", str(queries.log_key()), "--listen", "127.0.0.1:0"]
    started = subprocess.Popen(
        [sys.executable, "-m", "tongban", *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    key, _, address = started.stdout.readline().strip().partition(" ")
    yield key, address
    started.terminate()
    assert started.wait(10) == 0


def light(number: int) -> None:
    with transaction.atomic():
        for _lamp in range(number):
            actions.record(LampLit(new_id()), actor=SYSTEM, now=now())
    seal(now())


@pytest.mark.django_db(transaction=True)
def test_a_second_process_signs_our_checkpoints(process: tuple[str, str], settings: Any) -> None:
    settings.TONGBAN_LEDGER_WITNESSES = (process,)
    witness = Key.parse(process[0])
    assert actions.ask_witnesses(now=now()) == 0, "there is nothing to sign yet"
    light(3)
    assert actions.ask_witnesses(now=now()) == 1
    assert actions.ask_witnesses(now=now()) == 0, "it has signed this one"
    light(300)
    Cosignature.objects.all().delete()  # what it has seen it tells itself
    assert actions.ask_witnesses(now=now()) == 1
    note = Note.parse(Client().get("/ledger/checkpoint/witnessed").content.decode())
    assert note.signed_by(witness)
    assert note.signed_by(queries.log_key())
    light(1)
    assert queries.proof_of(2).tree.size == 303, "proofs are for what was witnessed, where that is enough"
    assert queries.proof_of(304).tree.size == 304


@pytest.mark.django_db(transaction=True)
def test_a_ledger_that_was_rewritten_gets_no_signature(
    process: tuple[str, str], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TONGBAN_LEDGER_WITNESSES = (process,)
    light(3)
    assert actions.ask_witnesses(now=now()) == 1
    known = connection.settings_dict
    owner = Login(known["NAME"], settings.TONGBAN_ROLES.owner, known["HOST"], str(known["PORT"]))
    with psycopg.connect(owner.address) as line:
        line.execute("TRUNCATE ledger_event, ledger_leaf, ledger_checkpoint, ledger_cosignature CASCADE")
    light(3)
    assert actions.ask_witnesses(now=now()) == 0
    light(2)
    assert actions.ask_witnesses(now=now()) == 0
    assert not Cosignature.objects.exists()
    assert "archive.example did not sign" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_witness_that_is_down_holds_nobody_up(settings: Any) -> None:
    settings.TONGBAN_LEDGER_WITNESSES = ((str(Signer("w", WITNESS, bytes(32)).key), "http://127.0.0.1:9"),)
    light(2)
    assert actions.ask_witnesses(now=now()) == 0
    light(1)
    assert queries.proof_of(3).tree.size == 3
