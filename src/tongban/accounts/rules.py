"""Pure reckoning about names, sign-in names and ages."""

import re
import unicodedata
from datetime import date
from typing import Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Words
from tongban.base.identifiers import WrongIdentifier, mobile_number
from tongban.base.text import clean_line, is_letter, narrow

Channel = Literal["sms", "email"]

PRIVACY_VERSION = "2026-11"
"""Version of the privacy notice at /privacy that sign-up asks agreement to."""
ELECTRONIC_SERVICE_VERSION = "2026-11"
LONGEST_NAME = 100
OWN_ACCOUNT_AGE = 14
"""Years. Data of younger children is handled only with a guardian's agreement (个人信息保护法 art. 31)."""
PERSON_SEEN = "accounts.person_seen"
"""Session key: the person whose paper this clerk has seen last; what a window does for somebody is about them alone."""
DEMO_PREFIX = "demo-"
"""Sign-in names of the invented people of the demo city; nobody else may have such a name."""
CODE_DIGITS = 6
UNKNOWN_KIND = _("Please choose the identity paper you have.")

_DOTS = re.compile("[•・‧∙⋅●．]")
_USERNAME = re.compile(r"^[a-z][a-z0-9._-]{3,59}$")
_PRIVATE_USE = {"Co", "Cn"}


class WrongName(ValueError):  # noqa: N818 - says what is wrong with what was typed
    """What is wrong with the name, in words for the person who typed it."""

    def __init__(self, words: Words) -> None:
        """Keep the words lazy, so that they are shown in the reader's language."""
        super().__init__(words)
        self.words = words


def person_name(typed: str) -> str:
    """Return the normal form of a person's name: letters of any script, "·", spaces, hyphens, apostrophes, full stops.

    Raises WrongName.
    """
    if any(unicodedata.category(char) in _PRIVATE_USE and not is_letter(char) for char in typed):
        raise WrongName(
            _(
                "One character of this name is not in the common character set, so other computers cannot show it. "
                "Please write it as on your bank card or passport, or come to a window: we will help you."
            )
        )
    name = _DOTS.sub("·", clean_line(typed))
    if not name:
        raise WrongName(_("Please give the name as it stands on the identity paper."))
    if len(name) > LONGEST_NAME:
        raise WrongName(_("A name can have at most 100 characters."))
    if not _is_a_name(name):
        raise WrongName(_("A name has letters or characters only, with “·”, spaces or hyphens between them."))
    return name


def _is_a_name(name: str) -> bool:
    def fits(char: str) -> bool:
        return is_letter(char) or unicodedata.category(char)[0] in {"L", "M"} or char in "·-'’. " or char in "〇々"

    return all(fits(char) for char in name) and any(is_letter(char) or char == "〇" for char in name)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for width, case, spaces, accents' encoding and the form of the dot."""
    return _compared(one) == _compared(other)


def _compared(name: str) -> str:
    return re.sub(r"[\s·\-'’.]", "", unicodedata.normalize("NFKC", _DOTS.sub("·", name))).casefold()


def email_address(typed: str) -> str:
    """Return the normal form of an e-mail address (lower case, half width); raises WrongIdentifier."""
    address = unicodedata.normalize("NFKC", typed).strip().lower()
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise WrongIdentifier(_("This is not an e-mail address. It looks like name@example.com.")) from wrong
    return address


def username(typed: str) -> str:
    """Return a sign-in name: 4 to 60 small letters, digits, ".", "_", "-", a letter first; raises WrongIdentifier."""
    name = unicodedata.normalize("NFKC", typed).strip().lower()
    if not _USERNAME.fullmatch(name):
        raise WrongIdentifier(
            _("A sign-in name has 4 to 60 letters, digits, dots or hyphens and begins with a letter.")
        )
    return name


def sign_in_name(typed: str) -> tuple[Literal["sms", "email", "username"], str]:
    """Say what was typed to sign in with, in its normal form: a mobile number, an e-mail address or a sign-in name."""
    if "@" in typed or "＠" in typed:
        return "email", unicodedata.normalize("NFKC", typed).strip().lower()
    try:
        return "sms", mobile_number(typed)
    except WrongIdentifier:
        return "username", unicodedata.normalize("NFKC", typed).strip().lower()


def code_typed(typed: str) -> str:
    """Return a code as typed, without spaces and in half width."""
    return narrow(typed)


_BROWSERS = {
    "MicroMessenger": "微信",
    "AlipayClient": "支付宝",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def device(user_agent: str) -> str:
    """Return in two words what a browser says of itself, so that its owner knows it again: "Chrome · Windows".

    The order of the lists counts: nearly every browser also says the names of those before it.
    """
    found = [next((name for sign, name in signs.items() if sign in user_agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found))


def age_on(day: date, born: date) -> int:
    """Return full years (民法典 art. 200: by the calendar); the birthday itself begins the new year of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def masked_address(channel: Channel, address: str) -> str:
    """Return an address that its owner knows again and nobody else learns."""
    if channel == "sms":
        return f"{address[:3]}****{address[-4:]}"
    name, _at, host = address.partition("@")
    return f"{name[:1]}***@{host}"
