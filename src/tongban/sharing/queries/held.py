"""What registers hold on somebody: which of them, since when, and what of it may be read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tongban.base.clock import office_date
from tongban.base.errors import NotFound
from tongban.exchange import queries as exchange
from tongban.registers import queries as registers
from tongban.sharing.queries.whose import Whose
from tongban.sharing.rules import own

if TYPE_CHECKING:
    from tongban.exchange.models import Resource, ResourceItem


@dataclass(frozen=True, slots=True)
class HeldBy:
    """A resource that people may read about themselves. `holding` is None for an outside source: it is not known."""

    resource: "Resource"
    fields: tuple[str, ...]
    holding: registers.Holding | None
    is_ours: bool


def resources_on(whose: Whose, now: datetime) -> list[HeldBy]:
    """Return the resources of the city about this kind of subject, by office and name. A constant number of queries."""
    granted = own_grants(now)
    holdings = registers.holdings(whose.subject.key, on=office_date(now), now=now)
    ours = {one.resource_id for one in registers.registers()}
    return [
        HeldBy(one, tuple(granted[one.id]), holdings.get(one.id), one.id in ours)
        for one in exchange.resources().filter(subject_kind=whose.kind)
        if one.id in granted
    ]


def own_grants(now: datetime) -> dict[UUID, Sequence[str]]:
    """Return the fields of the own-data view by their resource, as grants that stand now say."""
    return {grant.resource_id: grant.fields for grant in exchange.grants_standing(own.PURPOSE, now=now)}


@dataclass(frozen=True, slots=True)
class Held:
    """A resource on one page: its items that may be read here, and those that may not, with the law."""

    resource: "Resource"
    plain: "tuple[ResourceItem, ...]"
    sensitive: "tuple[ResourceItem, ...]"
    kept_back: "tuple[ResourceItem, ...]"
    is_ours: bool

    @property
    def items(self) -> "tuple[ResourceItem, ...]":
        """All that may be read, in the order of the entry."""
        return tuple(sorted((*self.plain, *self.sensitive), key=lambda item: item.position))

    def item(self, code: str) -> "ResourceItem":
        """Return an item that may be read; raises NotFound."""
        found = next((item for item in self.items if item.code == code), None)
        if found is None:
            raise NotFound
        return found


def held_for(whose: Whose, slug: str, now: datetime) -> Held:
    """Return a resource about this kind of subject that has an own-data view; raises NotFound."""
    resource = exchange.resource_by_slug(slug)
    granted = own_grants(now).get(resource.id)
    if resource.subject_kind != whose.kind or granted is None:
        raise NotFound
    items = exchange.items_of(resource)
    read = [item for item in items if item.code in granted]
    return Held(
        resource,
        tuple(item for item in read if not item.is_sensitive),
        tuple(item for item in read if item.is_sensitive),
        tuple(item for item in items if item.code not in granted),
        registers.register_of_resource(resource.id) is not None,
    )


def outlines_of(held: Held, whose: Whose, now: datetime) -> list[registers.Outline]:
    """Return since when each record is so, in the order in which the gate answers; none for outside sources."""
    return registers.outlines(held.resource.id, whose.subject.key, on=office_date(now), now=now)
