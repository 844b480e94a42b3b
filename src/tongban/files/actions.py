"""What may be done with files: receive, keep what the system made, erase."""

import errno
import hashlib
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.core.files.base import File
from django.db import connection, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from tongban.base import crypto
from tongban.base.actor import Actor
from tongban.files import envelope, providers, queries, rules
from tongban.files.contrib.pypdf import PdfReaders
from tongban.files.errors import BackupRuns, DoesNotOpen, EmptyFile, Infected, StorageFull, StorageSilent, TooLargeFile
from tongban.files.models import StoredFile
from tongban.files.patience import Patience

REMOVE = "files.remove_bytes"
"""Name of the job that removes bytes after an erasure; it is in `tasks.py`."""
KEPT_UNATTACHED = timedelta(days=1)
"""How long a file stays that was sent but never attached to anything."""
SWEPT_EVERY = timedelta(hours=2)
"""How long it may take at most until a sweep has come by (`tasks.sweep`, every hour)."""
PIECE = 1024 * 1024
MANY = 2000
"""Rows that are fetched at once where all are gone through."""

logger = logging.getLogger("tongban.files")
pdf_readers = PdfReaders()


class Readable(Protocol):
    """An upload, an open file, or bytes in memory."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""


def receive(*, actor: Actor, name: str, content: Readable, now: datetime) -> StoredFile:
    """Take a file that somebody sends: judged by its content, scanned, written to the disk, and then recorded.

    Raises EmptyFile, TooLargeFile, UnknownType, Damaged, Locked, TooManyPixels, TwoTypes, Infected, ScannerSilent,
    StorageFull: each with a sentence that says what to do.
    """
    taken = _read(content)
    judged = _judge(taken)
    return _keep(
        taken,
        name=rules.safe_name(name, judged.media_type, fallback=_("file")),
        media_type=judged.media_type,
        pages=judged.pages,
        state=_scan(taken),
        owner_account_id=actor.account_id,
        created_at=now,
    )


def store_made(*, name: str, content: bytes, media_type: str, now: datetime) -> StoredFile:
    """Keep a file that the system itself made: a paper, an archive. Raises StorageFull."""
    return _keep(
        content,
        name=rules.safe_name(name, media_type, fallback=_("file")),
        media_type=media_type,
        pages=None,
        state=StoredFile.State.MADE,
        owner_account_id=None,
        created_at=now,
    )


def erase(file_ids: Iterable[UUID], *, now: datetime) -> int:
    """Erase files: at once nobody can open them, and the bytes go after the commit. Returns how many.

    The rows stay without names: what refers to them keeps its place. The same bytes received by somebody else stay.
    """
    with transaction.atomic():
        standing = StoredFile.objects.select_for_update().filter(id__in=list(file_ids), erased_at=None).order_by("id")
        erased = list(standing)
        StoredFile.objects.filter(id__in=[stored.id for stored in erased]).update(erased_at=now, name="")
        for digest in sorted({stored.sha256 for stored in erased}):
            app.configure_task(REMOVE, allow_unknown=True).defer(sha256=digest)
    return len(erased)


def remove_bytes(sha256: str) -> bool:
    """Remove bytes that no standing file has any more. Returns whether they were removed.

    The storage is asked within the transaction, whose lock keeps those away who receive the same bytes. A job does it.
    Raises BackupRuns: while one copies what its snapshot of the database refers to, nothing is taken away.
    """
    with transaction.atomic():
        if not _may_remove():
            raise BackupRuns
        _lock(sha256, shared=False)
        if StoredFile.objects.filter(sha256=sha256, erased_at=None).exists():
            return False
        queries.storage().delete(path_of(sha256))
    return True


def sweep(*, now: datetime, limit: int = 500) -> int:
    """Erase files that nothing refers to after a day. Returns how many."""
    left = queries.unreferred_before(now - KEPT_UNATTACHED, limit=limit)
    return erase([stored.id for stored in left], now=now) if left else 0


def sweep_bytes(*, now: datetime) -> int:
    """Remove bytes that were written but never recorded, because the process died in between. Returns how many."""
    return sum(remove_bytes(digest) for digest in unrecorded_bytes(now=now))


def unrecorded_bytes(*, now: datetime) -> Iterator[str]:
    """Give the digests of bytes that no standing file has, older than a day."""
    for digests in queries.storage().arrived_before(now - KEPT_UNATTACHED):
        known = set(StoredFile.objects.filter(sha256__in=digests, erased_at=None).values_list("sha256", flat=True))
        yield from sorted(set(digests) - known)


def seal_anew(sha256: str) -> bool:
    """Seal the bytes of a digest under the newest data key. Returns False when no standing file has them any more.

    They are read and written within the transaction, whose lock keeps removers away. A command does it.
    Raises DoesNotOpen when they were changed or their key is missing, FileNotFoundError when they are not there,
    StorageSilent, StorageFull.
    """
    number = crypto.newest_key()
    with transaction.atomic():
        _lock(sha256, shared=False)
        standing = StoredFile.objects.filter(sha256=sha256, erased_at=None)
        first = standing.first()
        if first is None:
            return False
        content = queries.content_of(first)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DoesNotOpen
        _write(sha256, content, number)
        standing.update(data_key=number)
    return True


def look_at_keys() -> Iterator[bool]:
    """Look at each content for the key under which it truly lies; gives whether what was recorded had to be put right.

    After what can part the two: bytes of a backup laid beside the others, a process that did not know the newest key
    and died, or served beside one that did. A newer key than the recorded one does no harm. Raises StorageSilent.
    """
    patience = Patience()
    for stored in queries.contents().only("id", "path", "sha256", "data_key").iterator(MANY):
        try:
            yield queries.key_of(stored) < stored.data_key and _record_key(stored)
            patience.went_well()
        except (DoesNotOpen, FileNotFoundError, StorageSilent) as broken:  # the comparison of the books names them
            patience.failed(broken)


def _record_key(stored: StoredFile) -> bool:
    """Write down the key under which bytes truly lie, for all who have them. Returns whether anybody still has."""
    with transaction.atomic():
        _lock(stored.sha256, shared=False)
        standing = StoredFile.objects.filter(sha256=stored.sha256, erased_at=None)
        return bool(standing.update(data_key=queries.key_of(stored)))


def path_of(sha256: str) -> str:
    """Return the place of bytes by their digest: two levels of 256 folders."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _read(content: Readable) -> bytes:
    """Return all bytes; stops reading as soon as there are too many."""
    pieces, size = [], 0
    while piece := content.read(PIECE):
        size += len(piece)
        if size > rules.LARGEST:
            raise TooLargeFile
        pieces.append(piece)
    if not size:
        raise EmptyFile
    return b"".join(pieces)


