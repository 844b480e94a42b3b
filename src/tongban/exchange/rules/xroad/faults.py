"""What went wrong, in the form that X-Road's clients know: a type, a message, a detail, and a header that flags it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

HEADER = "x-road-error"
BAD_REQUEST = "client.bad_request"
UNKNOWN_MEMBER = "server.clientproxy.unknown_member"
CLIENT_NETWORK = "server.clientproxy.network_error"
CLIENT_UNSIGNED = "server.clientproxy.invalid_signature"
TOO_LARGE = "client.request_too_large"
ACCESS_DENIED = "server.serverproxy.access_denied"
UNKNOWN_SERVICE = "server.serverproxy.unknown_service"
NETWORK = "server.serverproxy.network_error"
INVALID_SIGNATURE = "server.serverproxy.invalid_signature"
_OLD_PROXIES = {"ClientProxy": "clientproxy", "ServerProxy": "serverproxy"}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
LONGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the gate, not of the service behind it. `detail`: a number by which the line of the log is found."""

    type: str
    message: str
    detail: str = ""

    @property
    def status(self) -> int:
        """500 where the type says that a server has it, access denied among them; else 400."""
        return 500 if self.type.startswith("server.") else 400

    def written(self, accept: str) -> tuple[str, bytes]:
        """Return the type and the bytes of the body: XML for who asks for it, else JSON."""
        if wants_xml(accept):
            parts = "".join(
                f"<{name}>{escape(text)}</{name}>"
                for name, text in (("type", self.type), ("message", self.message), ("detail", self.detail))
            )
            text = f'<?xml version="1.0" encoding="UTF-8"?><error>{parts}</error>'
            return "application/xml;charset=utf-8", text.encode("utf-8", "xmlcharrefreplace")
        said = {"type": self.type, "message": self.message, "detail": self.detail}
        return "application/json;charset=utf-8", json.dumps(said, ensure_ascii=False).encode()


class Refused(Exception):  # noqa: N818 - a statement
    """The request is answered with a fault."""

    def __init__(self, fault: Fault) -> None:
        """Keep it."""
        super().__init__(fault.type)
        self.fault = fault


def wants_xml(accept: str) -> bool:
    """Whether XML is preferred to JSON: named without JSON, or with a higher quality."""
    found = {"json": -1.0, "xml": -1.0}
    for part in accept.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        for name, before in found.items():
            if kind in {f"application/{name}", f"text/{name}"}:
                found[name] = max(before, _quality(parameters))
    return found["xml"] > max(found["json"], 0.0)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def type_of(told: str) -> str:
    """Return a type in the spelling since 7.8.0; the older one (`Server.ServerProxy.AccessDenied`) means the same."""
    parts = [_OLD_PROXIES.get(part, _HUMP.sub("_", part)) for part in told.strip().split(".")]
    return ".".join(parts).lower()


def read(header: str, body: bytes) -> Fault | None:
    """Return the fault that another gate answers; none without its header: then the service itself has answered."""
    if not header:
        return None
    said: Mapping[str, object] = {}
    if len(body) <= LONGEST:
        try:
            parsed = json.loads(body)
        except (ValueError, RecursionError):
            parsed = {}
        said = parsed if isinstance(parsed, dict) else {}
    return Fault(type_of(header), str(said.get("message", "")), str(said.get("detail", "")))
