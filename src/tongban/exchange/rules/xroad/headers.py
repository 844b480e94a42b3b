"""Which headers pass through the gate, in both directions, and which it sets itself."""

from collections.abc import Iterable
from uuid import UUID

from tongban.exchange.rules.xroad.faults import BAD_REQUEST, Fault, Refused

Pairs = tuple[tuple[str, str], ...]
CLIENT, SERVICE, ID, REQUEST_ID = "x-road-client", "x-road-service", "x-road-id", "x-road-request-id"
REQUEST_HASH, USER, ISSUE = "x-road-request-hash", "x-road-userid", "x-road-issue"
REPRESENTED, SERVER = "x-road-represented-party", "x-road-security-server"
HOP_BY_HOP = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    }
)  # fmt: skip
LEAKING = frozenset({"host", "user-agent", "server"})
"""They would tell names and addresses within the other house."""
OURS = frozenset({"expect", "content-length"})
"""Said anew for each leg."""
SET_BY_US = frozenset({CLIENT, SERVICE, ID, REQUEST_ID, REQUEST_HASH, "x-road-error"})
LONGEST_FIELD = 200
ONCE = frozenset({CLIENT, ID, USER, ISSUE, REPRESENTED, SERVER, "content-type", "content-length"})


def passing(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Return the headers that pass: not those of one connection, nor those that a connection names as its own."""
    known = tuple((name.lower(), value) for name, value in pairs)
    named = {token.strip().lower() for name, value in known if name == "connection" for token in value.split(",")}
    dropped = HOP_BY_HOP | LEAKING | OURS | named
    return tuple((name, value) for name, value in known if name not in dropped)


def with_accept(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Return headers that say what can be read: who says nothing is taken to read JSON (protocol, 4.3)."""
    known = tuple(pairs)
    named = any(name.lower() == "accept" for name, _value in known)
    return known if named else (*known, ("accept", "application/json"))


def request_headers(pairs: Iterable[tuple[str, str]], *, message_id: str) -> Pairs:
    """Return the headers of a request on its way, with its number. Raises Refused when one is there twice or unfit."""
    kept = passing(pairs)
    names = [name for name, _value in kept]
    for name, value in kept:
        if name in ONCE and names.count(name) > 1:
            raise Refused(Fault(BAD_REQUEST, f"The header {name} is there more than once."))
        if not value.replace("\t", " ").isprintable() or (name.startswith("x-road-") and len(value) > LONGEST_FIELD):
            raise Refused(Fault(BAD_REQUEST, f"The header {name} is not as it must be."))
    without = tuple((name, value) for name, value in kept if name not in {ID, REQUEST_HASH, REQUEST_ID, "x-road-error"})
    return (*without, (ID, message_id))


def response_headers(
    pairs: Iterable[tuple[str, str]], *, client: str, service: str, message_id: str, request_id: str, request_hash: str
) -> Pairs:
    """Return the headers of an answer: what the service says of X-Road itself is replaced."""
    kept = tuple((name, value) for name, value in passing(pairs) if name not in SET_BY_US)
    return (
        *kept,
        (ID, message_id),
        (CLIENT, client),
        (SERVICE, service),
        (REQUEST_ID, request_id),
        (REQUEST_HASH, request_hash),
    )


def message_id_of(value: str | None, *, made: UUID) -> str:
    """Return the number of a message: the client's, or one that is made."""
    text = (value or "").strip()
    return text if text and text.isascii() and text.isprintable() and len(text) <= LONGEST_FIELD else str(made)
