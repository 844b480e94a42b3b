"""ClamAV's daemon as virus scanner."""

from tongban.files.contrib.clamd.client import Clamd

__all__ = ["Clamd"]
