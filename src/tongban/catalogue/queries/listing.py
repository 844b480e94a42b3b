"""A handling item as lists show it: one query for any number of rows."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet

from tongban.base.compiled import compiled_once
from tongban.catalogue.guide import GuideLimit
from tongban.catalogue.models import HandlingItem, HandlingVersion

_FIELDS = (
    "id", "code", "name", "name_en", "state", "applicable", "has_guide", "audiences", "times_applied",
)  # fmt: skip
_FROM_GUIDE = ("summary", "summary_en", "promised_limit", "statutory_limit", "visits", "charges", "online")


KEPT = 8192
"""Versions of which is kept what lists show of their guides: versions never change. About 350 bytes each."""
KEPT_LIMITS = 1024


class RowFields(NamedTuple):
    """What the tables say of a matter in a list, its guide aside."""

    id: UUID
    code: str
    name: str
    name_en: str
    state: str
    applicable: bool
    has_guide: bool
    audiences: tuple[str, ...]
    times_applied: int
    version_id: UUID | None
    office: str
    office_en: str
    office_slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Glance:
    """What lists show of a guide."""

    summary: str
    summary_en: str
    promised: GuideLimit
    statutory: GuideLimit
    visits: int | None
    charges: bool | None
    online: bool


_GLANCES: dict[UUID, _Glance] = {}
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of a list of matters."""

    id: UUID
    code: str
    name: str
    name_en: str
    state: str
    applicable: bool
    has_guide: bool
    audiences: tuple[str, ...]
    times_applied: int
    office: str
    office_en: str
    office_slug: str
    summary: str
    summary_en: str
    promised: GuideLimit
    statutory: GuideLimit
    visits: int | None
    charges: bool | None
    online: bool

    @property
    def limit_is_promise(self) -> bool:
        """Whether the limit shown is the promise; else it is the statutory one."""
        return self.promised.unit == "on_the_spot" or self.promised.value is not None

    @property
    def limit(self) -> GuideLimit:
        """The limit to show: the promise where there is one, else the statutory limit."""
        return self.promised if self.limit_is_promise else self.statutory


def visible() -> QuerySet[HandlingItem]:
    """Return what the public sees: everything with a version that is not cancelled."""
    return HandlingItem.objects.exclude(state=HandlingItem.State.CANCELLED).filter(current__isnull=False)


def listed(items: QuerySet[HandlingItem]) -> list[Listed]:
    """Return rows in the order of the query, with one query."""
    rows = items.annotate(
        office=F("service_item__organisation__name"),
        office_en=F("service_item__organisation__name_en"),
        office_slug=F("service_item__organisation__slug"),
        authority=F("service_item__authority_name"),
    ).values(
        *_FIELDS, "office", "office_en", "office_slug", "authority", *(f"current__guide__{key}" for key in _FROM_GUIDE)
    )
    return [_row(row) for row in rows]


def listed_of(rows: Sequence[RowFields]) -> list[Listed]:
    """Return rows of which all is known but what their guides say; one query for the guides not yet kept."""
    glances = {row.version_id: _GLANCES.get(row.version_id) for row in rows if row.version_id is not None}
    missing = [version_id for version_id, kept in glances.items() if kept is None]
    if missing:
        for version_id, *told in _guides(missing):
            glances[version_id] = glance = _glance(dict(zip(_FROM_GUIDE, told, strict=True)))
            _keep(version_id, glance)
    return [_listed(row, (row.version_id and glances[row.version_id]) or _NOTHING) for row in rows]


def _keep(version_id: UUID, glance: "_Glance") -> None:
    """Keep what never changes; when there is too much, the oldest goes."""
    with _LOCK:
        while len(_GLANCES) >= KEPT:
            del _GLANCES[next(iter(_GLANCES))]
        _GLANCES[version_id] = glance


@compiled_once
def _guides(version_ids: Sequence[UUID]) -> QuerySet[HandlingVersion, tuple[Any, ...]]:
    return HandlingVersion.objects.filter(id__in=version_ids).values_list(
        "id", *(f"guide__{key}" for key in _FROM_GUIDE)
    )


def _listed(row: RowFields, glance: "_Glance") -> Listed:
    return Listed(
        id=row.id,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        state=row.state,
        applicable=row.applicable,
        has_guide=row.has_guide,
        audiences=row.audiences,
        times_applied=row.times_applied,
        office=row.office,
        office_en=row.office_en,
        office_slug=row.office_slug,
        summary=glance.summary,
        summary_en=glance.summary_en,
        promised=glance.promised,
        statutory=glance.statutory,
        visits=glance.visits,
        charges=glance.charges,
        online=glance.online,
    )


def _row(row: dict[str, Any]) -> Listed:
    told = [row[key] for key in _FIELDS[:-2]]
    office = [str(row["office"] or row["authority"] or ""), str(row["office_en"] or ""), str(row["office_slug"] or "")]
    fields = RowFields._make([*told, tuple(_words(row["audiences"])), row["times_applied"], None, *office])
    return _listed(fields, _glance({key: row[f"current__guide__{key}"] for key in _FROM_GUIDE}))


def _glance(told: dict[str, object]) -> "_Glance":
    return _Glance(
        summary=str(told["summary"] or ""),
        summary_en=str(told["summary_en"] or ""),
        promised=_shared(GuideLimit.model_validate(told["promised_limit"] or {})),
        statutory=_shared(GuideLimit.model_validate(told["statutory_limit"] or {})),
        visits=told["visits"] if isinstance(told["visits"], int) else None,
        charges=told["charges"] if isinstance(told["charges"], bool) else None,
        online=told["online"] is not False,
    )


@lru_cache(maxsize=KEPT_LIMITS)
def _shared(limit: GuideLimit) -> GuideLimit:
    """Return of equal limits always the same one: most guides name one of a few hundred, of 600 bytes each."""
    return limit


_NOTHING = _glance(dict.fromkeys(_FROM_GUIDE))


def _words(value: object) -> Iterable[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
