"""Which resource and subject an event of a register is about: what the feed of exchange tells, without content."""

from functools import lru_cache
from uuid import UUID

from tongban.exchange.providers import Changed
from tongban.ledger.events import RecordedEvent
from tongban.registers.models import Register


def record_changed(happened: RecordedEvent) -> Changed | None:
    """Something that a register says on a subject has changed."""
    return Changed(_resource_of(UUID(happened.data["register_id"])), happened.subject_id)


def register_loaded(happened: RecordedEvent) -> Changed | None:
    """Many records came in at once."""
    return Changed(_resource_of(happened.subject_id))


@lru_cache(maxsize=1000)
def _resource_of(register_id: UUID) -> UUID:
    """Return the resource of a register, which never changes."""
    return Register.objects.values_list("resource_id", flat=True).get(id=register_id)
