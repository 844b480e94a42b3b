"""What is signed of an HTTP message: its head, as it goes over the wire."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlsplit

Fields = tuple[tuple[str, str], ...]
"""Header fields in their order, names in small letters."""
_OWN_PORT = {"http": "80", "https": "443"}


def fields_of(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Return header fields with their names in small letters."""
    return tuple((name.lower(), value) for name, value in pairs)


def combined(fields: Fields, name: str) -> str | None:
    """Return the value of a field, its lines joined without the blanks around them (RFC 9421, 2.1). None: not there."""
    lines = [value.strip(" \t") for known, value in fields if known == name]
    return ", ".join(lines) if lines else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The head of a request. Path and query are those of the wire, percent-encoded; no query is empty."""

    method: str
    scheme: str
    authority: str
    path: str
    query: str = ""
    fields: Fields = ()

    @classmethod
    def to(cls, address: str, *, method: str = "GET", fields: Iterable[tuple[str, str]] = ()) -> Self:
        """Return the head of a request to an address."""
        parts = urlsplit(address)
        return cls(
            method=method,
            scheme=parts.scheme,
            authority=authority_of(parts.netloc, parts.scheme),
            path=parts.path or "/",
            query=parts.query,
            fields=fields_of(fields),
        )

    @property
    def target(self) -> str:
        """The address it goes to (RFC 9421, 2.2.2)."""
        return f"{self.scheme}://{self.authority}{self.path}{'?' + self.query if self.query else ''}"

    def with_fields(self, *more: tuple[str, str]) -> Self:
        """Return it with further fields."""
        return replace(self, fields=self.fields + fields_of(more))


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The head of an answer, with the request that it answers."""

    status: int
    request: Request
    fields: Fields = ()

    def with_fields(self, *more: tuple[str, str]) -> Self:
        """Return it with further fields."""
        return replace(self, fields=self.fields + fields_of(more))


def authority_of(host: str, scheme: str) -> str:
    """Return a host with its port in the form that is signed (RFC 9421, 2.2.3)."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port == _OWN_PORT.get(scheme) else host.lower()
