"""The log of this installation: its name, and the key that it signs with."""

from functools import lru_cache

from django.conf import settings
from django.db import connection

from tongban.ledger.rules.notes import LOG, Key, Signer


def origin() -> str:
    """Return the name of the log, the first line of its checkpoints."""
    return str(settings.TONGBAN_LEDGER_ORIGIN)


def signer() -> Signer:
    """Return what signs checkpoints."""
    return Signer(origin(), LOG, settings.TONGBAN_LEDGER_KEY)


class StrangeKey(Exception):  # noqa: N818 - a statement, read by an operator
    """This process would sign with another key than the ledger was signed with so far."""


def refuse_strange_key() -> None:
    """Raise StrangeKey unless our key, or one named as a former one, has signed the newest checkpoint.

    Where web and worker run on machines of their own and nobody gave them the key, each would make one, and a new one
    after each start.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM ledger_checkpoint ORDER BY size DESC LIMIT 1")
        row = cursor.fetchone()
    if row:
        refuse_unless_ours(row[0])


def refuse_unless_ours(signed_with: str) -> None:
    """Raise StrangeKey unless this is our key, or one named as a former one."""
    if signed_with not in {str(key()), *settings.TONGBAN_LEDGER_FORMER_KEYS}:
        message = f"the ledger was signed with {signed_with}: give its key as TONGBAN_LEDGER_KEY"
        raise StrangeKey(message)


@lru_cache(maxsize=4)
def _key(name: str, secret: bytes) -> Key:
    return Signer(name, LOG, secret).key


def key() -> Key:
    """Return what others check its checkpoints with."""
    return _key(origin(), settings.TONGBAN_LEDGER_KEY)
