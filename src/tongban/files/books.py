"""What must agree about files: the rows, their bytes on the storage, and what refers to them. Reads the storage."""

from collections.abc import Iterator

from django.conf import settings

from tongban.base.books import Disagreements, Look, comparison, gathered
from tongban.base.sealing import PLAIN
from tongban.files import actions, envelope, queries
from tongban.files.errors import DoesNotOpen, StorageSilent
from tongban.files.patience import Patience

WORDS: dict[type[Exception], str] = {
    DoesNotOpen: "sealed in a format that is not known",
    FileNotFoundError: "no bytes",
    StorageSilent: "the storage does not give its bytes",
}


@comparison(
    "files.bytes_are_there",
    holds="The bytes of every file that stands are on the storage, whole, under the key that is recorded",
    of_files=True,
)
def bytes_are_there(look: Look) -> Disagreements:
    """Ask the storage for each different content once. A newer key than the recorded one does no harm."""
    return gathered(look, list(_absent()))


def _absent() -> Iterator[str]:
    patience = Patience()
    for stored in queries.contents().only("id", "path", "size", "data_key").iterator(actions.MANY):
        try:
            number, lying = queries.key_of(stored), queries.size_of_lying(stored)
            patience.went_well()
        except (DoesNotOpen, FileNotFoundError, StorageSilent) as broken:
            yield f"file {stored.id}: {WORDS[type(broken)]}"
            patience.failed(broken)
            continue
        expected = envelope.size_of(stored.size) if number else stored.size
        if lying != expected:
            yield f"file {stored.id}: {lying} bytes on the storage instead of {expected}, for {stored.size} recorded"
        elif number not in {PLAIN, *settings.TONGBAN_DATA_KEYS}:
            yield f"file {stored.id}: lies under data key {number}, which is not given"
        elif number < stored.data_key:
            yield (
                f"file {stored.id}: lies under data key {number}, recorded under {stored.data_key}: run `tongban keys "
                "seal-anew --look`"
            )


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
