"""Reads what was taken in from a dropped file: rows of our own database, sealed, of the one load that is in force."""

import json
from typing import Any, ClassVar
from uuid import UUID

from tongban.base import crypto
from tongban.base.sealing import SealedColumn
from tongban.exchange.contrib.outside.source import Asked, Fetched, Outside
from tongban.exchange.models import DropLoad, DropRow
from tongban.exchange.providers import SourceAway
from tongban.exchange.rules.outside.codes import Why
from tongban.exchange.rules.outside.settings import DropSettings

MOST_RECORDS = 1000


class DropSource(Outside[DropSettings]):
    """The kind "csv"."""

    settings = DropSettings
    all_text: ClassVar[bool] = True

    def fetch(self, asked: Asked[DropSettings]) -> Fetched:
        """Return the rows on the number. Raises SourceAway."""
        load = load_in_force(asked.source.resource_id)
        if load is None:
            raise SourceAway(Why.NOTHING_YET)
        key = asked.subject.key
        found = DropRow.objects.filter(load=load, subject_key=key).order_by("id").values_list("sealed", flat=True)
        sealed = list(found[: MOST_RECORDS + 1])
        if len(sealed) > MOST_RECORDS:
            raise SourceAway(Why.TOO_MANY)
        try:
            records = [open_row(asked.source.resource_id, key, bytes(one)) for one in sealed]
        except crypto.CannotOpen as closed:
            raise SourceAway(Why.BROKEN) from closed
        return Fetched([{code: row[code] for code in asked.fields if code in row} for row in records])


def load_in_force(resource_id: UUID) -> DropLoad | None:
    """Return the load in force of a resource."""
    return DropLoad.objects.filter(
        source__resource_id=resource_id, in_force_since__isnull=False, ended_at__isnull=True
    ).first()


def seal_row(resource_id: UUID, key: UUID, values: dict[str, str]) -> bytes:
    """Seal a row, bound to its resource and subject."""
    return crypto.seal(json.dumps(values, ensure_ascii=False), context=_context(resource_id, key))


def open_row(resource_id: UUID, key: UUID, sealed: bytes) -> dict[str, Any]:
    """Open a row. Raises CannotOpen."""
    found: dict[str, Any] = json.loads(crypto.open_sealed(sealed, context=_context(resource_id, key)))
    return found


def _context(resource_id: UUID, key: UUID) -> str:
    return f"exchange_droprow.sealed.{resource_id}.{key}"


SEALED = SealedColumn(
    "exchange_droprow",
    "sealed",
    ("id",),
    context="'exchange_droprow.sealed.' || source.resource_id || '.' || here.subject_key",
    joined="JOIN exchange_dropload AS load ON load.id = here.load_id "
    "JOIN exchange_source AS source ON source.id = load.source_id",
)
"""The rows of dropped files, bound as `_context` says."""
