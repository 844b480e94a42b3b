"""Roles of posts, and pure reckoning about codes, days and trees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Words


@dataclass(frozen=True, slots=True)
class Role:
    """What a post may do."""

    words: Words
    hint: Words


ROLES: dict[str, Role] = {
    "window": Role(_("Window"), _("takes in matters for people who come in person")),
    "acceptance": Role(_("Acceptance"), _("accepts, asks for supplements, does not accept, passes on")),
    "review": Role(_("Review"), _("examines and gives an opinion")),
    "inspection": Role(_("On-site check"), _("checks on site, or examines for another office")),
    "approval": Role(_("Approval"), _("decides")),
    "delivery": Role(_("Delivery"), _("hands out and posts papers")),
    "fees": Role(_("Fees"), _("marks fees as paid")),
    "item_manager": Role(_("Item management"), _("describes the matters and how they are done")),
    "supervisor": Role(_("Supervision"), _("sees all cases of the office and what is late")),
    "steward": Role(_("Data stewardship"), _("offers and asks for data")),
    "operator": Role(_("Operation"), _("runs the installation and opens officials' accounts")),
}

REGION_DIGITS = 12
LEVEL_BY_LENGTH = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
"""Length of a division code without trailing zeros → level: province, city, county, street, village (GB/T 2260)."""


def padded_code(code: str) -> str:
    """Return the 12-digit form of a division code of 2, 4, 6, 9 or 12 digits; raises ValueError."""
    if not code.isascii() or not code.isdecimal() or len(code) not in LEVEL_BY_LENGTH:
        message = f"{code!r} is no division code of 2, 4, 6, 9 or 12 digits"
        raise ValueError(message)
    return code.ljust(REGION_DIGITS, "0")


def level_of(padded: str) -> int:
    """Return the level that a padded code says by its zeros: 1 province … 5 village."""
    for length, level in LEVEL_BY_LENGTH.items():
        if not padded[length:].strip("0"):
            return level
    return max(LEVEL_BY_LENGTH.values())


def parent_code(padded: str) -> str | None:
    """Return the code one level up, as the digits say it; None for a province."""
    lengths = list(LEVEL_BY_LENGTH)
    level = level_of(padded)
    return None if level == 1 else padded[: lengths[level - 2]].ljust(REGION_DIGITS, "0")


def unknown_roles(roles: Iterable[str]) -> list[str]:
    """Return the roles that do not exist, in order."""
    return sorted(set(roles) - set(ROLES))


def overlaps(first: tuple[date, date], second: tuple[date, date]) -> bool:
    """Whether two stretches of days, ends included, share a day."""
    return first[0] <= second[1] and second[0] <= first[1]


def has_circle(parents: Mapping[str, str | None]) -> str | None:
    """Return a member of a circle in a child → parent mapping, None when it is a forest."""
    checked: set[str] = set()
    for start in parents:
        seen: set[str] = set()
        node: str | None = start
        while node is not None and node not in checked:
            if node in seen:
                return node
            seen.add(node)
            node = parents.get(node)
        checked |= seen
    return None
