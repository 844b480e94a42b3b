"""Pure reckoning about papers: their numbers and digests, and the wording that they are filled from."""

from tongban.papers.rules.numbers import LONGEST_SERIES, digest, number, series, short_digest
from tongban.papers.rules.wording import Placeholder, Text, Wording, faults, fill, shipped

__all__ = [
    "LONGEST_SERIES",
    "Placeholder",
    "Text",
    "Wording",
    "digest",
    "faults",
    "fill",
    "number",
    "series",
    "shipped",
    "short_digest",
]
