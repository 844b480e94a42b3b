"""Text as people type it: full-width digits, stray spaces, control characters, masks for showing."""

import re
import unicodedata

_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_FORBIDDEN = {"Cc", "Cs", "Co"}


def clean_line(text: str) -> str:
    """Return one line: no control characters, single spaces, trimmed. Chinese punctuation stays as typed."""
    kept = "".join(" " if unicodedata.category(char) in _FORBIDDEN else char for char in text)
    return _SPACES.sub(" ", kept).strip()


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
