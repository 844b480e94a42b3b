"""Words of a language, found by looking once.

Django looks each text up in one dictionary after the other, by two keys, and a page asks for a hundred of them.
"""

from functools import lru_cache
from typing import Any

from django.utils.translation import trans_real

MOST_TEXTS = 10_000
"""Texts remembered for each language: all that there are, five times."""


class Catalog(trans_real.DjangoTranslation):
    """The words of one language."""

    def __init__(self, *names: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Read them, as Django does."""
        super().__init__(*names, **options)
        self.gettext = lru_cache(maxsize=MOST_TEXTS)(super().gettext)  # type: ignore[method-assign]


def look_up_once() -> None:
    """Take the place of Django's own, and of what was read before; as Django itself does when languages change."""
    trans_real.DjangoTranslation = Catalog  # type: ignore[misc]
    trans_real._translations = {}  # type: ignore[attr-defined]  # noqa: SLF001
    trans_real._default = None  # type: ignore[attr-defined]  # noqa: SLF001
