"""Copying bytes whose digest is known: they arrive whole and right, or not at all.

What lies sealed on the storage lies sealed in the backup, as it is, under the same key; it is opened only to be
compared with its digest, which is that of what was received.
"""

import hashlib
from pathlib import Path
from typing import Protocol

from tongban.files import queries as files
from tongban.files.errors import DoesNotOpen
from tongban.site.backup.manifest import PIECE, Unfit


class Readable(Protocol):
    """Anything open for reading."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""


def copy_in(source: Readable, place: Path, sha256: str) -> bool:
    """Write bytes to their place in a backup; returns True. Raises Unfit when they are not what their name says."""
    fresh = place.with_name(f".{place.name}")
    with fresh.open("wb") as opened:
        while piece := source.read(PIECE):
            opened.write(piece)
    if not is_whole(fresh, sha256):
        fresh.unlink()
        message = f"The file {sha256} is damaged, or its key is not given: its bytes are not those that were received."
        raise Unfit(message)
    fresh.replace(place)
    return True


def lies_under(path: Path, number: int) -> bool:
    """Whether a file is there and lies under the data key of this number; 0 means plain."""
    try:
        with path.open("rb") as lying:
            return files.key_of_copy(lying) == number
    except (FileNotFoundError, DoesNotOpen):
        return False


def is_whole(path: Path, sha256: str) -> bool:
    """Whether a file is there and holds, opened, what its digest says."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as lying, files.open_copy(lying, sha256=sha256) as opened:
            while piece := opened.read(PIECE):
                digest.update(piece)
    except (FileNotFoundError, DoesNotOpen):
        return False
    return digest.hexdigest() == sha256