def _judge(content: bytes) -> rules.Judged:
    media_type = rules.type_of(content)
    rules.refuse_second_type(content, media_type)
    match media_type:
        case "application/pdf":
            return rules.Judged(media_type, pdf_readers.pages(content))
        case "application/ofd":
            return rules.judge_ofd(content)
        case _:
            return rules.judge_image(content, media_type)


def _scan(content: bytes) -> StoredFile.State:
    scanner = providers.configured_scanner()
    if scanner is None:
        return StoredFile.State.NOT_SCANNED
    found = scanner.scan(content)
    if found:
        logger.warning("virus=%s size=%s", found, len(content))
        raise Infected
    return StoredFile.State.CLEAN


def _keep(content: bytes, **columns: Any) -> StoredFile:  # noqa: ANN401 - the columns of a file
    """Write the bytes, then the row. Until the row is committed nobody may remove the bytes.

    They are written before the transaction, which therefore does not wait for the bytes: it only asks the storage once
    whether they are there (with object storage one short request over the network). When somebody removed the same
    bytes in that moment they are written again, and from then on the lock keeps removers away.
    """
    digest, number = hashlib.sha256(content).hexdigest(), crypto.newest_key()
    path = _write(digest, content, number)
    with transaction.atomic():
        _lock(digest, shared=True)
        if not queries.storage().exists(path):
            path = _write(digest, content, number)
        return StoredFile.objects.create(size=len(content), sha256=digest, path=path, data_key=number, **columns)


def _write(digest: str, content: bytes, number: int) -> str:
    lying = envelope.sealed(content, sha256=digest, number=number)
    try:
        return queries.storage().save(path_of(digest), File(lying))
    except OSError as full:
        logger.error("storage error=%s", errno.errorcode.get(full.errno or 0, "unknown"))  # noqa: TRY400 - the code says all
        raise StorageFull from full


def _may_remove() -> bool:
    """Whether no backup runs; none begins to read until this transaction has ended (see `queries.REMOVES_BYTES`)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock_shared({queries.REMOVES_BYTES})")
        return bool(cursor.fetchone()[0])


def _lock(digest: str, *, shared: bool) -> None:
    """Keep removers away while somebody receives the same bytes, until the transaction ends."""
    name = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}(hashtextextended(current_schema() || %s, 0))", [f":files:{digest}"])
