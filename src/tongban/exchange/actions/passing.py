"""What the door writes: services and rights, numbers that were used, and what has passed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from tongban.base.actor import Actor
from tongban.base.rows import Change, new, write
from tongban.exchange import errors, events
from tongban.exchange.models import InformationSystem, NeighbourService, Passage, ServiceRight, UsedNonce
from tongban.exchange.queries.rights import reviews
from tongban.exchange.rules.outside.places import allows, origin_of
from tongban.exchange.rules.signatures.verifying import Believed
from tongban.exchange.rules.xroad.faults import Refused
from tongban.exchange.rules.xroad.identifiers import client_of, joined
from tongban.exchange.rules.xroad.metadata import RESERVED
from tongban.exchange.rules.xroad.paths import ANY, METHODS
from tongban.ledger import actions as ledger

SMALLEST_PREFIX = {4: 8, 6: 32}
"""Of the network by which a system is known, by the version of the protocol: 10.0.0.0/8 is the largest private one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service to be offered: of a resource, or at the address of a REST service."""

    subsystem: str
    code: str
    name: str = ""
    subsystem_name: str = ""
    resource_id: UUID | None = None
    address: str = ""
    openapi: str = ""
    timeout_seconds: int = 10


@transaction.atomic
def offer(*, actor: Actor, offered: Offer, now: datetime) -> NeighbourService:
    """Offer a service to neighbours, or say anew what answers.

    From a page only a service at a place of TONGBAN_SOURCES: else whoever may offer could have our door ask any machine
    of the city's network. Raises OnlyTheCentre, UnfitDescription, NotOfferedThere.
    """
    _refuse_others(actor)
    _refuse_unfit(offered)
    if offered.address and actor.kind != "system":
        _refuse_place(offered.address)
    kind = NeighbourService.Kind.REST if offered.address else NeighbourService.Kind.LOOK_UP
    values = {
        "subsystem_name": offered.subsystem_name,
        "name": offered.name,
        "kind": kind,
        "resource_id": offered.resource_id,
        "address": offered.address,
        "openapi": offered.openapi,
        "timeout_seconds": offered.timeout_seconds,
        "offered_at": now,
        "ended_at": None,
    }
    row, _made = NeighbourService.objects.update_or_create(
        subsystem=offered.subsystem, code=offered.code, defaults=values
    )
    ledger.record(events.ServiceOffered(subject_id=row.id, named=_named(row)), actor=actor, now=now)
    return row


@transaction.atomic
def end_offer(*, actor: Actor, service_id: UUID, now: datetime) -> None:
    """Offer a service no more; rights to it end, too: what is offered by its name later is another one.

    Raises OnlyTheCentre, NotInThisState.
    """
    _refuse_others(actor)
    row = NeighbourService.objects.select_for_update().filter(id=service_id, ended_at=None).first()
    if row is None:
        raise errors.NotInThisState
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    row.rights.filter(ended_at=None).update(ended_at=now)
    ledger.record(events.ServiceEnded(subject_id=row.id, named=_named(row)), actor=actor, now=now)


@transaction.atomic
def allow(
    *, actor: Actor, service_id: UUID, client: str, now: datetime, method: str = ANY, path: str = "/**"
) -> ServiceRight:
    """Let a client call a REST service. Raises OnlyTheCentre, NotInThisState, UnfitDescription."""
    _refuse_others(actor)
    service = NeighbourService.objects.select_for_update().filter(id=service_id, ended_at=None, kind="rest").first()
    if service is None:
        raise errors.NotInThisState
    if method not in {ANY, *METHODS} or not path.startswith("/") or not path.isascii():
        raise errors.UnfitDescription(detail=f"{method} {path}"[:100])
    named = _client(client)
    row, made = ServiceRight.objects.get_or_create(
        service=service, client=named, method=method, path=path, ended_at=None, defaults={"given_at": now}
    )
    if made:
        given = events.ServiceRightGiven(subject_id=service.id, named=_named(service), client=named)
        ledger.record(given, actor=actor, now=now)
    return row


@transaction.atomic
def forbid(*, actor: Actor, right_id: UUID, now: datetime) -> None:
    """Take a right back. Raises OnlyTheCentre, NotInThisState."""
    _refuse_others(actor)
    row = (
        ServiceRight.objects.select_for_update(of=["self"])
        .select_related("service")
        .filter(id=right_id, ended_at=None)
        .first()
    )
    if row is None:
        raise errors.NotInThisState
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    ended = events.ServiceRightEnded(subject_id=row.service_id, named=_named(row.service), client=row.client)
    ledger.record(ended, actor=actor, now=now)


@transaction.atomic
def register_system(
    *, actor: Actor, client: str, now: datetime, certificate: str = "", networks: Sequence[str] = ()
) -> InformationSystem:
    """Let a system of this house call through our door. Raises OnlyTheCentre, UnfitDescription."""
    _refuse_others(actor)
    try:
        known = [_network(one) for one in networks]
    except ValueError as wrong:
        raise errors.UnfitDescription(detail=str(wrong)[:200]) from wrong
    if not known and len(certificate) != 64:  # noqa: PLR2004 - hexadecimal digits of SHA-256
        raise errors.UnfitDescription(detail="it is known by its certificate or its network")
    named = _client(client)
    InformationSystem.objects.filter(client=named, ended_at=None).update(ended_at=now)
    row = InformationSystem.objects.create(
        client=named, certificate=certificate.lower(), networks=known, known_since=now
    )
    ledger.record(events.SystemRegistered(subject_id=row.id, named=named), actor=actor, now=now)
    return row


def _network(text: str) -> str:
    """Return a network in its form. Raises ValueError: half the world is no network of this house."""
    network = ip_network(text)
    if network.prefixlen < SMALLEST_PREFIX[network.version]:
        message = f"{network} is larger than any house"
        raise ValueError(message)
    return str(network)


@transaction.atomic
def end_system(*, actor: Actor, client: str, now: datetime) -> None:
    """Let a system call no more. Raises OnlyTheCentre, NotInThisState."""
    _refuse_others(actor)
    row = InformationSystem.objects.select_for_update().filter(client=client, ended_at=None).first()
    if row is None:
        raise errors.NotInThisState
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    ledger.record(events.SystemEnded(subject_id=row.id, named=client), actor=actor, now=now)


def use_once(*, believed: Believed, now: datetime) -> None:
    """Use the number of a signed call, for good. Raises UsedBefore."""
    with transaction.atomic(durable=True):
        use_with_the_rest(believed=believed, now=now)


def use_with_the_rest(*, believed: Believed, now: datetime) -> None:
    """Use the number of a signed call in the transaction of what the call is about.

    Of two at once one waits for the other. Raises UsedBefore: the database knows it, whichever process had it.
    """
    until = datetime.fromtimestamp(believed.remember_until, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_USED, [believed.key_id, believed.nonce, until])
        if not cursor.rowcount:
            raise errors.UsedBefore


_USED = """
    INSERT INTO exchange_usednonce (key_id, nonce, remember_until) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""


