"""The bytes of files as a place of what is sealed: counted by their rows, sealed anew one content after the other."""

import logging
from collections.abc import Iterator

from tongban.base import crypto
from tongban.base.sealing import BATCH, Cursor, Done
from tongban.files import actions, queries
from tongban.files.errors import DoesNotOpen, StorageFull, StorageSilent
from tongban.files.patience import Patience

logger = logging.getLogger("tongban.files")


class Contents:
    """All standing files. A content that is gone, changed, or cannot be read or written is counted and left alone."""

    name = "bytes of files_storedfile"

    def numbers(self, cursor: Cursor) -> dict[int, int]:
        """Return the number of each key → how many files lie under it; 0 for those that lie plain."""
        cursor.execute("SELECT data_key, count(*) FROM files_storedfile WHERE erased_at IS NULL GROUP BY 1")
        return dict(cursor.fetchall())

    def seal_anew(self) -> Iterator[Done]:
        """Go through the digests of what is not under the newest key. Raises StorageFull, StorageSilent."""
        newest, after, patience = crypto.newest_key(), "", Patience()
        while digests := queries.sealed_otherwise(newest, after=after, limit=BATCH):
            done = Done()
            for digest in digests:
                try:
                    done.sealed += actions.seal_anew(digest)
                    patience.went_well()
                except (DoesNotOpen, FileNotFoundError, StorageSilent, StorageFull) as broken:
                    logger.error("not sealed anew: sha256=%s %s", digest, type(broken).__name__)  # noqa: TRY400 - says all
                    done.broken += 1
                    patience.failed(broken)
            after = digests[-1]
            yield done
