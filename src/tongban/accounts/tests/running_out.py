"""A session that ends as it ends when it is left alone."""

from datetime import timedelta

from django.test import Client

from tongban.accounts.sessions import SEEN, SINCE
from tongban.base.clock import now

LONG_AGO = timedelta(hours=8)


def let_session_run_out(client: Client) -> None:
    """Make the session of a signed-in browser one that was left alone for a working day; the cookies stay."""
    session = client.session
    session.update(dict.fromkeys((SINCE, SEEN), (now() - LONG_AGO).isoformat()))
    session.save()
