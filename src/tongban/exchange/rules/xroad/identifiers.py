"""Names of members, subsystems and services in X-Road: parts, each percent-encoded by itself."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from tongban.exchange.rules.xroad.faults import BAD_REQUEST, Fault, Refused

VERSION = "r1"
LONGEST_TARGET = 4000
LONGEST_PART = 255
_CLIENT_PARTS = (3, 4)
_SERVICE_PARTS = 5
_ESCAPES = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters and marks that nobody sees: two names must not look like one."""


@dataclass(frozen=True, slots=True)
class ClientId:
    """A member, or one of its subsystems: who asks."""

    instance: str
    member_class: str
    member_code: str
    subsystem: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Its parts; three for a member, four for a subsystem."""
        named = (self.instance, self.member_class, self.member_code)
        return (*named, self.subsystem) if self.subsystem else named

    @property
    def member(self) -> "ClientId":
        """The member without its subsystem."""
        return ClientId(self.instance, self.member_class, self.member_code)

    def __str__(self) -> str:
        """Write it as it stands in a header."""
        return joined(self.parts)


@dataclass(frozen=True, slots=True)
class ServiceId:
    """A service of a subsystem."""

    provider: ClientId
    code: str

    def __str__(self) -> str:
        """Write it as it stands in a header and in an address."""
        return joined((*self.provider.parts, self.code))


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: a service, a path below it as it was sent (empty or with a slash before it), a query."""

    service: ServiceId
    path: str
    query: str = ""


def joined(parts: tuple[str, ...]) -> str:
    """Write parts with slashes between them, whatever is in them."""
    return "/".join(quote(part, safe="") for part in parts)


def client_of(header: str | None) -> ClientId:
    """Read who asks. Raises Refused."""
    if not header or not header.strip():
        msg = "The header X-Road-Client is missing."
        raise _malformed(msg)
    parts = header.strip().split("/")
    if len(parts) not in _CLIENT_PARTS:
        msg = "X-Road-Client has three or four parts: instance, member class, member code, subsystem."
        raise _malformed(msg)
    return ClientId(*(_part(one) for one in parts))


def target_of(path: str, query: str = "") -> Target:
    """Read where a request goes from the path as it was sent, not decoded. Raises Refused."""
    if len(path) + len(query) > LONGEST_TARGET:
        msg = "The address is too long."
        raise _malformed(msg)
    parts = path.removeprefix("/").split("/", _SERVICE_PARTS + 1)
    if parts[0] != VERSION:
        msg = "The address begins with the version of the protocol, r1."
        raise _malformed(msg)
    if len(parts) <= _SERVICE_PARTS:
        msg = "The address names a service: instance, member class, member code, subsystem, service."
        raise _malformed(msg)
    instance, member_class, member_code, subsystem, code = (_part(one) for one in parts[1 : _SERVICE_PARTS + 1])
    rest = f"/{parts[_SERVICE_PARTS + 1]}" if len(parts) > _SERVICE_PARTS + 1 else ""
    return Target(ServiceId(ClientId(instance, member_class, member_code, subsystem), code), rest, query)


def _part(encoded: str) -> str:
    if not encoded or _ESCAPES.search(encoded):
        msg = "A part of an identifier is empty, or its percent-encoding is damaged."
        raise _malformed(msg)
    try:
        part = unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        msg = "A part of an identifier is not UTF-8."
        raise _malformed(msg) from None
    if part in {".", ".."} or _UNFIT.search(part) or len(part) > LONGEST_PART or part.strip() != part:
        msg = "A part of an identifier has characters that are not allowed."
        raise _malformed(msg)
    return part


def _malformed(message: str) -> Refused:
    return Refused(Fault(BAD_REQUEST, message))
