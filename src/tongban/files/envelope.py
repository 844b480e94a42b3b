"""Bytes as they lie on the storage: sealed under a data key, in pieces, so that none is held whole to be read.

head    8 bytes mark, one byte format (1), one byte number of the data key
pieces  12 bytes nonce, ciphertext of 256 KiB (the last one: of what is left), 16 bytes tag

Each piece is bound to the head, to the digest of the whole, to its place and to whether it is the last, so that none
can be left out, moved or taken from another file. What has no mark lies plain, as releases before kept it: no type
that is taken, and nothing the system makes, begins so. It is compared with its digest whenever it is opened, since a
mark is easily taken away.
"""

import hashlib
import io
import logging
from typing import IO, NoReturn

from tongban.base import crypto
from tongban.base.sealing import PLAIN
from tongban.files.errors import DoesNotOpen

MARK = b"\x89sealed\n"
FORMAT = 1
PIECE = 256 * 1024

HEAD_BYTES = len(MARK) + 2
_SEALED_PIECE = PIECE + crypto.PIECE_OVERHEAD

logger = logging.getLogger("tongban.files")


def sealed(content: bytes, *, sha256: str, number: int) -> io.BytesIO:
    """Return the bytes as they are to lie on the storage, under the data key of this number."""
    head = MARK + bytes([FORMAT, number])
    count = _pieces(len(content))
    lying = io.BytesIO()
    lying.write(head)
    for place in range(count):
        context = _context(head, sha256, place, last=place == count - 1)
        piece = content[place * PIECE : (place + 1) * PIECE]
        lying.write(crypto.seal_piece(piece, number=number, context=context))
    lying.seek(0)
    return lying


def size_of(size: int) -> int:
    """Return how many bytes lie on the storage, sealed, for so many."""
    return HEAD_BYTES + size + _pieces(size) * crypto.PIECE_OVERHEAD


def opened(lying: IO[bytes], *, sha256: str) -> IO[bytes]:
    """Open what lies on the storage. Of what is sealed the first piece is looked at, what lies plain is read whole.

    Raises DoesNotOpen, and so does reading of what is sealed.
    """
    head = lying.read(HEAD_BYTES)
    number = key_number(head)
    if number == PLAIN:
        return _compared(lying, sha256)
    reader = _Pieces(lying, head, sha256)
    reader.look()
    return io.BufferedReader(reader, PIECE)


def key_number(head: bytes) -> int:
    """Return the number of the data key that HEAD_BYTES from the beginning tell, PLAIN where there is no mark.

    Raises DoesNotOpen for a format that is not known.
    """
    if len(head) < HEAD_BYTES or not head.startswith(MARK):
        return PLAIN
    if head[-2] != FORMAT:
        raise DoesNotOpen
    return head[-1]


def _compared(lying: IO[bytes], sha256: str) -> IO[bytes]:
    lying.seek(0)
    digest = hashlib.sha256()
    while piece := lying.read(PIECE):
        digest.update(piece)
    if digest.hexdigest() != sha256:
        _refuse(sha256, "it lies plain and has another digest")
    lying.seek(0)
    return lying


def _refuse(sha256: str, what: str) -> NoReturn:
    logger.error("does not open: sha256=%s %s", sha256, what)
    raise DoesNotOpen


def _pieces(size: int) -> int:
    """Return how many pieces there are; of nothing there is one, which is empty."""
    return max(1, -(-size // PIECE))


def _context(head: bytes, sha256: str, place: int, *, last: bool) -> bytes:
    return head + bytes.fromhex(sha256) + place.to_bytes(8) + bytes([last])


class _Pieces(io.RawIOBase):
    """Reads any part of what is sealed. At most one piece is open at a time."""

    def __init__(self, lying: IO[bytes], head: bytes, sha256: str) -> None:
        self._lying, self._head, self._sha256 = lying, head, sha256
        body = lying.seek(0, io.SEEK_END) - HEAD_BYTES
        self._count = max(1, -(-body // _SEALED_PIECE))
        self._size = body - self._count * crypto.PIECE_OVERHEAD
        self._at = 0
        self._place, self._piece = -1, b""

    def look(self) -> None:
        """Compare the length and open the first piece; raises DoesNotOpen for what was changed or lacks its key."""
        if self._size < (self._count - 1) * PIECE + (self._count > 1):
            self._refuse("its last piece is cut off")  # else reading would end before that piece, and not see it
        self._open(0)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """Any place of it can be read."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place, in bytes of the content. Raises ValueError for one before it."""
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if place < 0:
            raise ValueError(place)
        self._at = place
        return place

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
        self._lying.seek(HEAD_BYTES + place * _SEALED_PIECE)
        context = _context(self._head, self._sha256, place, last=place == self._count - 1)
        try:
            self._piece = crypto.open_piece(self._lying.read(_SEALED_PIECE), number=self._head[-1], context=context)
        except crypto.CannotOpen:
            self._refuse(f"piece={place} of {self._count}")
        self._place = place

    def _refuse(self, what: str) -> NoReturn:
        _refuse(self._sha256, f"data_key={self._head[-1]} {what}")
