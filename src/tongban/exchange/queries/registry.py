"""The catalogue as a whole, to be handed out: each entry in force with its thirteen elements (2017 guide, trial)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet

from tongban.exchange.models import Resource, ResourceVersion
from tongban.exchange.queries.entries import entries_of
from tongban.exchange.rules.entries import EntryDraft, strictest
from tongban.organisations import queries as organisations

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Registered:
    """An entry in force, who provides it, and what of it is not in the entry itself."""

    resource: Resource
    version: ResourceVersion
    entry: EntryDraft
    credit_code: str

    def told(self) -> dict[str, Any]:
        """Return the entry as a machine reads it, in the order of the elements."""
        said, resource = asdict(self.entry), self.resource
        items = said.pop("items")
        return {
            "classification": said["classification"],
            "category": said["category"],
            "name": said["name"],
            "name_en": said["name_en"],
            "code": said["code"],
            "slug": said["slug"],
            "provider": resource.provider.name,
            "division": said["division"],
            "provider_credit_code": self.credit_code,
            "summary": said["summary"],
            "subject_kind": said["subject_kind"],
            "format": said["format"],
            "items": [{**item, "code_list": list(item["code_list"])} for item in items],
            "sharing": {"class": strictest(one["sharing_class"] for one in items), "way": said["sharing_way"]},
            "opening": {"class": strictest(one["opening_class"] for one in items)},
            "update_cycle": said["update_cycle"],
            "updated_at": resource.updated_at.isoformat() if resource.updated_at else None,
            "published_on": self.version.published_on.isoformat() if self.version.published_on else None,
            "version": self.version.number,
            "related_codes": list(said["related_codes"]),
        }


def registered(found: QuerySet[Resource]) -> Iterator[Registered]:
    """Yield entries in force, read some hundred at a time: the whole catalogue never stands in memory."""
    part: list[Resource] = []
    for resource in found.iterator(chunk_size=AT_ONCE):
        part.append(resource)
        if len(part) == AT_ONCE:
            yield from _of(part)
            part = []
    yield from _of(part)


def _of(part: list[Resource]) -> Iterator[Registered]:
    versions = []
    for resource in part:
        version = resource.in_force
        if version is not None:
            version.resource = resource
            versions.append(version)
    says = entries_of(versions)
    codes = organisations.credit_codes({one.provider_id for one in part})
    for version in versions:
        resource = version.resource
        yield Registered(resource, version, says[version.id], codes.get(resource.provider_id, ""))
