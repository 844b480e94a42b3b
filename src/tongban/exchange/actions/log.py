"""Reading the log is itself logged."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tongban.base.actor import Actor
from tongban.exchange import errors
from tongban.exchange.events import LogRead
from tongban.exchange.models import LookUp
from tongban.exchange.queries.log import LogFilters, log_for
from tongban.exchange.queries.rights import STEWARD
from tongban.ledger import actions as ledger


@transaction.atomic
def read_log(*, actor: Actor, filters: LogFilters, now: datetime) -> QuerySet[LookUp]:
    """Record that somebody reads the log, and return what they may see of it. Raises NotYours."""
    post_id, organisation_id = _post(actor)
    event = LogRead(subject_id=organisation_id, resource_id=filters.resource_id, grant_id=filters.grant_id)
    ledger.record(event, actor=actor, now=now, post_id=post_id)
    return log_for(actor, filters, now)


def _post(actor: Actor) -> tuple[UUID, UUID]:
    for post in actor.posts:
        if STEWARD in post.roles:
            return post.id, post.organisation_id
    raise errors.NotYours
