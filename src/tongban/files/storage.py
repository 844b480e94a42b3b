"""Files on the disk of this machine, written so that what is acknowledged survives a fall of the power."""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class Kept(Protocol):
    """What the room asks of a place for bytes, beyond Django's own: a folder and object storage both have it."""

    def arrived_before(self, instant: datetime) -> Iterator[list[str]]:
        """Go through the names of what arrived before the instant, by the hundred or thousand."""

    def first_bytes(self, name: str, count: int) -> bytes:
        """Return at most so many bytes from the beginning. Raises FileNotFoundError, OSError."""


class DurableFileSystemStorage(FileSystemStorage):
    """Writes beside the final place, flushes to the disk, then renames: a file is whole or is not there.

    Saving under a name that exists replaces it: names here are made of the content, so that it is the same file.
    """

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # Django's own signature
        """Write the bytes; raises OSError when the disk does not take them."""
        final = Path(self.path(name))
        final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, beside = tempfile.mkstemp(prefix=".arriving-", dir=final.parent)
        try:
            with open(number, "wb") as opened:  # noqa: PTH123 - the descriptor is open already
                _write_through(opened, content)
            Path(beside).replace(final)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        _flush_folder(final.parent)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name itself."""
        return name

    def first_bytes(self, name: str, count: int) -> bytes:
        """Return at most so many bytes from the beginning. Raises FileNotFoundError, OSError."""
        with open(self.path(name), "rb") as opened:  # noqa: PTH123 - the path is a text already
            return opened.read(count)

    def arrived_before(self, instant: datetime) -> Iterator[list[str]]:
        """Go through the names of what arrived before the instant, one folder after the other."""
        for folder in sorted(Path(self.base_location).glob("??/??")):
            old = [path for path in folder.iterdir() if path.stat().st_mtime < instant.timestamp()]
            yield [path.name for path in old if not path.name.startswith(".")]


def _write_through(opened: IO[bytes], content: File) -> None:  # type: ignore[type-arg]  # Django's own type
    for piece in content.chunks():
        opened.write(piece)
    opened.flush()
    os.fsync(opened.fileno())


def _flush_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
