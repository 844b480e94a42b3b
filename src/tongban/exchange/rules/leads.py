"""Which office should answer for a datum that several hold: a suggestion with its reason, never a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Holder:
    """A resource that holds a datum, and what speaks for its office."""

    resource: str
    is_lead: bool
    is_basic: bool
    """Whether it is a base register, made to say this to everybody."""
    uses: int
    """How often others have looked the item up."""
    published_on: date | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The resource whose office should lead, and why: leads, basic, used, oldest."""

    resource: str
    reason: str


def suggested(holders: Sequence[Holder]) -> Suggestion | None:
    """Return who should lead: whoever does; else the only base register; else the most used; else the oldest."""
    if not holders:
        return None
    for one in holders:
        if one.is_lead:
            return Suggestion(one.resource, "leads")
    basic = [one for one in holders if one.is_basic]
    if len(basic) == 1:
        return Suggestion(basic[0].resource, "basic")
    among = basic or list(holders)
    most = max(one.uses for one in among)
    used = [one for one in among if one.uses == most]
    if most and len(used) == 1:
        return Suggestion(used[0].resource, "used")
    oldest = min(used, key=lambda one: (one.published_on or date.max, one.resource))
    return Suggestion(oldest.resource, "oldest")
