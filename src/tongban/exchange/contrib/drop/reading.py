"""A dropped file is looked at whole before anything of it is used: size, checksum, encoding, headings, every line.

Its bytes are copied first, in a thread with a deadline: whoever writes or replaces the file meanwhile changes nothing
of what was taken, and a share that hangs hangs nobody. The copy has no name and is gone when it is closed.
"""

import codecs
import csv
import hashlib
import io
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings as configured

from tongban.exchange.contrib.outside.guard import GUARD
from tongban.exchange.providers import SourceAway
from tongban.exchange.rules.outside import places
from tongban.exchange.rules.outside.codes import Why
from tongban.exchange.rules.outside.settings import DropSettings

PIECE = 1024 * 1024
COPY_SECONDS = 120.0
STAT_SECONDS = 5.0
LONGEST_CHECKSUM = 1024
LONGEST_ROW = 1024 * 1024
"""Characters: a row stands in memory whole, and each sign that parts values makes a text of its own."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it lies there."""

    stamp: str
    size: int
    file_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A copy of it."""

    seen: Seen
    sha256: str
    copy: IO[bytes]


def look(declared: DropSettings, key: object) -> Seen:
    """Return how the file lies there now. Raises SourceAway."""
    return GUARD.ask(("look", key), lambda: _looked(declared), seconds=STAT_SECONDS)


def take(declared: DropSettings, key: object, *, now: datetime) -> Taken:
    """Return a copy of the whole file. Raises SourceAway: not there, too large, still written, another checksum."""
    return GUARD.ask(("take", key), lambda: _taken_whole(declared, now), seconds=COPY_SECONDS)


def _looked(declared: DropSettings) -> Seen:
    try:
        return _seen(_path(declared).stat(), declared)
    except OSError as broken:
        raise SourceAway(Why.NO_FILE, declared.file) from broken


def _taken_whole(declared: DropSettings, now: datetime) -> Taken:
    """Return a copy; a share that breaks off meanwhile, or lets nobody read, is said like whatever else is wrong."""
    try:
        return _taken(declared, now)
    except OSError as broken:
        raise SourceAway(Why.BROKEN, declared.file) from broken


def _path(declared: DropSettings) -> Path:
    """Return the path of the file, its links followed, if it lies where the operator allows it. Raises SourceAway."""
    path = Path(declared.folder) / declared.file
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as missing:
        if not places.allows_file(configured.TONGBAN_SOURCES, PurePosixPath(Path(declared.folder).resolve())):
            raise SourceAway(Why.PLACE_NOT_ALLOWED, declared.place) from missing
        raise SourceAway(Why.NO_FILE, declared.file) from missing
    if not places.allows_file(configured.TONGBAN_SOURCES, PurePosixPath(real)):
        raise SourceAway(Why.PLACE_NOT_ALLOWED, declared.place)
    return real


def _seen(told: os.stat_result, declared: DropSettings) -> Seen:
    if not stat.S_ISREG(told.st_mode):
        raise SourceAway(Why.NO_REGULAR_FILE, declared.file)
    if told.st_size > declared.largest:
        raise SourceAway(Why.FILE_TOO_LARGE, str(told.st_size))
    stamp = f"{told.st_size}:{told.st_mtime_ns}:{told.st_ino}"
    return Seen(stamp, told.st_size, datetime.fromtimestamp(told.st_mtime_ns / 1e9, UTC))


def _taken(declared: DropSettings, now: datetime) -> Taken:
    path = _path(declared)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as missing:
        raise SourceAway(Why.NO_FILE, declared.file) from missing
    with open(handle, "rb") as file:  # noqa: PTH123 - opened already
        seen = _seen(os.fstat(handle), declared)
        if now - seen.file_at < timedelta(seconds=declared.settle_seconds):
            raise SourceAway(Why.STILL_WRITTEN)
        copy, digest, length = TemporaryFile(), hashlib.sha256(), 0  # noqa: SIM115 - closed by whoever takes it
        while piece := file.read(PIECE):
            length += len(piece)
            if length > declared.largest:
                raise SourceAway(Why.FILE_TOO_LARGE, str(length))
            digest.update(piece)
            copy.write(piece)
        if length != seen.size or _seen(os.fstat(handle), declared) != seen:
            raise SourceAway(Why.STILL_WRITTEN)
    told = _checksum(path)
    if told and told != digest.hexdigest():
        raise SourceAway(Why.WRONG_CHECKSUM)
    copy.seek(0)
    return Taken(seen, digest.hexdigest(), copy)


def _checksum(path: Path) -> str:
    """Return the checksum that lies beside a file, as `sha256sum` writes it; empty where there is none."""
    with suppress(FileNotFoundError):
        handle = os.open(f"{path}.sha256", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as beside:  # noqa: PTH123 - opened already
            words = (beside.read(LONGEST_CHECKSUM) or b"").split()
        return words[0].decode("ascii", "replace").lower() if words else "-"
    return ""


def rows(copy: IO[bytes], declared: DropSettings) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each row as number of its line → heading → text. Raises SourceAway on what makes the whole file unfit."""
    check_encoding(copy, declared)
    copy.seek(0)
    text = io.TextIOWrapper(copy, encoding=_codec(declared), newline="")
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=declared.parted_by, strict=True)
    try:
        headings = _headings(next(reader, []), declared)
        lines.taken, first = 0, reader.line_num + 1
        for row in reader:
            line, first, lines.taken = first, reader.line_num + 1, 0
            if not row:
                continue
            if len(row) != len(headings):
                raise SourceAway(Why.RAGGED, str(line))
            yield line, dict(zip(headings, row, strict=True))
    except csv.Error as wrong:
        raise SourceAway(Why.UNREADABLE, str(reader.line_num)) from wrong
    finally:
        if not copy.closed:
            text.detach()


