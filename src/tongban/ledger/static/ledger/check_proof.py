"""Check a proof from the ledger of a city, without asking anybody: python3 check_proof.py PROOF.json [--key KEY].

One file, nothing but Python 3.9 or later. Read it before you trust it: it is short so that you can.

A proof of an event shows that it is in the ledger as it says, at its place. A proof of a chain shows all events that
concern one person, and that none was left out up to the day of the statement. KEY is a key of the ledger, or of a
witness, that you know from elsewhere (a newspaper, another office, last year's file); without one the key in the file
is used, and you are told so. Exit status 0: proven; 1: not proven; 2: the file cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P
LOG, WITNESS = 1, 4
Point = tuple[int, int, int, int]


class NotProven(Exception):  # noqa: N818 - a statement
    """Something does not fit; the words say what, in Chinese and in English."""

    def __init__(self, chinese: str, english: str) -> None:
        """Say it in both."""
        super().__init__(english)
        self.words = chinese, english


def sha256(*parts: bytes) -> bytes:
    """Return the digest of all parts, one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


# Ed25519, as RFC 8032, section 5.1, has it.


def add(one: Point, two: Point) -> Point:
    """Add two points."""
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    """Add a point to itself so many times."""
    whole: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            whole = add(whole, point)
        point, number = add(point, point), number >> 1
    return whole


