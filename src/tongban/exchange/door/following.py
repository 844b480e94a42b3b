"""The feed behind the door: a system reads on in the changes of a resource (GET …/changes?after=…)."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from tongban.base.actor import Actor
from tongban.base.errors import Refusal
from tongban.exchange import errors
from tongban.exchange.actions.feeding import read_changes
from tongban.exchange.door.messages import Head, Leaving
from tongban.exchange.models import NeighbourService
from tongban.exchange.queries import feeds

PATH = "/changes"


def followed(service: NeighbourService, actor: Actor, head: Head, *, now: datetime) -> Leaving:
    """Return a part of the feed, as a grant of the system lets it be known, or the refusal with its code."""
    try:
        after = parse_qs(head.query or "", keep_blank_values=True, max_num_fields=5).get("after", [""])[0]
    except ValueError:
        return Leaving.problem(422, errors.MalformedCall.code, str(errors.MalformedCall.message))
    try:
        page = read_changes(
            actor=actor,
            resource=service.resource.slug if service.resource else "",
            after=after,
            limit=feeds.MOST,
            now=now,
        )
    except Refusal as refused:
        return Leaving.problem(refused.status, refused.code, str(refused), **refused.details)
    return Leaving.document(_told(page))


def _told(page: feeds.Page) -> dict[str, Any]:
    kind = page.grant.resource.subject_kind
    changes = [
        {
            "subject": {"kind": kind, "reference": one.reference} if one.reference else None,
            "changed_at": one.at.isoformat(),
            "cursor": one.cursor,
        }
        for one in page.changes
    ]
    return {"resource": page.grant.resource.slug, "changes": changes, "next": page.next, "more": page.more}
