"""What happened to an enterprise: who registered it, what windows saw, who was named."""

from datetime import datetime
from uuid import UUID

from tongban.ledger import queries as ledger


def history_of_enterprise(enterprise_id: UUID) -> list[tuple[datetime, str]]:
    """Return when what happened to an enterprise, in words without names, oldest first."""
    told = (
        (event.happened_at, ledger.words_of(event, "official"))
        for event in ledger.history_of("enterprise", enterprise_id)
    )
    return [(when, words) for when, words in told if words]
