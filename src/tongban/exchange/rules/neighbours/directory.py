"""The directory of members: who takes part, by which keys, at which address, with which services; until when.

One text, one line of canonical JSON (RFC 8785), signed by its issuer as a signed note (C2SP). It expires: whoever keeps
others from fetching the next one does not keep a withdrawn member alive for long. Its number only rises: an old one,
however well signed, is not taken again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tongban.exchange.rules.neighbours import keys as key_rules
from tongban.exchange.rules.neighbours.keys import PublicKey
from tongban.exchange.rules.xroad.faults import Refused
from tongban.exchange.rules.xroad.identifiers import ClientId, client_of, joined
from tongban.exchange.rules.xroad.metadata import RESERVED
from tongban.ledger.rules.canonical import written
from tongban.ledger.rules.notes import Key, Note, Signer, UnfitNote

FORMAT = "tongban-directory/1"
LONGEST_LIFE = timedelta(days=14)
SKEW = timedelta(minutes=1)
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_MEMBER_PARTS = 3


class UnfitDirectory(ValueError):  # noqa: N818 - a statement
    """It is no directory that may be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of a member, below one of its subsystems."""

    subsystem: str
    code: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member: an installation of Tongban, or one that speaks like it."""

    id: ClientId
    name: str
    name_en: str = ""
    address: str
    keys: tuple[PublicKey, ...]
    subsystems: tuple[tuple[str, str], ...] = ()
    """Codes with their names."""
    services: tuple[Service, ...] = ()

    def key(self, key_id: str, now: datetime) -> PublicKey | None:
        """Return its key of a name, if it is good now."""
        return next((one for one in self.keys if one.id == key_id and one.is_good(now)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """All members, as of one number."""

    number: int
    issued_at: datetime
    expires_at: datetime
    members: tuple[Member, ...]
    by_id: Mapping[ClientId, Member] = field(init=False, compare=False)
    by_key: Mapping[str, Member] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Put members by their names and by those of their keys. Raises UnfitDirectory when one is there twice."""
        by_id = {one.id: one for one in self.members}
        named = [key.id for one in self.members for key in one.keys]
        if len(by_id) < len(self.members) or len(set(named)) < len(named):
            raise UnfitDirectory(_TWICE)
        object.__setattr__(self, "by_id", by_id)
        object.__setattr__(self, "by_key", {key.id: one for one in self.members for key in one.keys})

    def member_of_key(self, key_id: str, now: datetime) -> Member | None:
        """Return whose key it is, if it is good now."""
        member = self.by_key.get(key_id)
        return member if member and member.key(key_id, now) else None

    def is_good(self, now: datetime) -> bool:
        """Whether it may be used now."""
        return self.issued_at - SKEW <= now < self.expires_at

    def signed(self, signer: Signer) -> str:
        """Return the whole note."""
        text = f"{FORMAT}\n{written(_told(self))}\n"
        return f"{text}\n{signer.signature(text)}"


_TWICE = "a member or a key is there twice"


def read(note: str, *, issuers: Sequence[Key], now: datetime, newest: int = 0) -> Directory:
    """Read a directory that one of the issuer's keys has signed. Raises UnfitDirectory.

    `newest`: the highest number that is known; one below it is refused, the same one is not.
    """
    try:
        parsed = Note.parse(note)
    except UnfitNote as unfit:
        raise UnfitDirectory(str(unfit)) from unfit
    if not any(parsed.signed_by(issuer) for issuer in issuers):
        message = "it is signed by none of the issuer's keys"
        raise UnfitDirectory(message)
    found = _directory(parsed.text)
    if not found.is_good(now):
        message = f"it was good from {found.issued_at:{_TIME}} until {found.expires_at:{_TIME}}"
        raise UnfitDirectory(message)
    if found.number < newest:
        message = f"its number {found.number} lies below {newest}, which is known already"
        raise UnfitDirectory(message)
    return found


def member_of(told: Mapping[str, Any]) -> Member:
    """Read what a member says of itself, or what a directory says of it. Raises UnfitDirectory."""
    try:
        return _member(told)
    except (KeyError, TypeError, ValueError, AttributeError, Refused) as wrong:
        message = f"a member is not described as it must be: {type(wrong).__name__} {wrong}"
        raise UnfitDirectory(message) from wrong


def told_of(member: Member) -> dict[str, Any]:
    """Return a member as it is written."""
    return {
        "id": str(member.id),
        "name": member.name,
        "name_en": member.name_en,
        "address": member.address,
        "keys": [
            {
                "id": one.id,
                "public": key_rules.encoded(one.public),
                "from": one.valid_from.strftime(_TIME),
                "until": one.valid_until.strftime(_TIME),
            }
            for one in member.keys
        ],
        "subsystems": [{"code": code, "name": name} for code, name in member.subsystems],
        "services": [{"subsystem": one.subsystem, "code": one.code, "name": one.name} for one in member.services],
    }


def _told(directory: Directory) -> dict[str, Any]:
    return {
        "number": directory.number,
        "issued": directory.issued_at.strftime(_TIME),
        "expires": directory.expires_at.strftime(_TIME),
        "members": [told_of(one) for one in sorted(directory.members, key=lambda member: str(member.id))],
    }


def _directory(text: str) -> Directory:
    head, _, line = text.removesuffix("\n").partition("\n")
    if head != FORMAT:
        message = f"it does not begin with {FORMAT}"
        raise UnfitDirectory(message)
    try:
        told = json.loads(line)
        if written(told) != line:
            message = "its JSON is not in the canonical form"
            raise UnfitDirectory(message)
        issued, expires = _instant(told["issued"]), _instant(told["expires"])
        number = told["number"]
        if (
            not isinstance(told["members"], list)
            or type(number) is not int
            or number < 1
            or not issued < expires <= issued + LONGEST_LIFE
        ):
            message = "its number, its time or its members are not as they must be"
            raise UnfitDirectory(message)
        members = tuple(member_of(one) for one in told["members"])
    except (ValueError, KeyError, TypeError) as wrong:
        if isinstance(wrong, UnfitDirectory):
            raise
        message = "its JSON is not a directory"
        raise UnfitDirectory(message) from wrong
    return Directory(number=number, issued_at=issued, expires_at=expires, members=members)


def _member(told: Mapping[str, Any]) -> Member:
    client = client_of(told["id"])
    keys = tuple(_key(one) for one in told["keys"])
    subsystems = tuple((_text(one["code"]), _text(one["name"])) for one in told["subsystems"])
    services = tuple(
        Service(_text(one["subsystem"]), _text(one["code"]), _text(one["name"])) for one in told["services"]
    )
    codes = {code for code, _name in subsystems}
    if client.subsystem or not 0 < len(keys) <= key_rules.MOST_AT_ONCE or len(codes) < len(subsystems):
        message = "it is a member with one to three keys and subsystems that are told apart"
        raise UnfitDirectory(message)
    for one in services:
        client_of(joined((*client.parts, one.subsystem)))
        if one.subsystem not in codes or one.code in RESERVED or not one.code:
            message = f"the service {one.code} has no subsystem, or a name that is taken"
            raise UnfitDirectory(message)
    if len({(one.subsystem, one.code) for one in services}) < len(services):
        raise UnfitDirectory(_TWICE)
    return Member(
        id=client,
        name=_text(told["name"]),
        name_en=_text(told["name_en"]),
        address=_address(told["address"]),
        keys=keys,
        subsystems=subsystems,
        services=services,
    )


def _key(told: Mapping[str, Any]) -> PublicKey:
    key = PublicKey(key_rules.decoded(told["public"]), _instant(told["from"]), _instant(told["until"]))
    if told["id"] != key.id or key.valid_from >= key.valid_until:
        message = "the name of a key does not fit, or it ends before it begins"
        raise UnfitDirectory(message)
    return key


def _address(text: str) -> str:
    parts = urlsplit(text)
    plain_here = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not (parts.scheme == "https" or plain_here) or not parts.hostname or parts.path or parts.query or parts.username:
        message = "an address is https://host[:port] and nothing else; plain http only on the same machine"
        raise UnfitDirectory(message)
    return text


def _instant(text: str) -> datetime:
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise TypeError
    return value
