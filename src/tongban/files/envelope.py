"""Bytes as they lie on the storage: sealed under a data key, in pieces, so that none is held whole to be read.

head    8 bytes mark, one byte format (1), one byte number of the data key
pieces  12 bytes nonce, ciphertext of 256 KiB (the last one: of what is left), 16 bytes tag

Each piece is bound to the head, to the digest of the whole, to its place and to whether it is the last, so that none
can be left out, moved or taken from another file. What has no mark lies plain, as releases before kept it: no type
that is taken, and nothing the system makes, begins so.
"""

import io
import logging
from typing import IO, NoReturn

from tongban.base import crypto
from tongban.base.sealing import PLAIN
from tongban.files.errors import DoesNotOpen

MARK = b"\x89sealed\n"
FORMAT = 1
PIECE = 256 * 1024

_HEAD_BYTES = len(MARK) + 2
_SEALED_PIECE = PIECE + crypto.PIECE_OVERHEAD

logger = logging.getLogger("tongban.files")


def sealed(content: bytes, *, sha256: str, number: int) -> bytes:
    """Return the bytes as they are to lie on the storage, under the data key of this number."""
    head = MARK + bytes([FORMAT, number])
    count = _pieces(len(content))
    pieces = [
        crypto.seal_piece(
            content[place * PIECE : (place + 1) * PIECE],
            number=number,
            context=_context(head, sha256, place, last=place == count - 1),
        )
        for place in range(count)
    ]
    return b"".join((head, *pieces))


def size_of(size: int) -> int:
    """Return how many bytes lie on the storage, sealed, for so many."""
    return _HEAD_BYTES + size + _pieces(size) * crypto.PIECE_OVERHEAD


def opened(lying: IO[bytes], *, sha256: str) -> IO[bytes]:
    """Open what lies on the storage; the first piece is looked at. Reading may raise DoesNotOpen, as this does."""
    number = key_number(lying)
    if number == PLAIN:
        return lying
    reader = _Pieces(lying, number, sha256)
    reader.look()
    return io.BufferedReader(reader, PIECE)


def key_number(lying: IO[bytes]) -> int:
    """Return the number of the data key, PLAIN for what has no mark; what is read next is the first byte again."""
    head = lying.read(_HEAD_BYTES)
    lying.seek(0)
    return head[-1] if len(head) == _HEAD_BYTES and head.startswith(MARK) else PLAIN


def _pieces(size: int) -> int:
    """Return how many pieces there are; of nothing there is one, which is empty."""
    return max(1, -(-size // PIECE))


def _context(head: bytes, sha256: str, place: int, *, last: bool) -> bytes:
    return head + bytes.fromhex(sha256) + place.to_bytes(8) + bytes([last])


class _Pieces(io.RawIOBase):
    """Reads any part of what is sealed. At most one piece is open at a time."""

    def __init__(self, lying: IO[bytes], number: int, sha256: str) -> None:
        self._lying, self._number, self._sha256 = lying, number, sha256
        self._head = lying.read(_HEAD_BYTES)
        body = lying.seek(0, io.SEEK_END) - _HEAD_BYTES
        self._count = max(1, -(-body // _SEALED_PIECE))
        self._size = body - self._count * crypto.PIECE_OVERHEAD
        self._at = 0
        self._place, self._piece = -1, b""

    def look(self) -> None:
        """Open the first piece: raises DoesNotOpen for what was changed or lacks its key."""
        if self._head[-2] != FORMAT:
            self._refuse("format is not known")
        self._open(0)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """Any place of it can be read."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place, in bytes of the content."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # any writable buffer
        """Fill the buffer from one piece; raises DoesNotOpen."""
        if self._at >= self._size:
            return 0
        place, begins = divmod(self._at, PIECE)
        if place != self._place:
            self._open(place)
        part = self._piece[begins : begins + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """Close what lies on the storage, too."""
        self._lying.close()
        super().close()

    def _open(self, place: int) -> None:
        self._lying.seek(_HEAD_BYTES + place * _SEALED_PIECE)
        context = _context(self._head, self._sha256, place, last=place == self._count - 1)
        try:
            self._piece = crypto.open_piece(self._lying.read(_SEALED_PIECE), number=self._number, context=context)
        except crypto.CannotOpen:
            self._refuse(f"piece={place} of {self._count}")
        self._place = place

    def _refuse(self, what: str) -> NoReturn:
        logger.error("does not open: sha256=%s data_key=%s %s", self._sha256, self._number, what)
        raise DoesNotOpen
