"""What a backup says of itself: enough to judge whether it can be restored here, and whether it came over whole."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = 1
NAME, DUMP, LIST, BYTES, KEYS = "manifest.json", "database", "files.txt", "files", "keys.sealed"
PIECE = 1024 * 1024


class Unfit(Exception):  # noqa: N818 - a statement, read by an operator
    """The backup cannot be made or restored here; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One backup. Digests are SHA-256; `rows` counts each table in the snapshot."""

    format: int
    release: str
    made_at: str
    server: int
    program: int
    schema: str
    roles: list[str]
    migrations: list[str]
    keys: dict[str, str]
    rows: dict[str, int]
    dump_sha256: str
    list_sha256: str
    files: int
    bytes: int
    missing: list[str]

    def write(self, folder: Path) -> None:
        """Write it beside and rename it: it is there whole or not at all."""
        fresh = folder / f".{NAME}"
        fresh.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(folder / NAME)


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup, its dump and its list compared with their digests. Raises Unfit."""
    try:
        manifest = Manifest(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        message = f"{folder} is no backup, or one that did not come to its end: it has no {NAME}."
        raise Unfit(message) from None
    except (TypeError, ValueError):
        message = f"{folder / NAME} cannot be read: it is damaged, or of another release."
        raise Unfit(message) from None
    if manifest.format != FORMAT:
        message = f"The backup is of format {manifest.format}; this release reads format {FORMAT}."
        raise Unfit(message)
    for name, expected in ((DUMP, manifest.dump_sha256), (LIST, manifest.list_sha256)):
        if digest_of(folder / name) != expected:
            message = f"{folder / name} is not what was written: its digest differs. Take another backup."
            raise Unfit(message)
    return manifest


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, "" when it is not there."""
    try:
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of the backup: where its bytes belong, and what they must be."""

    sha256: str
    size: int
    path: str

    def place(self, folder: Path) -> Path:
        """Return where its bytes are in a backup."""
        return folder / BYTES / self.sha256[:2] / self.sha256[2:4] / self.sha256


def listed(folder: Path) -> Iterator[ListedFile]:
    """Go through the files of a backup."""
    with (folder / LIST).open(encoding="utf-8") as lines:
        for line in lines:
            sha256, size, path = line.rstrip("\n").split(" ", 2)
            yield ListedFile(sha256, int(size), path)
