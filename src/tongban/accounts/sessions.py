"""Sessions in the database, as Django keeps them; and beside them, which account each is of.

Each request of somebody signed in begins with one message to the database: the session, its account, and what rooms
above know of its owner (`accounts.providers`).
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from tongban.accounts.models import Account, OpenedSession, account_of_session
from tongban.accounts.providers import ASKED_WITH_SESSIONS, FoundWith
from tongban.base import clock
from tongban.base.compiled import compiled_once, together

SINCE, SEEN, DEVICE = "accounts.since", "accounts.seen", "accounts.device"
"""Session keys: when somebody signed in, when they were last here, with what."""


class SessionStore(db.SessionStore):
    """One session."""

    found_with: FoundWith | None = None
    """Whose row this is, once it was fetched; None before, and when nobody has signed in with it."""

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write it down, and whose it is, so that its owner finds it among theirs."""
        super().save(must_create=must_create)
        account_id = self.get(SESSION_KEY)
        if account_id is not None and self.session_key:
            noted = OpenedSession(session_key=self.session_key, account_id=account_id)
            OpenedSession.objects.bulk_create([noted], ignore_conflicts=True)

    def _get_session_from_db(self) -> Session | None:
        """Return the row of this session; without one that is valid its key is forgotten (Django's own way)."""
        key, now = self.session_key or "", clock.now()
        found, accounts, *answers = together(
            _valid.asking(key, now),
            account_of_session.asking(key),
            *(question(key, now) for question in ASKED_WITH_SESSIONS.values()),
        )
        if not found:
            self._session_key = None
            return None
        session: Session = found[0]
        for account in accounts:
            self.found_with = FoundWith(account, dict(zip(ASKED_WITH_SESSIONS, answers, strict=True)))
        return session

    def proven_account(self) -> Account | None:
        """Return the account that was found with the session, if the session proves it just as Django asks.

        None says only that Django has to look for itself: it knows former secrets, and ends what proves nothing.
        """
        signed_in_as = self.get(SESSION_KEY)  # which fetches the session
        account = self.found_with.account if self.found_with else None
        is_proven = (
            account is not None
            and account.is_active
            and signed_in_as == str(account.pk)
            and self.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
            and constant_time_compare(self.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash())
        )
        return account if is_proven else None


@compiled_once
def _valid(session_key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=session_key, expire_date__gt=now)
