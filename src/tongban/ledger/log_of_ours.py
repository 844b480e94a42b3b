"""The log of this installation: its name, and the key that it signs with."""

from functools import lru_cache

from django.conf import settings

from tongban.ledger.rules.notes import LOG, Key, Signer


def origin() -> str:
    """Return the name of the log, the first line of its checkpoints."""
    return str(settings.TONGBAN_LEDGER_ORIGIN)


def signer() -> Signer:
    """Return what signs checkpoints."""
    return Signer(origin(), LOG, settings.TONGBAN_LEDGER_KEY)


@lru_cache(maxsize=4)
def _key(name: str, secret: bytes) -> Key:
    return Signer(name, LOG, secret).key


def key() -> Key:
    """Return what others check its checkpoints with."""
    return _key(origin(), settings.TONGBAN_LEDGER_KEY)
