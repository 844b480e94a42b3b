"""A neighbour with a key of its own that calls at the door: right, and wrong in every way."""

import http.client
import json
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench import processes
from bench.attack.city import City
from bench.federation.place import Provider
from tongban.base.ids import new_id
from tongban.exchange.rules.signatures import digests
from tongban.exchange.rules.signatures.messages import Request
from tongban.exchange.rules.signatures.signing import SigningKey, Stamp, sign_call

OURS, THEIRS, OTHERS = "CN/GOV/yunting", "CN/GOV/tingnan", "CN/GOV/shanhe"
POPULATION = f"/r1/{OURS}/registers/population"
PLACES = f"/r1/{OURS}/services/places"
START_SECONDS = 60
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """What the door answered; status 0: it cut the line."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """The JSON object that it is; empty otherwise."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    @property
    def code(self) -> str:
        """Why it was refused; empty: it was not."""
        return self.headers.get("x-road-error", "") or str(self.document.get("code", ""))

    @property
    def why(self) -> str:
        """The same with its words."""
        return f"{self.code} {self.document.get('message', '')}".strip()


@dataclass
class Neighbour:
    """Two neighbours' keys, and what the first of them may."""

    address: str
    known: dict[str, Any] = field(default_factory=dict)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    other_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    key_id: str = ""
    other_key_id: str = ""

    @property
    def signing(self) -> SigningKey:
        """The key that is good."""
        return SigningKey(self.key_id, self.key)

    def question(self, **changes: Any) -> bytes:  # noqa: ANN401 - any JSON
        """Return a look-up that is granted."""
        subject = {"kind": "person", "number": self.known["number"], "identity_kind": "resident_identity_card"}
        return json.dumps({"subject": subject, "fields": ["name"]} | changes).encode()

    def signed(
        self, path: str, body: bytes = b"", *, method: str = "POST", purpose: str = "residence_move",
        client: str = f"{THEIRS}/gate", more: Pairs = (), key: SigningKey | None = None, at: datetime | None = None,
        nonce: str = "", life: int = 60, to: str = "",
    ) -> Request:  # fmt: skip
        """Return a call as its sender signs it."""
        own = [("x-road-client", client), ("tongban-purpose", purpose), ("x-road-issue", "T-1")]
        own = [one for one in own if one[1]]
        if body:
            own += [("content-digest", digests.of_body(body)), ("content-type", "application/json")]
        request = Request.to((to or self.address) + path, method=method, fields=[*own, *more])
        stamp = Stamp(at or datetime.now(UTC), nonce or new_id().hex, life)
        return sign_call(request, key=key or self.signing, stamp=stamp)

    def ask(self, path: str = POPULATION, body: bytes | None = None, **more: Any) -> Told:  # noqa: ANN401 - of signed
        """Sign and send."""
        content = self.question() if body is None else body
        return self.send(self.signed(path, content, **more), content)

    def send(self, request: Request, body: bytes = b"", change: Callable[[Pairs], Pairs] = lambda pairs: pairs) -> Told:
        """Send a call, its headers changed on the way."""
        target = request.path + (f"?{request.query}" if request.query else "")
        return self.raw(request.method, target, change(request.fields), body)

    def raw(self, method: str, target: str, headers: Pairs, body: bytes = b"", *, length: str | None = None) -> Told:
        """Send exactly this."""
        where = urlsplit(self.address)
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=40)
        try:
            line.putrequest(
                method, target, skip_host=any(name.lower() == "host" for name, _ in headers), skip_accept_encoding=True
            )
            for name, value in headers:
                line.putheader(name, value.encode("latin-1", "replace"))
            if body or length is not None:
                line.putheader("Content-Length", length if length is not None else str(len(body)))
            line.endheaders(body or None)
            answer = line.getresponse()
            return Told(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        except (OSError, ValueError, http.client.HTTPException):
            return Told(0, {}, b"")
        finally:
            line.close()


@contextmanager
def door(city: City) -> Iterator[tuple[Neighbour, Provider]]:
    """Open the city's door, with a neighbour let in and a service behind it."""
    address, provider = f"http://127.0.0.1:{processes.free_port()}", Provider()
    near = Neighbour(address)
    public = {name: key.public_key().public_bytes_raw().hex() for name, key in (("t", near.key), ("o", near.other_key))}
    near.known = city.inside.call(
        "strangers.let_in",
        address=address,
        theirs=public["t"],
        others=public["o"],
        echo=provider.address,
        person="demo-limei",
    )
    near.key_id = city.inside.call("strangers.key_id", public=public["t"])
    near.other_key_id = city.inside.call("strangers.key_id", public=public["o"])
    arguments = ["tongban", "door", "--port", address.rsplit(":", 1)[1]]
    process = processes.start(arguments, city.environment, city.log.with_name("door.log"))
    try:
        _wait(near, process)
        yield near, provider
    finally:
        processes.end(process)
        provider.end()


def _wait(near: Neighbour, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if near.raw("GET", "/healthz", []).status == 200:
            return
        time.sleep(0.3)
    message = "the door never answered"
    raise processes.NotStarted(message)


def hours_ago(hours: float) -> datetime:
    """Return a time in the past; a negative number is in the future."""
    return datetime.now(UTC) - timedelta(hours=hours)
