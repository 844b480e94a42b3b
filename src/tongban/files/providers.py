"""Virus scanners: each vendor registers here; the settings say which is asked."""

from collections.abc import Callable
from typing import Protocol

from django.conf import settings

from tongban.base.registry import Registry


class Scanner(Protocol):
    """Looks for viruses."""

    def scan(self, content: bytes) -> str:
        """Return the name of what was found, "" if nothing; raises ScannerSilent."""


SCANNERS: Registry[Callable[[str], Scanner]] = Registry("virus scanner")


def configured_scanner() -> Scanner | None:
    """Return the scanner at the configured address, None when none is configured."""
    return SCANNERS["clamd"](settings.TONGBAN_CLAMD) if settings.TONGBAN_CLAMD else None
