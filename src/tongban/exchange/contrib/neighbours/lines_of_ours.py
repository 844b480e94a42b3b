"""The lines of this process, with this installation's certificate."""

from functools import lru_cache

from django.conf import settings

from tongban.exchange.contrib.neighbours.line import Lines, mutual_tls


@lru_cache(maxsize=1)
def lines() -> Lines:
    """Return them; made at the first call, after the process was forked."""
    context = mutual_tls(settings.TONGBAN_VAR / "secrets")
    return Lines(tls=lambda: context)