def forget_old_nonces(*, now: datetime) -> int:
    """Forget numbers whose signatures have expired: those are refused for their age."""
    count, _by_table = UsedNonce.objects.filter(remember_until__lt=now).delete()
    return count


def note_passage(*, passage: Passage) -> None:
    """Write what has passed, before the answer leaves."""
    with transaction.atomic(durable=True):
        write(*noted(passage=passage))


def noted(*, passage: Passage) -> Iterator[Change]:
    """Return what `note_passage` writes, to be written with other changes."""
    return new(passage)


def _named(service: NeighbourService) -> str:
    return joined((service.subsystem, service.code))


def _client(text: str) -> str:
    try:
        return str(client_of(text))
    except Refused as refused:
        raise errors.UnfitDescription(detail=refused.fault.message) from refused


def _refuse_unfit(offered: Offer) -> None:
    fits_address = not offered.address or _fits(offered.address)
    _client(joined(("a", "b", "c", offered.subsystem)))
    _client(joined(("a", "b", "c", offered.code)))
    if not fits_address or offered.code in RESERVED or bool(offered.address) == (offered.resource_id is not None):
        raise errors.UnfitDescription(detail=f"{offered.subsystem}/{offered.code}")


def _fits(address: str) -> bool:
    """Whether it is the address of a service: plain text, a host, a port that there is, nothing behind the path."""
    try:
        parts = urlsplit(address)
        origin_of(parts.scheme, parts.hostname or "", parts.port)
    except ValueError:
        return False
    is_plain = address.isascii() and address.isprintable() and not set(address) & set(' \\"<>')
    more = parts.query or parts.fragment or parts.username is not None
    return is_plain and parts.scheme in {"http", "https"} and not more


def _refuse_place(address: str) -> None:
    parts = urlsplit(address)
    place = origin_of(parts.scheme, parts.hostname or "", parts.port)
    if not allows(settings.TONGBAN_SOURCES, place):
        raise errors.NotOfferedThere(detail=place)


def _refuse_others(actor: Actor) -> None:
    if not reviews(actor):
        raise errors.OnlyTheCentre
