"""Ask witnesses to sign the newest checkpoint (C2SP tlog-witness). One that is down delays proofs, and nothing else."""

import http.client
import logging
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from tongban.ledger import queries
from tongban.ledger.rules.notes import Key, Note, UnfitNote, read_signature

PATIENCE_SECONDS = 10
LARGEST_ANSWER = 64 * 1024
KNOWS_ANOTHER_SIZE = 409
logger = logging.getLogger("tongban.ledger")


class NoAnswer(Exception):  # noqa: N818 - says how it ended
    """The witness did not answer, refused, or answered what it had not to."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    text: str


def ask_witnesses(*, now: datetime) -> int:
    """Have the newest checkpoint signed by each witness that has not done so. Returns how many did now.

    Asks over the network: never within a transaction.
    """
    signed = 0
    for told, address in settings.TONGBAN_LEDGER_WITNESSES:
        newest = queries.latest_checkpoint()
        if newest is None:
            return signed
        try:
            signed += _ask(Key.parse(told), address, newest, now)
        except (NoAnswer, UnfitNote) as fault:
            logger.warning("witness=%s did not sign: %s", told.partition("+")[0], fault)
    return signed


def _ask(witness: Key, address: str, newest: queries.SignedTree, now: datetime) -> bool:
    known = _signed_by(witness)
    if known >= newest.size:
        return False
    answer = _send(address, _request(known, newest))
    if answer.status == KNOWS_ANOTHER_SIZE and answer.text.strip().isdecimal():
        size = int(answer.text)
        if size > newest.size:
            message = f"it has seen {size} leaves, and there are {newest.size}: was an old backup put back?"
            raise NoAnswer(message)
        answer = _send(address, _request(size, newest))
    if answer.status != http.client.OK:
        message = f"it answered {answer.status}: {answer.text[:200].strip()}"
        raise NoAnswer(message)
    _keep(witness, newest, answer.text, now)
    return True


def _signed_by(witness: Key) -> int:
    """Return the size of the last checkpoint that a witness has signed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(checkpoint_id), 0) FROM ledger_cosignature WHERE name = %s", [witness.name])
        return int(cursor.fetchone()[0])


def _request(old: int, newest: queries.SignedTree) -> bytes:
    steps = "".join(f"{step}\n" for step in queries.encoded(queries.consistency(old, newest.size)))
    return f"old {old}\n{steps}\n{newest.note}".encode()


def _send(address: str, body: bytes) -> _Answer:
    request = urllib.request.Request(f"{address}/add-checkpoint", data=body, method="POST")  # noqa: S310 - configured
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - http or https, see site
            return _Answer(answer.status, answer.read(LARGEST_ANSWER).decode())
    except urllib.error.HTTPError as refused:
        return _Answer(refused.code, refused.read(LARGEST_ANSWER).decode(errors="replace"))
    except (OSError, http.client.HTTPException, UnicodeDecodeError) as fault:
        message = f"no answer ({type(fault).__name__})"
        raise NoAnswer(message) from fault


def _keep(witness: Key, newest: queries.SignedTree, lines: str, now: datetime) -> None:
    """Keep the signature of the witness, and the checkpoint with it: the sealer may have dropped that one meanwhile."""
    note = Note.parse(newest.note)
    line = next((line for line in lines.splitlines() if _is_right(witness, note, line)), None)
    if line is None:
        message = "it answered without a signature of its own"
        raise NoAnswer(message)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_checkpoint (size, root, key, note, made_at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [newest.size, newest.root, newest.key, newest.own, now],
        )
        cursor.execute(
            "INSERT INTO ledger_cosignature (checkpoint_id, name, line, seen_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [newest.size, witness.name, f"{line}\n", now],
        )


def _is_right(witness: Key, note: Note, line: str) -> bool:
    try:
        signature = read_signature(line)
    except UnfitNote:
        return False
    return Note(note.text, (signature,)).signed_by(witness) is not None
