"""Passwords that were found in breaches: an index that the installation lays down, asked without telling anybody.

The index is the file of SHA-1 digests that Have I Been Pwned gives out, ordered by digest: one `DIGEST:COUNT` a line.
It is searched by halves on the disk: some thirty reads, whatever its size. SHA-1 protects nothing here; it is how the
index writes a password. Without a file there is Django's list of the 20,000 most common ones, taken from the same.
"""

import os
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class BreachedPasswordValidator:
    """Refuses passwords that stand in the installation's index of breached ones (NIST SP 800-63B, 5.1.1.2)."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when the password is known from a breach. Raises OSError when the index is gone."""
        del user
        index: Path | None = settings.TONGBAN_BREACHED_PASSWORDS
        if index is not None and is_in(index, _digest(password)):
            raise ValidationError(self.get_help_text(), code="password_breached")

    def get_help_text(self) -> str:
        """Return the sentence."""
        return _(
            "This password was stolen somewhere else before and is in the lists that are tried. Please choose another."
        )


def is_in(index: Path, digest: str) -> bool:
    """Whether a digest (40 capital hexadecimal digits) stands in an ordered file of `DIGEST:COUNT` lines."""
    wanted = digest.encode("ascii")
    with index.open("rb") as opened:
        low, high = 0, opened.seek(0, os.SEEK_END)
        while low < high:  # the line that begins at or after `low` and before `high` is still to be found
            middle = (low + high) // 2
            found = _line_from(opened, middle)
            if found[: len(wanted)] == wanted:
                return True
            if found and found[: len(wanted)] < wanted:
                low = middle + 1
            else:
                high = middle
    return False


def _line_from(opened: BinaryIO, place: int) -> bytes:
    """Return the first line that begins at or after a place; empty at the end."""
    opened.seek(max(0, place - 1))
    if place:
        opened.readline()
    return opened.readline()


def _digest(password: str) -> str:
    made = hashes.Hash(hashes.SHA1())  # noqa: S303 - the index's own form
    made.update(password.encode())
    return made.finalize().hex().upper()
