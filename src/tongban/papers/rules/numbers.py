"""Pure reckoning about papers: numbers, digests."""

import hashlib
import json
from collections.abc import Mapping

LONGEST_SERIES = 60


def series(prefix: str, mark: str) -> str:
    """Return the series 字号 of an office's papers of a kind: 云市监 + 受."""
    return f"{prefix[: LONGEST_SERIES - len(mark)]}{mark}"


def number(series: str, year: int, serial: int) -> str:
    """Return a number as 党政机关公文格式 (GB/T 9704-2012, 7.2.5) writes it: 云市监受〔2026〕12号, never 012."""
    return f"{series}〔{year}〕{serial}号"


def digest(kind: str, content: Mapping[str, object]) -> str:
    """Return the SHA-256 of what a paper says, its number and kind included."""
    text = json.dumps({"kind": kind, "content": content}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def short_digest(digest: str) -> str:
    """Return the first 16 characters in groups of four, as they stand at the foot of a paper."""
    return " ".join(digest[place : place + 4] for place in range(0, 16, 4))
