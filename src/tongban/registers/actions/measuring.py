"""Count how complete and how valid a register is. The database counts where the values are; counts alone come out."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from tongban.base.clock import office_date
from tongban.base.errors import NotFound
from tongban.exchange import actions as exchange
from tongban.exchange.rules.quality import FieldMeasure
from tongban.registers.models import Register


@transaction.atomic
def measure(*, register_id: UUID, now: datetime) -> None:
    """Measure what a register says today by its newest schema, and keep the counts. Raises NotFound.

    Values that were written by an older schema are held against the newest one: a field that is required since then,
    or a code that is no longer in the list, shows here and nowhere else.
    """
    register = Register.objects.filter(id=register_id).first()
    if register is None:
        raise NotFound
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registers_measure(%s, %s)", [register.id, office_date(now)])
        rows = cursor.fetchall()
    measured = [
        FieldMeasure(code, required, filled, judged, valid) for code, required, _n, filled, judged, valid in rows
    ]
    records = rows[0][2] if rows else 0
    exchange.note_quality(resource_id=register.resource_id, records=records, measured=measured, now=now)
