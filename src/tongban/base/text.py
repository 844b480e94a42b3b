"""Text as people type it: full-width digits, stray spaces, control characters, masks for showing."""

import re
import unicodedata

_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_FORBIDDEN = {"Cc", "Cs", "Co"}
_UNSEEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200e\u200f\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
"""Marks that turn the order of writing about, so that a text reads as another one, and what is no character at all."""


_IDEOGRAPHS = ("\U00020000", "\U0003fffd")
"""The planes that Unicode keeps for ideographs: GB 18030-2022 has more of them than Python's tables know."""


def is_letter(char: str) -> bool:
    """Whether names are written with it: letters of any script, ideographs that came late included."""
    return char.isalpha() or (_IDEOGRAPHS[0] <= char <= _IDEOGRAPHS[1] and not _UNSEEN.match(char))


def clean_line(text: str) -> str:
    """Return one line: no control characters, single spaces, trimmed. Chinese punctuation stays as typed."""
    if not text.isprintable():  # nearly all is, and then there is nothing to look for one by one
        seen = _UNSEEN.sub("", text)
        text = "".join(" " if unicodedata.category(char) in _FORBIDDEN else char for char in seen)
    return _SPACES.sub(" ", text).strip()


def clean_lines(text: str) -> str:
    """Return several lines, each as `clean_line` keeps the inner spaces; at most two empty lines in a row."""
    lines = [clean_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def narrow(text: str) -> str:
    """Return numbers and Latin letters in half width (NFKC), upper case, without spaces and hyphens."""
    return re.sub(r"[\s\-\u2010-\u2015]+", "", unicodedata.normalize("NFKC", text)).upper()


def mask(number: str, *, first: int = 3, last: int = 2) -> str:
    """Return an identity or telephone number with its middle hidden: 430***********12."""
    if len(number) <= first + last:
        return "*" * len(number)
    return number[:first] + "*" * (len(number) - first - last) + number[len(number) - last :]


def mask_name(name: str) -> str:
    """Return a name with only its last character shown (张三 → *三), as Chinese offices do in public lists."""
    return "*" * max(len(name) - 1, 1) + name[-1:] if len(name) > 1 else name
