"""What comes to the door and what leaves it: a head, and a body that lies in memory or in a file without a name."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from tongban.exchange.contrib.neighbours.line import spool
from tongban.exchange.rules.outside.paths import is_deeper_than
from tongban.exchange.rules.signatures.digests import Digester
from tongban.exchange.rules.signatures.messages import combined

PIECE = 64 * 1024
DEEPEST = 20
PROBLEM = "application/problem+json"
JSON = "application/json;charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a request as it came over the wire; `peer`: the address at the other end of the line."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    peer: str = ""
    certificate: str = ""

    def header(self, name: str) -> str | None:
        """Return the value of a header."""
        return combined(self.headers, name)


class Body:
    """A body with its length and its digests, reckoned while it came in."""

    def __init__(self) -> None:
        """Begin with an empty one."""
        self.file = spool()
        self.digester = Digester()
        self._sha512 = hashlib.sha512()

    def take(self, piece: bytes) -> None:
        """Take in the next piece."""
        self.file.write(piece)
        self.digester.update(piece)
        self._sha512.update(piece)

    @property
    def length(self) -> int:
        """Bytes so far."""
        return self.digester.length

    @property
    def sha512(self) -> bytes | None:
        """Digest of the body; None without one."""
        return self._sha512.digest() if self.length else None

    def rewound(self) -> IO[bytes]:
        """Return it from its beginning."""
        self.file.seek(0)
        return self.file

    def document(self, longest: int) -> Any:  # noqa: ANN401 - any JSON
        """Return what is written in it as JSON (RFC 8259): of a bounded depth, no name twice. Raises ValueError."""
        if self.length > longest:
            raise ValueError(self.length)
        content = self.rewound().read()
        if is_deeper_than(content, DEEPEST):
            raise ValueError(DEEPEST)
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that is there twice: whoever reads the first asks something else than whoever reads the last."""
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError(len(pairs))
    return document


@dataclass(slots=True, kw_only=True)
class Leaving:
    """An answer on its way."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: IO[bytes] = field(default_factory=spool)
    length: int = 0

    @classmethod
    def of(cls, status: int, content: bytes, *headers: tuple[str, str]) -> "Leaving":
        """Return an answer with a body that is at hand."""
        body = spool()
        body.write(content)
        body.seek(0)
        return cls(status=status, headers=headers, body=body, length=len(content))

    @classmethod
    def document(cls, told: Mapping[str, Any], *headers: tuple[str, str], status: int = 200) -> "Leaving":
        """Return JSON."""
        content = json.dumps(told, ensure_ascii=False, default=str).encode()
        return cls.of(status, content, ("content-type", JSON), *headers)

    @classmethod
    def problem(cls, status: int, code: str, words: str, **more: Any) -> "Leaving":  # noqa: ANN401 - any JSON
        """Return a refusal (RFC 9457)."""
        told = {"type": "about:blank", "title": words, "status": status, "code": code} | more
        content = json.dumps(told, ensure_ascii=False, default=str).encode()
        return cls.of(status, content, ("content-type", PROBLEM))
