"""What of an event is proven, as one text that is the same wherever it is written: canonical JSON (RFC 8785).

The text is bound by a commitment: SHA-256 over a random salt and the text. Who holds neither learns nothing from it;
with the salt erased, nobody can try events until one fits.
"""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

SALT_BYTES, DIGEST_BYTES = 16, 32
_EXACT = 2**53
"""Whole numbers beyond it are not the same to every reader (RFC 7493, 2.2)."""
_SMALLEST_PLAIN, _LARGEST_PLAIN = -6, 21
"""Places of the decimal point between which ECMAScript writes a number without an exponent."""


class Sealable(NamedTuple):
    """An event as the sealer reads it, each column as text, `data` as the JSON of the database."""

    uid: str
    kind: str
    happened_at: str
    actor_kind: str
    account_id: str | None
    official_id: str | None
    post_id: str | None
    subject_kind: str
    subject_id: str
    data: str


class _HasFloat(Exception):  # noqa: N818 - says what was met
    """The quick way writes no numbers with fractions."""


def _refuse_float(_digits: str) -> float:
    raise _HasFloat


_QUICK = json.JSONDecoder(parse_float=_refuse_float)
_WRITER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False
)


def text_of(event: Sealable) -> str:
    """Return the canonical JSON of an event. Names are in the order of RFC 8785, 3.2.3, which here is the alphabet."""
    return (
        f'{{"account_id":{_id(event.account_id)},"actor_kind":{_code(event.actor_kind)},"data":{canonical(event.data)},'
        f'"happened_at":"{event.happened_at}","kind":{_code(event.kind)},"official_id":{_id(event.official_id)},'
        f'"post_id":{_id(event.post_id)},"subject_id":"{event.subject_id}","subject_kind":{_code(event.subject_kind)},'
        f'"uid":"{event.uid}"}}'
    )


def _id(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'


@lru_cache(maxsize=4096)
def _code(value: str) -> str:
    return _WRITER.encode(value)


def canonical(text: str) -> str:
    """Return a JSON text in its canonical form."""
    if text == "{}":
        return text
    if text.isascii() and r"\u" not in text:  # else names need not be in the order of their code points
        try:
            return _WRITER.encode(_QUICK.decode(text))
        except _HasFloat:
            pass
    return written(json.loads(text))


def json_of(text: str) -> dict[str, Any]:
    """Return what an event says, read from the JSON of the database."""
    return dict(json.loads(text))


def written(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return any JSON value in its canonical form, the long way."""
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_code(name)}:{written(value[name])}" for name in names) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(written, value)) + "]"
    return number(value) if isinstance(value, float) else _WRITER.encode(value)


def number(value: float) -> str:
    """Return a number with a fraction as ECMAScript writes it (RFC 8785, 3.2.2.3)."""
    if value == 0:
        return "0"
    parts = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, parts.digits))
    point = len(digits) + int(parts.exponent)
    return ("-" if parts.sign else "") + _placed(digits.rstrip("0"), point)


def _placed(digits: str, point: int) -> str:
    """Return digits with the decimal point after so many of them."""
    if len(digits) <= point <= _LARGEST_PLAIN:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _LARGEST_PLAIN:
        return f"{digits[:point]}.{digits[point:]}"
    if _SMALLEST_PLAIN < point <= 0:
        return "0." + "0" * -point + digits
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{point - 1:+d}"


def is_exact(value: int) -> bool:
    """Whether a whole number means the same to every reader of JSON."""
    return -_EXACT < value < _EXACT


def commitment(salt: bytes, text: str) -> bytes:
    """Return what binds an event without telling it: SHA-256 over the salt and the text."""
    return commitment_of(salt, text.encode())


def commitment_of(salt: bytes, encoded: bytes) -> bytes:
    """Return the same for a text that is UTF-8 already."""
    return hashlib.sha256(salt + encoded).digest()
