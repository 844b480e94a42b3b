"""Neighbours as their operator sees them: lines, services and rights, systems, what has passed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from tongban.exchange.models import InformationSystem, KnownDirectory, NeighbourService, Passage, ServiceRight
from tongban.exchange.rules.neighbours.watching import LineState, line_state

LOOKED_BACK = timedelta(days=1)
MOST_LOOKED_AT = 3000
MOST_LISTED = 5000
_MEMBER_PARTS = 3
_NOBODY_ANSWERED = "network_error"


@dataclass(frozen=True, slots=True)
class PassageFilters:
    """What narrows the log of passages."""

    number: str = ""
    """of the message, its case or its line in the log"""
    member: str = ""
    outcome: str = ""
    """passed, refused, or empty"""
    way: str = ""
    days: int = 1


def passages(filters: PassageFilters, now: datetime) -> QuerySet[Passage]:
    """Return what passed the door, the newest first, MOST_LISTED at most."""
    found = Passage.objects.filter(at__gte=now - timedelta(days=filters.days))
    if filters.number:
        named = Q(message_id=filters.number) | Q(issue=filters.number)
        found = found.filter(named | Q(id=line) if (line := _id(filters.number)) else named)
    if filters.member:
        below = f"{filters.member.rstrip('/')}/"
        of_client = Q(client=filters.member) | Q(client__startswith=below)
        found = found.filter(of_client | Q(service__startswith=below))
    if filters.way:
        found = found.filter(way=filters.way)
    if filters.outcome:
        found = found.filter(refused="") if filters.outcome == "passed" else found.exclude(refused="")
    return found.order_by("-at", "-id")[:MOST_LISTED]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def line_states(now: datetime) -> dict[str, LineState]:
    """Return how it goes with each neighbour that our systems asked within a day, by member."""
    recent = Passage.objects.filter(way=Passage.Way.OUT, at__gte=now - LOOKED_BACK).order_by("-at")
    passed: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    for at, service, refused in recent.values_list("at", "service", "refused")[:MOST_LOOKED_AT]:
        member = "/".join(service.split("/")[:_MEMBER_PARTS])
        passed[member].append((at, refused.endswith(_NOBODY_ANSWERED)))
    return {member: line_state(rows) for member, rows in passed.items()}


def services() -> list[NeighbourService]:
    """Return the services that we offer, with the rights to each as `given`."""
    rights = ServiceRight.objects.filter(ended_at=None).order_by("client", "path", "method")
    offered = NeighbourService.objects.filter(ended_at=None).select_related("resource__provider")
    return list(offered.prefetch_related(Prefetch("rights", rights, to_attr="given")).order_by("subsystem", "code"))


def systems() -> list[InformationSystem]:
    """Return the systems of this house that may call through our door."""
    return list(InformationSystem.objects.filter(ended_at=None).order_by("client"))


def newest_directory() -> KnownDirectory | None:
    """Return the directory with the highest number, good or not."""
    return KnownDirectory.objects.order_by("-number").defer("note").first()
