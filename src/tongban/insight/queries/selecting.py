"""Which finished cases somebody looks at: within their reach, in a period, of an office, an item, a post."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet

from tongban.base.actor import Actor
from tongban.insight.models import FinishedCase
from tongban.organisations import queries as organisations

WITHOUT_POST = "none"
_NARROWED_BY = {"organisation": "organisation_id", "post": "post_id", "item": "item_code", "channel": "channel"}
GROUPS = ("organisation", "item", "post", "month", "channel")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is looked at. Empty means all; `by` is how it is grouped."""

    first: date
    last: date
    organisation_id: UUID | None = None
    item_code: str = ""
    post_id: UUID | None = None
    without_post: bool = False
    """Only cases in which no official had the last word: withdrawn, lapsed, deemed granted."""
    channel: str = ""
    by: str = "organisation"

    def address(self, **instead: object) -> str:
        """Return the selection as it stands in an address; `instead` adds to it."""
        values: dict[str, object] = {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "organisation": self.organisation_id or "",
            "item": self.item_code,
            "post": WITHOUT_POST if self.without_post else self.post_id or "",
            "channel": self.channel,
            "by": self.by,
            **instead,
        }
        return urlencode({key: str(value) for key, value in values.items() if value not in {"", None}})

    def narrowed(self, group: str, key: object) -> "Selection":
        """Return the part of it that one line of a table by this group is about."""
        if group == "month" and isinstance(key, date):
            return replace(self, first=max(self.first, key), last=min(self.last, _last_of(key)))
        if group == "post" and key is None:
            return replace(self, without_post=True)
        narrow: dict[str, Any] = {_NARROWED_BY[group]: key}
        return replace(self, **narrow)


def _last_of(month: date) -> date:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


@dataclass(frozen=True, slots=True)
class Reach:
    """The offices that a supervisor oversees."""

    organisation_ids: Sequence[UUID]


def reach_of(actor: Actor) -> Reach | None:
    """Return what the actor oversees; None for who does not supervise."""
    found = organisations.overseen_by(actor.posts)
    return Reach(found) if found else None


def selected(reach: Reach, selection: Selection) -> QuerySet[FinishedCase]:
    """Return the rows that are looked at."""
    chosen = Q(ended_on__range=(selection.first, selection.last))
    if selection.organisation_id is not None:
        offices: Sequence[UUID] = [one for one in reach.organisation_ids if one == selection.organisation_id]
    else:
        offices = reach.organisation_ids
    chosen &= Q(organisation_id__in=offices)
    given: dict[str, Any] = {
        "item_code": selection.item_code,
        "post_id": selection.post_id,
        "channel": selection.channel,
    }
    if selection.without_post:
        chosen &= Q(post_id__isnull=True)
    return FinishedCase.objects.filter(chosen, **{name: value for name, value in given.items() if value})
