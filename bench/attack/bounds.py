"""How long and how often: the attack is bounded in time and number."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Bounds of each part."""

    seconds: int = 180
    """For one tool in one role."""
    examples: int = 25
    """Cases of one operation, or of one form."""
    pages: int = 250
    """Pages walked by one person."""
    seed: int = 20261126


QUICK = Bounds(seconds=45, examples=6, pages=120)
