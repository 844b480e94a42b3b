"""What the door has to know at each message, looked up at most once a second: who we are, who the others are."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Generic, TypeVar

from django.db.models import Q, QuerySet

from tongban.base.compiled import compiled_once
from tongban.exchange.door.messages import Head
from tongban.exchange.models import InformationSystem, NeighbourService, ServiceRight
from tongban.exchange.queries import membership
from tongban.exchange.queries.membership import Place
from tongban.exchange.rules.neighbours.directory import Directory
from tongban.exchange.rules.xroad.identifiers import ClientId, ServiceId
from tongban.exchange.rules.xroad.paths import Endpoint

GOOD_FOR_SECONDS = 1.0
Told = TypeVar("Told")


@dataclass
class _Once(Generic[Told]):
    """Asks at most once a second. What is taken away is away within that second."""

    ask: Callable[[datetime], Told]
    _told: Told | None = None
    _at: datetime | None = None

    def __call__(self, now: datetime) -> Told:
        """Return what is known now."""
        with _LOCK:
            told, at = self._told, self._at
        if told is not None and at is not None and 0 <= (now - at).total_seconds() < GOOD_FOR_SECONDS:
            return told
        told = self.ask(now)
        with _LOCK:
            self._told, self._at = told, now
        return told

    def forget(self) -> None:
        """Ask anew next time."""
        with _LOCK:
            self._told = None


_LOCK = threading.Lock()
place: _Once[Place] = _Once(membership.place)
directory: _Once[Directory] = _Once(membership.directory)


def forget() -> None:
    """Ask anew: for tests, and after something was changed in this very process."""
    place.forget()
    directory.forget()


def service(named: ServiceId) -> NeighbourService | None:
    """Return a service that we offer."""
    return _services.first(named.provider.subsystem, named.code)


@compiled_once
def _services(subsystem: str, code: str) -> QuerySet[NeighbourService]:
    offered = NeighbourService.objects.select_related("resource").defer("openapi")
    return offered.filter(subsystem=subsystem, code=code, ended_at=None)


def services(subsystem: str) -> list[NeighbourService]:
    """Return the services that we offer below a subsystem."""
    return list(NeighbourService.objects.filter(subsystem=subsystem, ended_at=None).order_by("code"))


def endpoints(service: NeighbourService, client: ClientId) -> list[Endpoint]:
    """Return what a client may call of a service; what its member may call as a whole, its subsystems may too."""
    named = Q(client=str(client)) | Q(client=str(client.member))
    rows = ServiceRight.objects.filter(named, service=service, ended_at=None)
    return [Endpoint(one.method, one.path) for one in rows]


def is_system(client: ClientId, head: Head) -> bool:
    """Whether a message without signature comes from a system of this house that is this client."""
    row = InformationSystem.objects.filter(client=str(client), ended_at=None).first()
    if row is None:
        return False
    if row.certificate:
        return row.certificate == head.certificate.lower()
    try:
        peer = ip_address(head.peer)
    except ValueError:
        return False
    return any(peer in ip_network(one) for one in row.networks)
