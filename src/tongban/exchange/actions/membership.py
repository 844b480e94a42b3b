"""Take part in exchange between installations: say who we are, make and end keys, issue and take directories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from tongban.base.actor import Actor
from tongban.exchange import errors, events
from tongban.exchange.models import KnownDirectory, Member, MemberKey, Membership, OwnKey
from tongban.exchange.queries import membership as queries
from tongban.exchange.queries.rights import reviews
from tongban.exchange.rules.neighbours import directory as directories
from tongban.exchange.rules.neighbours import keys
from tongban.exchange.rules.neighbours.directory import Directory, UnfitDirectory
from tongban.ledger import actions as ledger
from tongban.ledger.rules.notes import Key, Signer, UnfitNote

KEY_LIFE = timedelta(days=365)
DIRECTORY_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlace:
    """What this installation is among its neighbours."""

    member: str
    name: str
    address: str
    name_en: str = ""
    directory_address: str = ""
    issuers: Sequence[str] = ()


@transaction.atomic
def join(*, actor: Actor, place: OwnPlace, now: datetime) -> Membership:
    """Say what this installation is. Raises OnlyTheCentre, UnfitDescription."""
    _refuse_others(actor)
    probe = {
        "id": place.member,
        "name": place.name,
        "name_en": place.name_en,
        "address": place.address,
        "keys": [_told(Ed25519PrivateKey.generate().public_key().public_bytes_raw(), now, now + KEY_LIFE)],
        "subsystems": [],
        "services": [],
    }
    try:
        member = directories.member_of(probe)
        issuers = [str(Key.parse(one)) for one in place.issuers]
    except (UnfitDirectory, UnfitNote) as unfit:
        raise errors.UnfitDescription(detail=str(unfit)) from unfit
    values = {
        "member": str(member.id),
        "name": place.name,
        "name_en": place.name_en,
        "address": place.address,
        "directory_address": place.directory_address,
        "issuers": issuers,
        "changed_at": now,
    }
    row, _made = Membership.objects.update_or_create(is_only=True, defaults=values)
    ledger.record(events.MembershipChanged(subject_id=row.id, named=row.member), actor=actor, now=now)
    return row


@transaction.atomic
def make_key(*, actor: Actor, now: datetime, life: timedelta = KEY_LIFE) -> OwnKey:
    """Make a key of ours. It signs once the directory that names it has had time to reach everybody.

    Raises OnlyTheCentre, NotInThisState when there are as many good ones as a member may have.
    """
    _refuse_others(actor)
    if sum(one.is_good(now) for one in queries.own_keys()) >= keys.MOST_AT_ONCE:
        raise errors.NotInThisState
    secret = Ed25519PrivateKey.generate()
    public = secret.public_key().public_bytes_raw()
    row = OwnKey.objects.create(
        key_id=keys.thumbprint(public),
        public=keys.encoded(public),
        secret=secret.private_bytes_raw().hex(),
        valid_from=now.replace(microsecond=0),
        valid_until=(now + life).replace(microsecond=0),
        made_at=now,
    )
    ledger.record(events.OwnKeyMade(subject_id=row.id, named=row.key_id), actor=actor, now=now)
    return row


@transaction.atomic
def end_key(*, actor: Actor, key_id: str, now: datetime) -> OwnKey:
    """End a key of ours now, as when its secret may be known. Raises OnlyTheCentre, NoKey."""
    _refuse_others(actor)
    row = OwnKey.objects.select_for_update().filter(key_id=key_id, valid_from__lt=now, valid_until__gt=now).first()
    if row is None:
        raise errors.NoKey
    row.valid_until = now
    row.save(update_fields=["valid_until"])
    ledger.record(events.OwnKeyEnded(subject_id=row.id, named=row.key_id), actor=actor, now=now)
    return row


@transaction.atomic
def admit(*, actor: Actor, description: Mapping[str, Any], now: datetime) -> Member:
    """Admit a member to the directory that we issue, or take its new description.

    Raises OnlyTheCentre, UnfitDescription, KeyTaken: a key of another member, or one that was taken back.
    """
    _refuse_others(actor)
    try:
        told = directories.member_of(description)
    except UnfitDirectory as unfit:
        raise errors.UnfitDescription(detail=str(unfit)) from unfit
    values = {"description": directories.told_of(told), "changed_at": now, "removed_at": None}
    row, _made = Member.objects.select_for_update().update_or_create(
        member=str(told.id), defaults=values, create_defaults={**values, "admitted_at": now}
    )
    for key in told.keys:
        known, _new = MemberKey.objects.get_or_create(
            key_id=key.id, defaults={"member": row, "valid_until": key.valid_until}
        )
        if known.member_id != row.id or known.revoked_at is not None:
            raise errors.KeyTaken
    listed = {key.id for key in told.keys}
    row.keys.filter(revoked_at=None).exclude(key_id__in=listed).update(revoked_at=now)
    ledger.record(events.MemberAdmitted(subject_id=row.id, named=row.member), actor=actor, now=now)
    return row


@transaction.atomic
def remove(*, actor: Actor, member: str, now: datetime) -> Member:
    """Take a member out of the next directory. Its keys never return. Raises OnlyTheCentre, NotInThisState."""
    _refuse_others(actor)
    row = Member.objects.select_for_update().filter(member=member, removed_at=None).first()
    if row is None:
        raise errors.NotInThisState
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    row.keys.filter(revoked_at=None).update(revoked_at=now)
    ledger.record(events.MemberRemoved(subject_id=row.id, named=row.member), actor=actor, now=now)
    return row


@transaction.atomic
def issue(*, actor: Actor, signer: Signer, now: datetime, life: timedelta = DIRECTORY_LIFE) -> KnownDirectory:
    """Sign a directory of all members that are admitted, and use it ourselves. Raises OnlyTheCentre."""
    _refuse_others(actor)
    last = KnownDirectory.objects.select_for_update().order_by("-number").first()
    issued = now.replace(microsecond=0)
    told = Directory(
        number=last.number + 1 if last else 1,
        issued_at=issued,
        expires_at=issued + life,
        members=tuple(directories.member_of(row.description) for row in Member.objects.filter(removed_at=None)),
    )
    row = KnownDirectory.objects.create(
        number=told.number, note=told.signed(signer), expires_at=told.expires_at, received_at=now
    )
    place = queries.membership()
    named = place.id if place else Member.objects.latest("admitted_at").id
    ledger.record(events.DirectoryIssued(subject_id=named, named=str(row.number)), actor=actor, now=now)
    return row


@transaction.atomic
def take_directory(*, note: str, now: datetime) -> KnownDirectory:
    """Take a directory that was fetched, if it is good and no older than what is known.

    Raises NoMembership, UnfitDescription.
    """
    place = queries.membership()
    if place is None:
        raise errors.NoMembership
    last = KnownDirectory.objects.select_for_update().order_by("-number").first()
    try:
        issuers = [Key.parse(one) for one in place.issuers]
        told = directories.read(note, issuers=issuers, now=now, newest=last.number if last else 0)
    except (UnfitDirectory, UnfitNote) as unfit:
        raise errors.UnfitDescription(detail=str(unfit)) from unfit
    if last and last.number == told.number:
        return last
    return KnownDirectory.objects.create(number=told.number, note=note, expires_at=told.expires_at, received_at=now)


def _told(public: bytes, begins: datetime, ends: datetime) -> dict[str, str]:
    return {
        "id": keys.thumbprint(public),
        "public": keys.encoded(public),
        "from": f"{begins:%Y-%m-%dT%H:%M:%SZ}",
        "until": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
    }


def _refuse_others(actor: Actor) -> None:
    if not reviews(actor):
        raise errors.OnlyTheCentre
