"""Words that everybody guesses first here: the product, the city, the hotline, what signing in is about."""

import re
from datetime import date
from itertools import pairwise

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = ("tongban", "banshi", "zhengwu", "gongban", "password", "mima", "admin", "12345", "通办", "政务", "密码")
FEWEST_OTHER = 5
"""Characters that must be left when all of these words are taken out of a password."""


class ObviousWordsValidator:
    """Refuses passwords that are little more than words of this place (NIST SP 800-63B, context-specific words)."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when too little is left without the words."""
        del user
        left = password.casefold()
        for word in self._words():
            left = left.replace(word, "")
        if len(left) < FEWEST_OTHER and left != password.casefold():
            raise ValidationError(self.get_help_text(), code="password_obvious")

    def get_help_text(self) -> str:
        """Return the sentence."""
        return _("This password is made of words that everybody would try here. Please choose other ones.")

    def _words(self) -> list[str]:
        city = settings.TONGBAN_CITY
        names = (city.name, city.name.removesuffix("市"), city.name_en, city.contact_phone)
        return sorted({one.casefold() for one in (*WORDS, *names) if one}, key=len, reverse=True)


_FEWEST_DIGITS = 4
"""Different digits that a number needs: 11223344 is none of the common ones and still the next to be tried."""
_YEARS = range(1900, 2100)


class ObviousNumbersValidator:
    """Refuses numbers that everybody tries here first: dates, telephone and identity numbers, runs of digits.

    Other numbers are passwords like any (ASVS 6.2.5); from a leak they are known to the list of common ones.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for such a number."""
        del user
        number = password.strip()
        if number[:-1].isdecimal() and number[-1:].upper() in set("0123456789X") and self._is_obvious(number.upper()):
            raise ValidationError(self.get_help_text(), code="password_obvious_number")

    def get_help_text(self) -> str:
        """Return the sentence."""
        return _(
            "This number is a date, a telephone or identity number, or a simple row of digits. Please choose another."
        )

    def _is_obvious(self, number: str) -> bool:
        return (
            len(set(number)) < _FEWEST_DIGITS
            or _is_run(number)
            or any(_is_date(number[place : place + 8]) for place in (0, 6, len(number) - 8) if place >= 0)
            or re.fullmatch(r"(86)?1[3-9]\d{9}|0\d{2,3}\d{7,8}", number) is not None
        )


def _is_run(number: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(number)} if number.isdecimal() else set()
    return len(steps) == 1


def _is_date(eight: str) -> bool:
    """Whether it is a day, the year first or last."""
    if len(eight) != 8 or not eight.isdecimal():  # noqa: PLR2004 - as in 20260301
        return False
    return any(
        _is_day(*parts)
        for parts in (
            (eight[:4], eight[4:6], eight[6:]),
            (eight[4:], eight[2:4], eight[:2]),
            (eight[4:], eight[:2], eight[2:4]),
        )
    )


def _is_day(year: str, month: str, day: str) -> bool:
    if int(year) not in _YEARS:
        return False
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
