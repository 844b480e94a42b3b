"""Who we are among our neighbours, who they are, and by which keys each is known."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tongban.base.errors import NotFound
from tongban.exchange import errors
from tongban.exchange.models import KnownDirectory, Membership, NeighbourService, OwnKey, Resource
from tongban.exchange.rules.neighbours import directory as directories
from tongban.exchange.rules.neighbours import keys
from tongban.exchange.rules.neighbours.directory import Directory, Member, Service, UnfitDirectory
from tongban.exchange.rules.neighbours.keys import PublicKey
from tongban.exchange.rules.signatures.signing import SigningKey
from tongban.exchange.rules.xroad.identifiers import ClientId, client_of
from tongban.ledger.rules.notes import Key


@dataclass(frozen=True, slots=True)
class Place:
    """This installation as the door needs it: its name, its address, and by which key it signs."""

    member: ClientId
    address: str
    key: SigningKey


def membership() -> Membership | None:
    """Return what this installation is among its neighbours."""
    return Membership.objects.first()


def own_keys() -> list[PublicKey]:
    """Return our keys, ended ones too."""
    return [_public(row) for row in OwnKey.objects.order_by("valid_from")]


def place(now: datetime) -> Place:
    """Return who we are and by which key we sign now. Raises NoMembership, NoKey."""
    row = membership()
    if row is None:
        raise errors.NoMembership
    rows = {one.key_id: one for one in OwnKey.objects.filter(valid_until__gt=now)}
    chosen = keys.signing_key(map(_public, rows.values()), now)
    if chosen is None:
        raise errors.NoKey
    secret = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(rows[chosen.id].secret))
    return Place(client_of(row.member), row.address, SigningKey(chosen.id, secret))


def description(now: datetime) -> Member:
    """Return this installation as it describes itself to whoever issues the directory. Raises NoMembership, NoKey."""
    row = membership()
    if row is None:
        raise errors.NoMembership
    good = tuple(one for one in own_keys() if one.valid_until > now)
    if not good:
        raise errors.NoKey
    services = list(NeighbourService.objects.filter(ended_at=None).order_by("subsystem", "code"))
    subsystems = {one.subsystem: one.subsystem_name or one.subsystem for one in services}
    return Member(
        id=client_of(row.member),
        name=row.name,
        name_en=row.name_en,
        address=row.address,
        keys=good,
        subsystems=tuple(subsystems.items()),
        services=tuple(Service(one.subsystem, one.code, one.name) for one in services),
    )


def directory(now: datetime) -> Directory:
    """Return the directory in use. Its signature is checked anew: rows of a table are nobody's word.

    Raises NoMembership, NoDirectory.
    """
    row = membership()
    if row is None:
        raise errors.NoMembership
    newest = KnownDirectory.objects.order_by("-number").first()
    if newest is None:
        raise errors.NoDirectory
    try:
        return directories.read(newest.note, issuers=[Key.parse(one) for one in row.issuers], now=now)
    except UnfitDirectory as unfit:
        raise errors.NoDirectory(detail=str(unfit)) from unfit


def verifying_key(known: Directory, key_id: str, *, of: ClientId | None, now: datetime) -> Ed25519PublicKey | None:
    """Return a public key that is good now; with `of`, only one of that member."""
    member = known.member_of_key(key_id, now)
    if member is None or (of is not None and member.id != of.member):
        return None
    key = member.key(key_id, now)
    return Ed25519PublicKey.from_public_bytes(key.public) if key else None


def _public(row: OwnKey) -> PublicKey:
    return PublicKey(keys.decoded(row.public), row.valid_from.astimezone(UTC), row.valid_until.astimezone(UTC))


def resource_named(slug: str) -> UUID:
    """Return the id of a resource. Raises NotFound."""
    found = Resource.objects.filter(slug=slug).values_list("id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def service_named(subsystem: str, code: str) -> UUID:
    """Return the id of a service that we offer. Raises NotFound."""
    services = NeighbourService.objects.filter(subsystem=subsystem, code=code, ended_at=None)
    found = services.values_list("id", flat=True).first()
    if found is None:
        raise NotFound
    return found
