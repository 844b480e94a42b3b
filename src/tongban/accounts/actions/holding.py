"""Keep what was typed when a session had expired, until its writer has signed in again."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from tongban.accounts.actions.counting import Bound, count_try
from tongban.accounts.models import HeldInput
from tongban.base.errors import TooMany

if TYPE_CHECKING:
    from tongban.base.web.keeping import Values

KEPT = timedelta(hours=2)
MOST_CHARACTERS = 200_000
OF_ONE = Bound("held", most=60, seconds=int(KEPT.total_seconds()))
"""For each writer: nobody fills the disk."""
LONGEST_PATH = 300


def hold_input(*, path: str, values: "Values", writer: UUID, now: datetime) -> UUID | None:
    """Seal and keep the values typed on a page; returns the token, or None when there is too much.

    `writer` is the account whose session has ended: it is kept for that account alone. Whose it is must be known:
    whoever signs in next in that browser may be somebody else.
    """
    forget_expired_input(now=now)
    if len(path) > LONGEST_PATH or "\x00" in path:
        return None
    if sum(len(key) + len(str(value)) for key, value in values.items()) > MOST_CHARACTERS:
        return None
    try:
        count_try(OF_ONE, str(writer), now=now)
    except TooMany:
        return None
    held = HeldInput.objects.create(
        path=path, values=dict(values), writer=writer, created_at=now, expires_at=now + KEPT
    )
    return held.id


def release_input(*, token: UUID, path: str) -> None:
    """Forget what was kept for a page, once it has been saved."""
    HeldInput.objects.filter(id=token, path=path).delete()


def forget_expired_input(*, now: datetime) -> int:
    """Forget what nobody came back for within `KEPT`; returns how many."""
    forgotten, _rows = HeldInput.objects.filter(expires_at__lte=now).delete()
    return forgotten
