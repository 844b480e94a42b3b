"""Whether a guide promises no more than the law allows: promised ≤ statutory, as far as units can be compared.

A limit in one unit is a span of hours, at least and at most: a calendar day 24, a month 28 to 31 days. Working days
last at least as many calendar days (moved weekends make weeks of seven working days), and at most twice as many and ten
(no run of days off has been longer than nine). Where the spans overlap, neither can be said.
"""

from collections.abc import Callable, Mapping
from typing import Literal

from tongban.catalogue.guide import GuideLimit

Verdict = Literal["fits", "longer", "unclear"]
Span = tuple[int, int]
DAY = 24
_WORKING_HOURS_AT_LEAST = 4
"""Hours in which an office is open on a working day, at the least."""


def _working_days(value: int) -> Span:
    return (value * DAY, (2 * value + 10) * DAY) if value else (0, 0)


_SPANS: Mapping[str, Callable[[int], Span]] = {
    "on_the_spot": lambda _value: (0, 0),
    "hour": lambda value: (value, value),
    "calendar_day": lambda value: (value * DAY, value * DAY),
    "month": lambda value: (value * 28 * DAY, value * 31 * DAY),
    "working_day": _working_days,
    "working_hour": lambda value: (value, _working_days(-(-value // _WORKING_HOURS_AT_LEAST))[1]),
}


def verdict(promised: GuideLimit, statutory: GuideLimit) -> Verdict:
    """Return whether the promise fits, is longer, or cannot be compared. Where one of them is not stated, it fits."""
    if not _is_stated(promised) or not _is_stated(statutory):
        return "fits"
    if promised.unit is None or statutory.unit is None:
        return "unclear"
    if promised.unit == statutory.unit:
        return "longer" if (promised.value or 0) > (statutory.value or 0) else "fits"
    shortest, longest = _SPANS[promised.unit](promised.value or 0)
    least, most = _SPANS[statutory.unit](statutory.value or 0)
    if shortest > most:
        return "longer"
    return "fits" if longest <= least else "unclear"


def _is_stated(limit: GuideLimit) -> bool:
    return limit.value is not None or limit.unit == "on_the_spot"
