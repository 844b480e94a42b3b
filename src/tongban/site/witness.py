"""A witness of ledgers (C2SP tlog-witness): a process of its own that signs what only grew.

It needs no database and no Django. It is asked by `POST /add-checkpoint`, remembers of each ledger the largest
checkpoint that it has signed, on disk before it answers, and never signs one that does not hold all of that.
"""

import base64
import binascii
import fcntl
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

from tongban.ledger.rules.notes import WITNESS, Checkpoint, Key, Note, Signer, UnfitNote
from tongban.ledger.rules.tree import EMPTY_ROOT, is_consistent
from tongban.site.configuration import KEY_BYTES, NotConfigured

MOST_STEPS = 63
LARGEST_REQUEST = 256 * 1024
PATIENCE_SECONDS = 10
OF_SIZE, OF_TEXT = "text/x.tlog.size", "text/plain; charset=utf-8"
logger = logging.getLogger("tongban.witness")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: the status, the text and its type."""

    status: HTTPStatus
    text: str
    kind: str = OF_TEXT


class Witness:
    """Its key, the ledgers that it watches, and what it has seen of them."""

    def __init__(self, folder: Path, *, name: str, logs: Sequence[str]) -> None:
        """Take the folder up, or make it. Raises NotConfigured, UnfitNote."""
        (folder / "seen").mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._held = _hold(folder / "lock")
        self._folder = folder
        self._signer = Signer(
            _kept(folder / "name", name), WITNESS, bytes.fromhex(_kept(folder / "key", "", fresh=True))
        )
        self._logs: dict[str, list[Key]] = {}
        for key in map(Key.parse, logs):
            self._logs.setdefault(key.name, []).append(key)

    @property
    def key(self) -> Key:
        """What its signatures are checked with."""
        return self._signer.key

    def close(self) -> None:
        """Let another process take the folder."""
        self._held.close()

    def seen(self, origin: str) -> Checkpoint:
        """Return the largest checkpoint signed of a ledger; before the first, that of an empty one."""
        try:
            return Checkpoint.parse(self._place(origin).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Checkpoint(origin, 0, EMPTY_ROOT)

    def add_checkpoint(self, request: str) -> Answer:
        """Sign a checkpoint, or say why not."""
        try:
            old, proof, whole = _read(request)
            note = Note.parse(whole)
            told = Checkpoint.parse(note.text)
        except UnfitNote as unfit:
            return Answer(HTTPStatus.BAD_REQUEST, f"{unfit}\n")
        keys = self._logs.get(told.origin)
        if keys is None:
            return Answer(HTTPStatus.NOT_FOUND, "this ledger is not watched here\n")
        if not any(note.signed_by(key) for key in keys):
            return Answer(HTTPStatus.FORBIDDEN, "no signature is of a key that is trusted here\n")
        if old > told.size:
            return Answer(HTTPStatus.BAD_REQUEST, "the old size is beyond the new one\n")
        with self._lock:
            return self._judge(note, told, old, proof)

    def _judge(self, note: Note, told: Checkpoint, old: int, proof: Sequence[bytes]) -> Answer:
        seen = self.seen(told.origin)
        if old != seen.size:
            return Answer(HTTPStatus.CONFLICT, f"{seen.size}\n", OF_SIZE)
        if old == told.size and seen.root != told.root:
            logger.error("origin=%s shows two trees of %s leaves", told.origin, old)
            return Answer(HTTPStatus.CONFLICT, f"{seen.size}\n", OF_SIZE)
        if not is_consistent(old, told.size, seen.root, told.root, proof):
            logger.error("origin=%s size=%s does not hold the %s leaves seen before", told.origin, told.size, old)
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "the proof does not lead from the old tree to the new one\n")
        self._remember(note, told)
        return Answer(HTTPStatus.OK, self._signer.signature(note.text, time=int(time.time())))

    def _remember(self, note: Note, told: Checkpoint) -> None:
        """Write beside and rename, so that what was seen is there whole, and on disk."""
        place = self._place(told.origin)
        fresh = place.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(note.text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _place(self, origin: str) -> Path:
        return self._folder / "seen" / sha256(origin.encode()).hexdigest()


def _hold(path: Path) -> IO[bytes]:
    """Let no second process sign from the same folder: of two that agree on nothing, each would be right."""
    held = path.open("ab")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        message = f"{path.parent}: another witness works from this folder."
        raise NotConfigured(message) from None
    return held


def _kept(path: Path, told: str, *, fresh: bool = False) -> str:
    """Return what is kept in a file; at the first start what was told, or a fresh key."""
    if path.exists():
        kept = path.read_text(encoding="utf-8").strip()
        if told and kept != told:
            message = f"{path} says {kept}: the name of a witness does not change."
            raise NotConfigured(message)
        return kept
    kept = secrets.token_hex(KEY_BYTES) if fresh else told
    if not kept or any(sign.isspace() or sign == "+" for sign in kept):
        message = "Say --name at the first start: a name without spaces and without +, such as the host it runs on."
        raise NotConfigured(message)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - a mode is wanted
        file.write(kept)
        file.flush()
        os.fsync(file.fileno())
    return kept


def _read(request: str) -> tuple[int, list[bytes], str]:
    """Return old size, proof and note of a request. Raises UnfitNote."""
    head, parted, note = request.partition("\n\n")
    first, *steps = head.split("\n")
    size = first.removeprefix("old ")
    if (
        not parted
        or not first.startswith("old ")
        or not size.isascii()
        or not size.isdecimal()
        or str(int(size)) != size
    ):
        message = "a request begins with a line such as: old 20852014"
        raise UnfitNote(message)
    try:
        proof = [base64.b64decode(step, validate=True) for step in steps]
    except (binascii.Error, ValueError):
        proof = [b""]
    if len(proof) > MOST_STEPS or any(len(step) != KEY_BYTES for step in proof):
        message = f"a proof is up to {MOST_STEPS} lines of base64, 32 bytes each"
        raise UnfitNote(message)
    return int(size), proof, note


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    witness: Witness


class _Handler(BaseHTTPRequestHandler):
    """Reads one request and answers it."""

    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_SECONDS

    def do_POST(self) -> None:
        """Answer `add-checkpoint`."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint" or not length.isdecimal():
            return self._answer(Answer(HTTPStatus.NOT_FOUND, "there is nothing here\n"), close=True)
        if int(length) > LARGEST_REQUEST:
            return self._answer(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large\n"), close=True)
        try:
            request = self.rfile.read(int(length)).decode()
        except UnicodeDecodeError:
            return self._answer(Answer(HTTPStatus.BAD_REQUEST, "not UTF-8\n"))
        return self._answer(self.server.witness.add_checkpoint(request))

    def do_GET(self) -> None:
        """Show the key; whoever trusts it has compared it with one from elsewhere."""
        if self.path == "/key":
            return self._answer(Answer(HTTPStatus.OK, f"{self.server.witness.key}\n"))
        return self._answer(Answer(HTTPStatus.NOT_FOUND, "there is nothing here\n"))

    def _answer(self, answer: Answer, *, close: bool = False) -> None:
        told = answer.text.encode()
        self.close_connection = self.close_connection or close
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing of requests that were answered: what is wrong is logged where it is judged."""


def serve(folder: Path, *, name: str, logs: Sequence[str], listen: str) -> int:
    """Be a witness until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    if not logs:
        message = "Say --log KEY for each ledger to watch; `tongban ledger key` prints it there."
        raise NotConfigured(message)
    try:
        witness = Witness(folder, name=name, logs=logs)
    except UnfitNote as unfit:
        raise NotConfigured(str(unfit)) from unfit
    address, _, port = listen.rpartition(":")
    with _Server((address.strip("[]"), int(port)), _Handler) as server:
        server.witness = witness
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, lambda *_what: threading.Thread(target=server.shutdown).start())
        sys.stdout.write(f"{witness.key} http://{address}:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()
    witness.close()
    return 0
