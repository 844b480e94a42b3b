"""A handling item as lists show it: one query for any number of rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from tongban.catalogue.guide import GuideLimit
from tongban.catalogue.models import HandlingItem

_FIELDS = (
    "id", "code", "name", "name_en", "state", "applicable", "has_guide", "audiences", "times_applied",
)  # fmt: skip
_FROM_GUIDE = ("summary", "summary_en", "promised_limit", "statutory_limit", "visits", "charges", "online")


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


def listed_in_order(ids: Sequence[UUID]) -> list[Listed]:
    """Return rows in the order of the ids."""
    rows = {row.id: row for row in listed(HandlingItem.objects.filter(id__in=ids))}
    return [rows[one] for one in ids if one in rows]


def _row(row: dict[str, object]) -> Listed:
    told = {key: row[f"current__guide__{key}"] for key in _FROM_GUIDE}
    return Listed(
        **{key: row[key] for key in _FIELDS if key != "audiences"},  # type: ignore[arg-type]  # as the columns are typed
        audiences=tuple(_words(row["audiences"])),
        office=str(row["office"] or row["authority"] or ""),
        office_en=str(row["office_en"] or ""),
        office_slug=str(row["office_slug"] or ""),
        summary=str(told["summary"] or ""),
        summary_en=str(told["summary_en"] or ""),
        promised=GuideLimit.model_validate(told["promised_limit"] or {}),
        statutory=GuideLimit.model_validate(told["statutory_limit"] or {}),
        visits=told["visits"] if isinstance(told["visits"], int) else None,
        charges=told["charges"] if isinstance(told["charges"], bool) else None,
        online=told["online"] is not False,
    )


def _words(value: object) -> Iterable[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
