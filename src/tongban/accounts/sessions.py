"""Sessions in the database, as Django keeps them; and beside them, which account each is of.

The query that each request of somebody signed in begins with is compiled once (`base.compiled`).
"""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from tongban.accounts.models import OpenedSession
from tongban.base import clock
from tongban.base.compiled import compiled_once

SINCE, SEEN, DEVICE = "accounts.since", "accounts.seen", "accounts.device"
"""Session keys: when somebody signed in, when they were last here, with what."""


class SessionStore(db.SessionStore):
    """One session."""

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write it down, and whose it is, so that its owner finds it among theirs."""
        super().save(must_create=must_create)
        account_id = self.get(SESSION_KEY)
        if account_id is not None and self.session_key:
            noted = OpenedSession(session_key=self.session_key, account_id=account_id)
            OpenedSession.objects.bulk_create([noted], ignore_conflicts=True)

    def _get_session_from_db(self) -> Session | None:
        """Return the row of this session; without one that is valid its key is forgotten (Django's own way)."""
        found = _valid(self.session_key or "", clock.now())
        if found:
            return found[0]
        self._session_key = None
        return None


@compiled_once
def _valid(session_key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=session_key, expire_date__gt=now)
