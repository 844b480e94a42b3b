"""A name that is safe to show, to save under, and to send in a header."""

import re
import unicodedata

from tongban.base.text import is_letter

LONGEST = 200
"""Characters of a name, its suffix included."""

SUFFIXES = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "application/ofd": (".ofd",),
    "application/zip": (".zip",),
    "application/json": (".json",),
    "text/csv": (".csv",),
    "image/svg+xml": (".svg",),
}
"""Media type → suffixes; the first is given to a name that has none of them."""

SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png"})
"""Types that a browser shows; all others are offered for download only."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control characters and those that turn the direction of writing, which make `gpj.exe` read `exe.jpg`."""
_RESERVED = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")
_ALL_SUFFIXES = tuple(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)


def safe_name(name: str, media_type: str, *, fallback: str) -> str:
    """Return the last part of the name without anything dangerous, ending as its true type should."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(char for char in last if is_letter(char) or unicodedata.category(char) not in _INVISIBLE)
    stem = _RESERVED.sub("_", re.sub(r"\s+", " ", visible)).rstrip(" .")
    suffixes = SUFFIXES.get(media_type, ("",))
    suffix = next((known for known in suffixes if known and stem.lower().endswith(known)), "")
    kept = suffix or next((known for known in _ALL_SUFFIXES if stem.lower().endswith(known)), "")
    if kept:
        stem, kept = stem[: -len(kept)], stem[-len(kept) :]
    ending = kept if suffix else suffixes[0]
    stem = stem.strip(" .")
    stem = stem if stem and not _DEVICES.match(stem) else f"_{stem}" if stem else fallback
    return stem[: LONGEST - len(ending)] + ending
