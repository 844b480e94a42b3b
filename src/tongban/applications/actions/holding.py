"""Keep what was typed when a session had expired, until its writer has signed in again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from tongban.applications.models import HeldInput

KEPT = timedelta(hours=2)
MOST_CHARACTERS = 200_000


def hold_input(*, path: str, values: Mapping[str, object], now: datetime) -> UUID | None:
    """Seal and keep the values typed on a page; returns the token, or None when there is too much."""
    HeldInput.objects.filter(expires_at__lt=now).delete()
    if sum(len(key) + len(str(value)) for key, value in values.items()) > MOST_CHARACTERS:
        return None
    return HeldInput.objects.create(path=path, values=dict(values), created_at=now, expires_at=now + KEPT).id


def release_input(*, token: UUID) -> None:
    """Forget what was kept, once it has been saved."""
    HeldInput.objects.filter(id=token).delete()
