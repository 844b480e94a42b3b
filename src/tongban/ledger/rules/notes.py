"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), with Ed25519 (RFC 8032).

A note is a text, an empty line, and lines of signatures. A checkpoint is a note that says the name of a log (its
origin), how many leaves it has, and the root over them. A witness signs the same text with the time it has seen it.
"""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tongban.ledger.rules.canonical import DIGEST_BYTES

LOG, WITNESS = 1, 4
"""Kinds of key: of a log, of a witness."""
DASH = "\N{EM DASH} "
_HEAD = struct.Struct(">Q")
_KEY_ID_BYTES, _SIGNATURE_BYTES, _TIME_BYTES = 4, 64, 8
LARGEST_NOTE = 64 * 1024


class UnfitNote(ValueError):  # noqa: N818 - a statement
    """It is no signed note, no checkpoint or no key; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with its name, written as `name+id+material`."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """Write it as others are told it."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, told: str) -> Self:
        """Read a key. Raises UnfitNote."""
        parts = told.strip().split("+", 2)
        if len(parts) != 3 or not _is_name(parts[0]):  # noqa: PLR2004 - name, id, material
            message = f"{told!r} is no key: it is written name+id+material"
            raise UnfitNote(message)
        material = _bytes_of(parts[2])
        if len(material) != 1 + DIGEST_BYTES or material[0] not in {LOG, WITNESS}:
            message = f"the key {parts[0]} is not one of Ed25519"
            raise UnfitNote(message)
        key = cls(parts[0], material[0], material[1:])
        if key.id.hex() != parts[1]:
            message = f"the key {parts[0]} is damaged: its id does not fit"
            raise UnfitNote(message)
        return key

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Whether a signature over a text is of this key; of a witness it begins with the time."""
        signed = text
        if self.kind == WITNESS:
            if len(signature) != _TIME_BYTES + _SIGNATURE_BYTES:
                return False
            signed = _witnessed(text, _HEAD.unpack(signature[:_TIME_BYTES])[0])
            signature = signature[_TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, signed.encode())
        except InvalidSignature:
            return False
        return True


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(sign.isspace() for sign in name)


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        message = "what should be base64 is not"
        raise UnfitNote(message) from None


def _witnessed(text: str, time: int) -> str:
    return f"cosignature/v1\ntime {time}\n{text}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name: of the log, or of a witness."""

    name: str
    kind: int
    secret: bytes

    @property
    def key(self) -> Key:
        """What others check its signatures with."""
        return Key(self.name, self.kind, self._private.public_key().public_bytes_raw())

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    def signature(self, text: str, *, time: int = 0) -> str:
        """Return the line of a signature over a text; a witness says the time, in seconds since 1970."""
        private = self._private
        key = Key(self.name, self.kind, private.public_key().public_bytes_raw())
        if self.kind == WITNESS:
            signed = _HEAD.pack(time) + private.sign(_witnessed(text, time).encode())
        else:
            signed = private.sign(text.encode())
        return f"{DASH}{self.name} {base64.b64encode(key.id + signed).decode()}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """A line of a note: whose it says it is."""

    name: str
    key_id: bytes
    signed: bytes

    @property
    def time(self) -> int | None:
        """When a witness has signed, in seconds since 1970; None for a log."""
        return _HEAD.unpack(self.signed[:_TIME_BYTES])[0] if len(self.signed) > _SIGNATURE_BYTES else None


@dataclass(frozen=True, slots=True)
class Note:
    """A text, with its last newline, and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, whole: str) -> Self:
        """Read a note. Raises UnfitNote."""
        text, parted, below = whole.rpartition("\n\n")
        if not parted or len(whole) > LARGEST_NOTE or not below.endswith("\n"):
            message = "it is no signed note: a text, an empty line, signatures"
            raise UnfitNote(message)
        if any(sign < " " and sign != "\n" for sign in whole):
            message = "a note has no control characters"
            raise UnfitNote(message)
        return cls(f"{text}\n", tuple(map(read_signature, below.removesuffix("\n").split("\n"))))

    def signed_by(self, key: Key) -> Signature | None:
        """Return the signature of a key, None when there is none that is right."""
        for one in self.signatures:
            if (one.name, one.key_id) == (key.name, key.id) and key.has_signed(self.text, one.signed):
                return one
        return None


def read_signature(line: str) -> Signature:
    """Read the line of a signature. Raises UnfitNote."""
    name, _, signed = line.removeprefix(DASH).partition(" ")
    material = _bytes_of(signed)
    if not line.startswith(DASH) or not _is_name(name) or len(material) <= _KEY_ID_BYTES:
        message = "a signature is written: dash, name, base64"
        raise UnfitNote(message)
    return Signature(name, material[:_KEY_ID_BYTES], material[_KEY_ID_BYTES:])


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many leaves a log has, and the root over them. `more`: further lines that the signature covers."""

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is signed."""
        return "".join(
            f"{line}\n" for line in (self.origin, self.size, base64.b64encode(self.root).decode(), *self.more)
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint. Raises UnfitNote."""
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < 3 or not lines[0] or not all(lines[3:]):  # noqa: PLR2004 - origin, size, root
            message = "a checkpoint has at least three lines: origin, size, root"
            raise UnfitNote(message)
        if not lines[1].isascii() or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
            message = f"{lines[1]!r} is no size of a log"
            raise UnfitNote(message)
        root = _bytes_of(lines[2])
        if len(root) != DIGEST_BYTES:
            message = "the root of a log has 32 bytes"
            raise UnfitNote(message)
        return cls(lines[0], int(lines[1]), root, tuple(lines[3:]))

    def signed(self, signer: Signer) -> str:
        """Return the whole note."""
        return f"{self.text}\n{signer.signature(self.text)}"
