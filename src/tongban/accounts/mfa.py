"""How allauth.mfa keeps its secrets: sealed, as all personal data here."""

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import connection, transaction

from tongban.base import crypto
from tongban.base.sealing import BATCH, Cursor, Done

CONTEXT = "mfa_authenticator.data"


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """Seals the secrets of authenticator apps and recovery codes (AES-256-GCM)."""

    def encrypt(self, text: str) -> str:
        """Seal on the way in."""
        return base64.b64encode(crypto.seal(text, context=CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open on the way out."""
        return crypto.open_sealed(base64.b64decode(encrypted_text), context=CONTEXT)


_SEALED = ("secret", "seed", "migrated_codes")
"""Where allauth keeps what the adapter has sealed: of an app, of recovery codes, of codes that were taken over."""


class AppSecrets:
    """The place of what is sealed here: within JSON, as text. One row for each app, so few that all are read."""

    name = CONTEXT

    def numbers(self, cursor: Cursor) -> dict[int, int]:
        """Return the number of each key → how many values are sealed under it."""
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        found = Counter[int]()
        for (data,) in cursor.fetchall():
            _each(json.loads(data), lambda sealed: found.update([base64.b64decode(sealed)[1]]))
        return dict(found)

    def seal_anew(self) -> Iterator[Done]:
        """Seal anew; a row that somebody is changing just then is waited for: no other row is locked meanwhile."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM mfa_authenticator ORDER BY id")
            ids = [row[0] for row in cursor.fetchall()]
        for first in range(0, len(ids), BATCH):
            done = Done()
            for one in ids[first : first + BATCH]:
                _seal_row(one, done)
            yield done


@transaction.atomic
def _seal_row(row_id: int, done: Done) -> None:
    newest = max(settings.TONGBAN_DATA_KEYS)

    def anew(sealed: str) -> str:
        if base64.b64decode(sealed)[1] == newest:
            return sealed
        resealed = crypto.seal(crypto.open_sealed(base64.b64decode(sealed), context=CONTEXT), context=CONTEXT)
        done.sealed += 1
        return base64.b64encode(resealed).decode()

    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator WHERE id = %s FOR NO KEY UPDATE", [row_id])
        for (text,) in cursor.fetchall():
            data, before = json.loads(text), done.sealed
            try:
                changed = _each(data, anew)
            except crypto.CannotOpen:
                done.sealed, done.broken = before, done.broken + 1
                return
            if done.sealed > before:
                cursor.execute(
                    "UPDATE mfa_authenticator SET data = %s::jsonb WHERE id = %s", [json.dumps(changed), row_id]
                )


def _each(data: dict[str, Any], change: Callable[[str], Any]) -> dict[str, Any]:
    """Return the data with each sealed text changed."""
    changed = {}
    for name in filter(data.get, _SEALED):
        held = data[name]
        changed[name] = [change(one) for one in held] if isinstance(held, list) else change(held)
    return {**data, **changed}
