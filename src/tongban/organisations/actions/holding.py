"""Officials are appointed to posts."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.ledger.actions import record
from tongban.organisations import queries
from tongban.organisations.actions.bodies import require_operator
from tongban.organisations.events import AppointmentEnded, OfficialAppointed
from tongban.organisations.models import PostHolding


def appoint(*, actor: Actor, official_id: UUID, post_id: UUID, now: datetime) -> None:
    """Let an official hold a post from now on. Held already: nothing changes. Raises Forbidden, NotFound."""
    require_operator(actor)
    official, post = accounts.official_by_id(official_id), queries.post(post_id)
    if official.ended_at is not None or post.ended_at is not None:
        raise NotFound
    try:
        with transaction.atomic():
            PostHolding.objects.create(post=post, official=official, since=now)
            record(OfficialAppointed(subject_id=official.id, held_post_id=post.id), actor=actor, now=now)
    except IntegrityError:
        return


@transaction.atomic
def end_appointment(*, actor: Actor, official_id: UUID, post_id: UUID, now: datetime) -> None:
    """Let an official hold a post no more. Raises Forbidden, NotFound."""
    require_operator(actor)
    holding = (
        PostHolding.objects.select_for_update()
        .filter(official_id=official_id, post_id=post_id, until__isnull=True)
        .first()
    )
    if holding is None:
        raise NotFound
    holding.until = now
    holding.save(update_fields=["until"])
    record(AppointmentEnded(subject_id=official_id, held_post_id=post_id), actor=actor, now=now)
