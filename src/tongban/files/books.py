"""What must agree about files: the rows, their bytes on the storage, and what refers to them. Reads the storage."""

from collections.abc import Iterator

from tongban.base.books import Disagreements, Look, comparison, gathered
from tongban.files import actions, envelope, queries
from tongban.files.models import StoredFile

PIECE = 2000


@comparison(
    "files.bytes_are_there", holds="The bytes of every file that stands are on the storage, whole", of_files=True
)
def bytes_are_there(look: Look) -> Disagreements:
    """Ask the storage for each different content once."""
    return gathered(look, list(_absent()))


def _absent() -> Iterator[str]:
    storage = queries.storage()
    standing = StoredFile.objects.filter(erased_at=None).order_by("sha256", "id").distinct("sha256")
    for stored in standing.only("id", "path", "size").iterator(PIECE):
        if not storage.exists(stored.path):
            yield f"file {stored.id}: no bytes"
        elif (size := storage.size(stored.path)) not in {stored.size, envelope.size_of(stored.size)}:
            yield f"file {stored.id}: {size} bytes on the storage, {stored.size} recorded"


@comparison("files.no_bytes_left_over", holds="No bytes are kept for a day that no standing file has", of_files=True)
def no_bytes_left_over(look: Look) -> Disagreements:
    """Go through the storage; what arrived lately may still be on its way to its row."""
    return gathered(look, [f"bytes {digest}: no file" for digest in actions.unrecorded_bytes(now=look.now)])


@comparison("files.referred_to", holds="No file stands for more than a day that nothing refers to", of_files=True)
def referred_to(look: Look) -> Disagreements:
    """See what the sweep ought to have erased."""
    before = look.settled_by - actions.KEPT_UNATTACHED - actions.SWEPT_EVERY
    left = queries.unreferred_before(before, limit=look.most)
    return gathered(look, [f"file {stored.id}: nothing refers to it" for stored in left])
