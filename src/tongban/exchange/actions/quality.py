"""Keep what was counted of the data of resources."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tongban.base.clock import office_date
from tongban.exchange.models import QualityMeasure
from tongban.exchange.rules.quality import FieldMeasure

KEPT = timedelta(days=400)
"""A year can be looked back upon."""


@transaction.atomic
def note_quality(*, resource_id: UUID, records: int, measured: Sequence[FieldMeasure], now: datetime) -> None:
    """Keep what was counted of the data of a resource today; what was counted earlier today is replaced."""
    required = [one for one in measured if one.is_required]
    QualityMeasure.objects.update_or_create(
        resource_id=resource_id,
        day=office_date(now),
        defaults={
            "measured_at": now,
            "records": records,
            "required": records * len(required),
            "required_filled": sum(one.filled for one in required),
            "judged": sum(one.judged for one in measured),
            "valid": sum(one.valid for one in measured),
            "fields": [asdict(one) for one in measured],
        },
    )
    QualityMeasure.objects.filter(resource_id=resource_id, day__lt=office_date(now - KEPT)).delete()
