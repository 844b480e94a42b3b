"""Copying bytes whose digest is known: they arrive whole and right, or not at all."""

import hashlib
from pathlib import Path
from typing import Protocol

from tongban.site.backup.manifest import PIECE, Unfit


class Readable(Protocol):
    """Anything open for reading."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""


def copy_in(source: Readable, place: Path, sha256: str) -> bool:
    """Write bytes to their place in a backup; returns True. Raises Unfit when they are not what their name says."""
    digest = hashlib.sha256()
    fresh = place.with_name(f".{place.name}")
    with fresh.open("wb") as opened:
        while piece := source.read(PIECE):
            digest.update(piece)
            opened.write(piece)
    if digest.hexdigest() != sha256:
        fresh.unlink()
        message = f"The file {sha256} is damaged: its bytes are not those that were received."
        raise Unfit(message)
    fresh.replace(place)
    return True
