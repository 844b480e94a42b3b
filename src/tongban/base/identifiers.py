"""Numbers with check digits: resident identity, unified social credit code, mobile phone, permits.

Sources: GB 11643-1999 (resident identity number, ISO 7064 MOD 11-2), GB 32100-2015 (unified social credit
code, MOD 31-3). Each function takes what a person typed and returns the normal form or raises `WrongIdentifier`.
"""

import re
from datetime import date

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.iso7064 import mod_11_2

from tongban.base.errors import Words
from tongban.base.text import narrow

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{9,11}")
_EARLIEST_BIRTH = 1900
_FEMALE_PARITY = 2


class WrongIdentifier(ValueError):  # noqa: N818 - says what is wrong with what was typed
    """What is wrong with the number, in words for the person who typed it."""

    def __init__(self, words: Words) -> None:
        """Keep the words lazy, so that they are shown in the reader's language."""
        super().__init__(words)
        self.words = words


def resident_number(typed: str, *, today: date | None = None) -> str:
    """Return an 18-character resident identity number (GB 11643-1999), its check digit verified.

    The place in it is not looked up: counties are made and dissolved, and no list is complete enough to refuse
    somebody's own number by it.
    """
    number = narrow(typed)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise WrongIdentifier(_("A resident identity number has 18 characters: 17 digits and a digit or X."))
    if not mod_11_2.is_valid(number):
        raise WrongIdentifier(
            _("The last digit does not fit this number. Please compare it with the card, digit by digit.")
        )
    try:
        birth_date(number)
    except ValueError as wrong:
        raise WrongIdentifier(
            _("The date of birth in this number does not exist. Please compare it with the card.")
        ) from wrong
    if today is not None and birth_date(number) > today:
        raise WrongIdentifier(_("The date of birth in this number lies in the future."))
    return number


def birth_date(number: str) -> date:
    """Return the date of birth within a verified resident identity number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex(number: str) -> str:
    """Return "female" or "male" as the 17th digit of a verified resident identity number says."""
    return "female" if int(number[16]) % _FEMALE_PARITY == 0 else "male"


def credit_code(typed: str) -> str:
    """Return an 18-character unified social credit code (GB 32100-2015), its check character verified."""
    code = narrow(typed)
    try:
        return uscc.validate(code)
    except InvalidLength as wrong:
        raise WrongIdentifier(_("A unified social credit code has 18 characters.")) from wrong
    except InvalidChecksum as wrong:
        raise WrongIdentifier(
            _("The last character does not fit this code. Please compare it with the business licence.")
        ) from wrong
    except ValidationError as wrong:
        raise WrongIdentifier(
            _("This is not a unified social credit code: it has digits and capital letters without I, O, S, V, Z.")
        ) from wrong


def mobile_number(typed: str) -> str:
    """Return an 11-digit mobile number of the mainland without +86."""
    number = re.sub(r"^(\+?86|0086)(?=1[3-9][0-9]{9}$)", "", re.sub(r"[()（）]", "", narrow(typed)))
    if not _MOBILE.fullmatch(number):
        raise WrongIdentifier(_("A mobile number has 11 digits and begins with 13 to 19."))
    return number


def phone_number(typed: str) -> str:
    """Return a mobile number, or a landline number with area code (digits only)."""
    number = re.sub(r"[()（）]", "", narrow(typed))
    if _LANDLINE.fullmatch(number):
        return number
    try:
        return mobile_number(typed)
    except WrongIdentifier as wrong:
        raise WrongIdentifier(
            _("Please give a mobile number (11 digits) or a landline number with its area code.")
        ) from wrong


_PERMITS: dict[str, tuple[str, Words]] = {
    "passport": (r"[A-Z0-9]{5,17}", _("A passport number has 5 to 17 letters and digits.")),
    "hong_kong_macao_permit": (
        r"[HM][0-9]{8}([0-9]{2})?",
        _("The permit's number is H or M and 8 digits."),
    ),
    "taiwan_permit": (r"[0-9]{8}([0-9]{2})?", _("The permit's number has 8 digits.")),
    "hong_kong_macao_taiwan_residence_permit": (
        r"8[123]0000[0-9]{11}[0-9X]",
        _("The residence permit's number has 18 characters and begins with 810000, 820000 or 830000."),
    ),
    "foreign_permanent_residence": (
        r"([A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X])",
        _("The number has 3 letters and 12 digits, or 18 characters that begin with 9."),
    ),
}


def permit_number(kind: str, typed: str) -> str:
    """Return the normal form of a number of one of the papers in `_PERMITS`, by its published shape."""
    pattern, words = _PERMITS[kind]
    number = narrow(typed)
    if not re.fullmatch(pattern, number):
        raise WrongIdentifier(words)
    if kind == "hong_kong_macao_taiwan_residence_permit" and not mod_11_2.is_valid(number):
        raise WrongIdentifier(
            _("The last digit does not fit this number. Please compare it with the card, digit by digit.")
        )
    return number


IDENTITY_KINDS: dict[str, tuple[str, Words]] = {
    "resident_identity_card": ("111", _("Resident identity card")),
    "passport": ("414", _("Passport")),
    "hong_kong_macao_permit": ("516", _("Mainland travel permit for Hong Kong and Macao residents")),
    "taiwan_permit": ("511", _("Mainland travel permit for Taiwan residents")),
    "hong_kong_macao_taiwan_residence_permit": ("810", _("Residence permit for Hong Kong, Macao and Taiwan residents")),
    "foreign_permanent_residence": ("553", _("Foreign permanent resident identity card")),
}
"""Identity papers: our name → (code in use, GA/T 2000.156, words)."""


def identity_number(kind: str, typed: str, *, today: date | None = None) -> str:
    """Return the normal form of an identity number of the given kind; raises WrongIdentifier."""
    if kind == "resident_identity_card":
        return resident_number(typed, today=today)
    return permit_number(kind, typed)