class _Lines:
    """The lines of a text, as long as the row that they make, which may have several, is not too long."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        """Begin with the first row."""
        self.text, self.taken, self.line = text, 0, 0

    def __iter__(self) -> "_Lines":
        """Give itself."""
        return self

    def __next__(self) -> str:
        """Give the next line. Raises SourceAway where the row is too long."""
        line = self.text.readline(LONGEST_ROW + 1 - self.taken)
        self.taken, self.line = self.taken + len(line), self.line + 1
        if self.taken > LONGEST_ROW:
            raise SourceAway(Why.UNREADABLE, str(self.line))
        if not line:
            raise StopIteration
        return line


def _headings(first: Sequence[str], declared: DropSettings) -> list[str]:
    headings = [one.strip() for one in first]
    twice = sorted(one for one, times in Counter(headings).items() if times > 1)
    wanted = {declared.number_heading, *declared.fields.values()}
    if set(twice) & wanted:
        raise SourceAway(Why.HEADING_TWICE, " ".join(twice)[:200])
    if missing := sorted(wanted - set(headings)):
        raise SourceAway(Why.NO_SUCH_HEADING, " ".join(missing)[:200])
    return headings


def _codec(declared: DropSettings) -> str:
    return "utf-8-sig" if declared.encoding == "utf-8" else declared.encoding


def check_encoding(copy: IO[bytes], declared: DropSettings) -> None:
    """Check that a file is written in the encoding declared. Raises SourceAway.

    GB 18030 reads nearly every UTF-8 text as well, as other characters: a file that is UTF-8 throughout is taken for
    nothing else. The other way round UTF-8 does not read GB 18030, and the first line that breaks is named.
    """
    is_plain, breaks = _breaks(copy, "utf-8")
    if breaks and declared.encoding == "utf-8":
        raise SourceAway(Why.WRONG_ENCODING, f"UTF-8: {breaks}")
    if declared.encoding != "utf-8":
        if not breaks and not is_plain:
            raise SourceAway(Why.WRONG_ENCODING, "UTF-8")
        _plain, breaks = _breaks(copy, declared.encoding)
        if breaks:
            raise SourceAway(Why.WRONG_ENCODING, f"{declared.encoding.upper()}: {breaks}")


def _breaks(copy: IO[bytes], encoding: str) -> tuple[bool, int]:
    """Return whether all is ASCII, and the line on which an encoding does not read any further; 0 where it reads all.

    A NUL breaks every encoding: it is the sign of one with two bytes for each character.
    """
    decoder, is_plain, line = codecs.getincrementaldecoder(encoding)(), True, 1
    copy.seek(0)
    piece = b"-"
    while piece:
        piece = copy.read(PIECE)
        nul = piece.find(b"\x00")
        if nul >= 0:
            return False, line + piece[:nul].count(b"\n")
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as wrong:
            return False, line + piece[: wrong.start].count(b"\n")
        is_plain = is_plain and piece.isascii()
        line += piece.count(b"\n")
    return is_plain, 0
