"""Sessions in the database, as Django keeps them.

The query that each request of somebody signed in begins with is compiled once (`base.compiled`).
"""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from tongban.base import clock
from tongban.base.compiled import compiled_once


class SessionStore(db.SessionStore):
    """One session."""

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
