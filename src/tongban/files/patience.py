"""Going on past a content that the storage does not give or take, and ending where it is the storage itself."""

from tongban.files.errors import StorageFull, StorageSilent

GIVEN_UP_AFTER = 5
"""So many contents in a row that the storage does not give or take: then it is the storage, and not they."""


class Patience:
    """Counts what failed in a row, for whoever goes through all files."""

    def __init__(self) -> None:
        """Begin."""
        self._in_a_row = 0

    def went_well(self) -> None:
        """Begin to count anew."""
        self._in_a_row = 0

    def failed(self, why: Exception) -> None:
        """Bear it, or raise it when it is one too many that the storage does not give or take."""
        self._in_a_row = self._in_a_row + 1 if isinstance(why, StorageSilent | StorageFull) else 0
        if self._in_a_row == GIVEN_UP_AFTER:
            raise why