def point_of(written: bytes) -> Point | None:
    """Read a point; None when it is not on the curve."""
    number = int.from_bytes(written, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature is of a key over a message."""
    if len(public) != 32 or len(signature) != 64:  # noqa: PLR2004 - sizes of Ed25519
        return False
    key, commitment, answer = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    base = point_of(BASE_Y.to_bytes(32, "little"))
    if key is None or commitment is None or base is None or answer >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left, right = times(answer, base), add(commitment, times(int.from_bytes(digest, "little") % L, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# The tree, as RFC 9162, section 2.1.3.2, has it.


def root_of(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that a proof leads to; None when it is too long or too short."""
    if not 0 <= index < size:
        return None
    number, last, whole = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return None
        if number & 1 or number == last:
            whole = sha256(b"\x01", step, whole)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            whole = sha256(b"\x01", whole, step)
        number, last = number >> 1, last >> 1
    return whole if last == 0 else None


# Signed notes, as C2SP has them.


class Key:
    """A public key: name, kind, 32 bytes; written name+id+material."""

    def __init__(self, name: str, kind: int, public: bytes) -> None:
        """Take its parts."""
        self.name, self.kind, self.public = name, kind, public
        self.id = sha256(f"{name}\n".encode(), bytes([kind]), public)[:4]

    @classmethod
    def parse(cls, told: str) -> Key:
        """Read it."""
        name, key_id, material = told.strip().split("+", 2)
        whole = base64.b64decode(material, validate=True)
        key = cls(name, whole[0], whole[1:])
        if key.id.hex() != key_id or len(key.public) != 32 or key.kind not in {LOG, WITNESS}:  # noqa: PLR2004
            raise ValueError(told)
        return key


class Note:
    """A signed text about a tree: name of the ledger, number of leaves, root, further lines."""

    def __init__(self, whole: str) -> None:
        """Read it."""
        text, _, below = whole.rpartition("\n\n")
        self.text = f"{text}\n"
        self.origin, size, root, *self.more = text.split("\n")
        self.size, self.root = int(size), base64.b64decode(root, validate=True)
        self.signatures: list[tuple[str, bytes, bytes]] = []
        for line in below.strip().split("\n"):
            name, _, material = line.replace("\N{EM DASH} ", "", 1).partition(" ")
            signed = base64.b64decode(material, validate=True)
            self.signatures.append((name, signed[:4], signed[4:]))

    def time_of(self, key: Key) -> int | None:
        """Return 0 when a log has signed, for a witness the time at which it did; None when neither has."""
        for name, key_id, signed in self.signatures:
            if (name, key_id) != (key.name, key.id):
                continue
            time = int.from_bytes(signed[:8], "big") if key.kind == WITNESS else 0
            text = f"cosignature/v1\ntime {time}\n{self.text}" if key.kind == WITNESS else self.text
            if is_signed(key.public, text.encode(), signed[8:] if key.kind == WITNESS else signed):
                return time
        return None


# What a proof says.


def hashes(told: Sequence[str]) -> list[bytes]:
    """Read the steps of a proof."""
    return [base64.b64decode(step, validate=True) for step in told]


def check_event(told: dict[str, Any], note: Note) -> None:
    """Check that an event is in the tree of a note."""
    position, commitment = told["position"], bytes.fromhex(told["commitment"])
    if told["event"] is not None and sha256(bytes.fromhex(told["salt"]), told["event"].encode()) != commitment:
        raise NotProven(f"第 {position} 条记录与当时封存的不一致。", f"Event {position} is not as it was sealed.")
    if root_of(sha256(b"\x00", commitment), position - 1, note.size, hashes(told["inclusion"])) != note.root:
        raise NotProven(
            f"第 {position} 条记录不在台账的这一处。", f"Event {position} is not in the ledger at its place."
        )


def check_links(told: dict[str, Any], note: Note) -> list[bytes]:
    """Check that all events of a chain are in the ledger, one after the other; return the hash after each."""
    heads = [sha256(b"tongban chain 1\n", bytes.fromhex(told["salt"]), uuid.UUID(told["chain"]).bytes)]
    before = 0
    for number, link in enumerate(told["links"], start=1):
        check_event(link, note)
        if link["number"] != number or link["position"] <= before:
            raise NotProven(f"第 {number} 条记录缺失或顺序不对。", f"Link {number} is missing or not in its order.")
        before = link["position"]
        heads.append(
            sha256(b"tongban link 1\n", heads[-1], number.to_bytes(8, "big"), bytes.fromhex(link["commitment"]))
        )
    return heads


def check_statement(told: dict[str, Any], heads: Sequence[bytes], key: Key) -> None:
    """Check that what was stated of the chain is what its links make."""
    stated = told["statement"]
    note = Note(stated["note"])
    if note.time_of(Key(f"{key.name}/chains", LOG, key.public)) is None or note.origin != f"{key.name}/chains":
        raise NotProven("每日清点没有台账的签名。", "The daily count is not signed by the ledger.")
    count, size = stated["count"], int(note.more[1].split()[1])
    if not 0 < count < len(heads) or heads[count].hex() != stated["head"]:
        raise NotProven("每日清点的条数与所列记录不符。", "The daily count does not fit the events listed.")
    if any((link["position"] <= size) != (link["number"] <= count) for link in told["links"]):
        raise NotProven("清点之前的记录有缺失或多出。", "Events before the daily count are missing, or too many.")
    entry = heads[0] + count.to_bytes(8, "big") + heads[count]
    if root_of(sha256(b"\x00", entry), stated["index"], note.size, hashes(stated["inclusion"])) != note.root:
        raise NotProven("每日清点里没有这一份记录。", "The chain is not in the daily count.")
    if stated["record"]:
        check_event(stated["record"], Note(stated["record"]["checkpoint"]))
        data = json.loads(stated["record"]["event"])["data"]
        if (f"day {data.get('day')}", data.get("size"), data.get("root")) != (note.more[0], size, note.root.hex()):
            raise NotProven("台账里记的清点与此不同。", "The ledger records another daily count.")


def check(told: dict[str, Any], known: Sequence[Key], say: Callable[[str, str], None]) -> None:
    """Check a proof; say what was found. Raises NotProven."""
    key = next((one for one in known if one.kind == LOG), None) or Key.parse(told["log"])
    note = Note(told["checkpoint"])
    if note.time_of(key) is None or note.origin != key.name:
        raise NotProven("台账的签名不对。", "The signature of the ledger is not right.")
    if told["format"] == "tongban-proof-1":
        check_event(told, note)
        say(f"已证实：台账第 {told['position']} 条记录。", f"Proven: event {told['position']} of the ledger.")
        if told["event"] is None:
            say("内容已依法抹去，只证明这里曾有一条记录。", "Its content was erased by law: only that there was one.")
        else:
            say(told["event"], told["event"])
    elif told["format"] == "tongban-chain-1":
        heads = check_links(told, note)
        say(f"已证实：共 {len(heads) - 1} 条记录，次序无误。", f"Proven: {len(heads) - 1} events, each in its order.")
        if told["statement"] is None:
            say(
                "还没有每日清点，无法证明没有遗漏。", "There is no daily count yet: that none is missing is not proven."
            )
        else:
            check_statement(told, heads, key)
            count, day = told["statement"]["count"], told["statement"]["day"]
            say(f"截至 {day}，共 {count} 条，无一遗漏。", f"Up to {day} there were {count}, and none is missing.")
    else:
        raise KeyError(told["format"])
    for witness in known:
        time = note.time_of(witness)
        if witness.kind == WITNESS and time is None:
            raise NotProven(f"见证方 {witness.name} 没有签名。", f"The witness {witness.name} has not signed.")
        if witness.kind == WITNESS and time is not None:
            when = datetime.fromtimestamp(time, timezone.utc).isoformat()
            say(f"见证方 {witness.name} 于 {when} 签名。", f"Signed by the witness {witness.name} at {when}.")
    say(f"台账：{key.name}，共 {note.size} 条。", f"The ledger: {key.name}, {note.size} events.")
    if all(one.kind != LOG for one in known):
        say(
            f"公钥取自文件本身（编号 {key.id.hex()}），请与别处公布的核对，或用 --key 指定。",
            f"The key came with the file (id {key.id.hex()}): compare it with one from elsewhere, or give --key.",
        )


def main() -> int:
    """Read the command line, check, and say what came of it."""
    parser = argparse.ArgumentParser(description="核对证明，无需联网。Check a proof, without asking anybody.")
    parser.add_argument("proof", type=Path, help="证明文件 the file")
    parser.add_argument(
        "--key", action="append", default=[], help="台账或见证方的公钥 a key that you know from elsewhere"
    )
    parser.add_argument("--english", action="store_true", help="use English")
    options = parser.parse_args()
    language = int(options.english)

    def say(*words: str) -> None:
        sys.stdout.write(f"{words[language]}\n")

    try:
        told = json.loads(options.proof.read_text(encoding="utf-8"))
        check(told, [Key.parse(key) for key in options.key], say)
    except NotProven as wrong:
        say(*(f"✗ {words}" for words in wrong.words))
        return 1
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError):
        say("✗ 这不是一份完整的证明文件。", "✗ This is no proof, or not a whole one.")
        return 2
    say("✓ 证明成立。", "✓ The proof holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
