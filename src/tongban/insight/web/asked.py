"""What somebody asks for in an address: period, office, item, post, group. What cannot be read is said, not guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.insight.queries import GROUPS, WITHOUT_POST, Selection
from tongban.insight.rules.outcomes import CHANNELS

DAYS_SHOWN = 30
EARLIEST = date(2000, 1, 1)
LONGEST_CODE = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at, and what of the address could not be read."""

    selection: Selection
    problems: tuple[str, ...]


def asked(given: Mapping[str, str], today: date) -> Asked:
    """Read a selection; without a period, that of the last thirty days."""
    problems: list[str] = []
    last = _day(given.get("to", ""), today, problems)
    first = _day(given.get("from", ""), last - timedelta(days=DAYS_SHOWN - 1), problems)
    if first > last:
        problems.append(_("The period ends before it begins: please choose its days anew."))
        first = last - timedelta(days=DAYS_SHOWN - 1)
    without_post = given.get("post", "") == WITHOUT_POST
    selection = Selection(
        first=first,
        last=last,
        organisation_id=_id(given.get("organisation", ""), problems),
        item_code=given.get("item", "").replace("\x00", "")[:LONGEST_CODE],
        post_id=None if without_post else _id(given.get("post", ""), problems),
        without_post=without_post,
        channel=given.get("channel", "") if given.get("channel", "") in CHANNELS else "",
        by=given.get("by", "") if given.get("by", "") in GROUPS else GROUPS[0],
    )
    return Asked(selection, tuple(dict.fromkeys(problems)))


def periods(today: date) -> list[tuple[str, date, date]]:
    """Return periods that are chosen with one click."""
    return [
        (_("Last 30 days"), today - timedelta(days=DAYS_SHOWN - 1), today),
        (_("Last 90 days"), today - timedelta(days=3 * DAYS_SHOWN - 1), today),
        (_("This year"), date(today.year, 1, 1), today),
        (_("Last twelve months"), today - timedelta(days=364), today),
    ]


def _day(text: str, otherwise: date, problems: list[str]) -> date:
    if not text:
        return otherwise
    day = _parsed(text)
    if day is None or not EARLIEST <= day < date(2100, 1, 1):
        problems.append(_("A day of the period could not be read: please give it as year-month-day."))
        return otherwise
    return day


def _parsed(text: str) -> date | None:
    """Return the day that a text says, None when it says none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _id(text: str, problems: list[str]) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        problems.append(_("A filter of this address could not be read and was left out."))
        return None
