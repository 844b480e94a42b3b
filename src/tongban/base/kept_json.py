"""JSON that PostgreSQL can keep and others can read: no endless numbers, no NUL, no half signs, of a bounded depth."""

import math

DEEPEST = 20


def can_be_kept(value: object, deepest: int = DEEPEST) -> bool:
    """Whether a value is JSON that a column of the database takes. Never raises, however deep it is."""
    if isinstance(value, str):
        return is_text(value)
    if isinstance(value, dict):
        pairs = value.items()
        return deepest > 0 and all(isinstance(k, str) and is_text(k) and can_be_kept(v, deepest - 1) for k, v in pairs)
    if isinstance(value, list | tuple):
        return deepest > 0 and all(can_be_kept(one, deepest - 1) for one in value)
    return value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))


def is_text(text: str) -> bool:
    """Whether it is text that can be written down: PostgreSQL takes no NUL, UTF-8 no half of a pair."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
