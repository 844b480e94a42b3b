"""How good the data of the catalogue are, the worst first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongban.exchange.models import QualityMeasure, Resource, ResourceVersion
from tongban.exchange.rules.quality import Quality, share, timeliness

MEASURES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Rated:
    """A resource with what is known of its data."""

    resource: Resource
    version: ResourceVersion
    measure: QualityMeasure | None
    quality: Quality


def rated(now: datetime, *, provider_id: UUID | None = None, grade: str = "") -> list[Rated]:
    """Return the resources in force, the worst first; those of which nothing can be said last."""
    resources = Resource.objects.filter(in_force__isnull=False).select_related("provider", "in_force")
    if provider_id is not None:
        resources = resources.filter(provider_id=provider_id)
    newest = QualityMeasure.objects.order_by("resource_id", "-day").distinct("resource_id").defer("fields")
    measures = {one.resource_id: one for one in newest}
    found = [_rated(resource, measures.get(resource.id), now) for resource in resources]
    return sorted((one for one in found if not grade or one.quality.grade == grade), key=_worst_first)


def rated_one(resource: Resource, measures: Sequence[QualityMeasure], now: datetime) -> Rated:
    """Return what is known of one resource in force by its measures, the newest first."""
    return _rated(resource, measures[0] if measures else None, now)


def records_counted(resource_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many records resources had when they were last counted, by id; without those never counted."""
    newest = QualityMeasure.objects.filter(resource_id__in=resource_ids).order_by("resource_id", "-day")
    return dict(newest.distinct("resource_id").values_list("resource_id", "records"))


def measures_of(resource: Resource) -> list[QualityMeasure]:
    """Return the last measures of a resource, the newest first."""
    return list(QualityMeasure.objects.filter(resource=resource).order_by("-day")[:MEASURES_SHOWN])


def _rated(resource: Resource, measure: QualityMeasure | None, now: datetime) -> Rated:
    version = resource.in_force
    assert version is not None, "asked for those in force"  # noqa: S101 - the filter says so
    late, in_time = timeliness(version.update_cycle, resource.updated_at, now)
    quality = Quality(
        late=late,
        timeliness=in_time,
        completeness=share(measure.required_filled, measure.required) if measure else None,
        validity=share(measure.valid, measure.judged) if measure else None,
    )
    return Rated(resource, version, measure, quality)


def _worst_first(one: Rated) -> tuple[float, str, UUID]:
    score = one.quality.score
    return (2.0 if score is None else score, one.resource.name, one.resource.id)
