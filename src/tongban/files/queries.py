"""How to find files, and who may see them."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import IO, Any, cast
from uuid import UUID

from django.core.files.storage import Storage, storages
from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.files import envelope, kinds
from tongban.files.errors import Erased, StorageSilent
from tongban.files.models import StoredFile
from tongban.files.storage import Kept

REMOVES_BYTES = "hashtextextended('files.removes_bytes:' || current_schema(), 0)"
"""The lock between backup and removal. Removers share it for a moment; a backup holds it alone until all is copied."""


class BytesStorage(Kept, Storage):
    """Django's storage that can also tell what is old: what `storages["files"]` is."""


def storage() -> BytesStorage:
    """Return where the bytes are kept."""
    return cast("BytesStorage", storages["files"])


def file(file_id: UUID) -> StoredFile:
    """Return a file to the system itself, for papers and archives; raises NotFound."""
    found = StoredFile.objects.filter(id=file_id).first()
    if found is None:
        raise NotFound
    return found


def files(file_ids: Iterable[UUID]) -> dict[UUID, StoredFile]:
    """Return files by id, in one query; those that are not there are left out."""
    return StoredFile.objects.in_bulk(list(file_ids))


def file_for(actor: Actor, file_id: UUID) -> StoredFile:
    """Return the file if a room's guard lets the actor see it, or if they sent it and nothing refers to it yet.

    Raises NotFound, and Erased to those who might have seen it.
    """
    found = file(file_id)
    if not _may_see(actor, found):
        raise NotFound
    if found.erased_at is not None:
        raise Erased
    return found


def _may_see(actor: Actor, found: StoredFile) -> bool:
    if any(guard(actor, found.id) for guard in kinds.guards.values()):
        return True
    own = actor.account_id is not None and found.owner_account_id == actor.account_id
    return own and not is_referred_to(found.id)


def sealed_otherwise(number: int, *, after: str, limit: int) -> list[str]:
    """Return digests of standing files whose bytes are not sealed under this key, in their order."""
    standing = StoredFile.objects.filter(erased_at=None, sha256__gt=after).exclude(data_key=number)
    return list(standing.order_by("sha256").values_list("sha256", flat=True).distinct()[:limit])


def is_referred_to(file_id: UUID) -> bool:
    """Whether any table refers to the file; one query."""
    return not unreferred().filter(id=file_id).exists()


def unreferred() -> QuerySet[StoredFile]:
    """Return files that nothing refers to."""
    nowhere = Q()
    for model, column in kinds.referring_columns():
        nowhere &= ~Q(Exists(model._default_manager.filter(**{column: OuterRef("pk")})))  # noqa: SLF001 - Django's public name
    return StoredFile.objects.filter(nowhere)


def unreferred_before(instant: datetime, *, limit: int) -> list[StoredFile]:
    """Return files kept since before the instant that nothing refers to."""
    return list(unreferred().filter(created_at__lt=instant, erased_at=None).order_by("created_at")[:limit])


def open_file(stored: StoredFile) -> IO[Any]:
    """Open the bytes for reading; raises Erased when they are gone, StorageSilent when their place does not answer.

    DoesNotOpen when they are not what was kept: here for the first piece, at reading for those behind it.
    """
    if stored.erased_at is not None:
        raise Erased
    with _silence_told(), ExitStack() as beside:
        lying = beside.enter_context(storage().open(stored.path, "rb"))
        opened = envelope.opened(lying, sha256=stored.sha256)
        beside.pop_all()  # it is closed with what was opened
    return opened


@contextmanager
def _silence_told() -> Iterator[None]:
    """Tell a place that does not answer from a file that is not there."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as silent:
        raise StorageSilent from silent


def open_copy(lying: IO[bytes], *, sha256: str) -> IO[bytes]:
    """Open a copy of bytes as they lie on the storage, in a backup; raises DoesNotOpen, now or at reading."""
    return envelope.opened(lying, sha256=sha256)


def content_of(stored: StoredFile) -> bytes:
    """Return all bytes; raises Erased, StorageSilent, DoesNotOpen."""
    with _silence_told(), open_file(stored) as opened:
        content: bytes = opened.read()
    return content


def key_of_copy(lying: IO[bytes]) -> int:
    """Return the number of the data key under which a copy lies, 0 for plain; raises DoesNotOpen as `key_of` does."""
    return envelope.key_number(lying.read(envelope.HEAD_BYTES))


def key_of(stored: StoredFile) -> int:
    """Return the number of the data key under which the bytes truly lie, 0 for plain.

    Raises FileNotFoundError, StorageSilent, and DoesNotOpen for a format that is not known.
    """
    with _silence_told():
        return envelope.key_number(storage().first_bytes(stored.path, envelope.HEAD_BYTES))


def size_of_lying(stored: StoredFile) -> int:
    """Return how many bytes lie on the storage for it. Raises FileNotFoundError, StorageSilent."""
    with _silence_told():
        return storage().size(stored.path)


def contents() -> QuerySet[StoredFile]:
    """Return standing files, of each content the one that claims the oldest key, in the order of their digests."""
    return StoredFile.objects.filter(erased_at=None).order_by("sha256", "data_key", "id").distinct("sha256")
