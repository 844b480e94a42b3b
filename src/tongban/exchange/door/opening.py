"""A message is opened by its head: whence, from whom, to what; and refused before its body is read, if it is."""

import time
from dataclasses import dataclass, field
from datetime import datetime

from tongban.base.ids import new_id
from tongban.exchange import errors
from tongban.exchange.contrib.neighbours.line import LARGEST
from tongban.exchange.door import believing, known
from tongban.exchange.door.believing import Caller
from tongban.exchange.door.messages import Head
from tongban.exchange.models import NeighbourService, Passage
from tongban.exchange.rules.signatures.refusals import NotBelieved
from tongban.exchange.rules.xroad import faults, headers
from tongban.exchange.rules.xroad.faults import Fault, Refused
from tongban.exchange.rules.xroad.identifiers import ClientId, Target, client_of, target_of
from tongban.exchange.rules.xroad.metadata import RESERVED
from tongban.exchange.rules.xroad.paths import METHODS, allowed, plain

NOT_KNOWN = "server.clientproxy.ssl_authentication_failed"
NOT_READY = "server.serverproxy.not_ready"


@dataclass(slots=True, kw_only=True)
class Opened:
    """What is known of a message; what is not yet known is empty. `fault`: why it goes no further."""

    head: Head
    at: datetime
    way: Passage.Way
    message_id: str
    request_id: str
    client: ClientId | None = None
    target: Target | None = None
    caller: Caller | None = None
    service: NeighbourService | None = None
    passing: tuple[tuple[str, str], ...] = ()
    fault: Fault | None = None
    began: float = field(default_factory=time.monotonic)


def open_message(head: Head, *, now: datetime) -> Opened:
    """Open a message of X-Road's protocol."""
    made, request_id = new_id(), new_id()
    message_id = headers.message_id_of(head.header(headers.ID), made=made)
    way = Passage.Way.IN if believing.is_signed(head) else Passage.Way.WITHIN
    opened = Opened(head=head, at=now, way=way, message_id=message_id, request_id=str(request_id))
    try:
        _open(opened, now)
    except Refused as refused:
        opened.fault = refused.fault
    except NotBelieved as not_believed:
        opened.fault = Fault(faults.INVALID_SIGNATURE, f"{not_believed.why}: {not_believed.about}", str(request_id))
    except (errors.NoMembership, errors.NoDirectory, errors.NoKey) as missing:
        opened.fault = Fault(NOT_READY, str(missing), str(request_id))
    return opened


def _open(opened: Opened, now: datetime) -> None:
    head = opened.head
    _refuse_size(head)
    opened.target = target_of(head.path, head.query)
    client = opened.client = client_of(head.header(headers.CLIENT))
    ours = known.place(now).member
    if opened.way == Passage.Way.IN:
        opened.caller = believing.believe(head, client, now=now)
    elif client.member != ours or not known.is_system(client, head):
        raise Refused(Fault(NOT_KNOWN, "This system is not known here as the client that it names."))
    if head.method not in METHODS:
        raise Refused(Fault(faults.BAD_REQUEST, "This method is not carried."))
    sent = headers.with_accept(believing.without_signature(head).headers)
    opened.passing = headers.request_headers(sent, message_id=opened.message_id)
    if opened.target.service.provider.member != ours:
        _leave(opened)
    elif opened.target.service.code not in RESERVED:
        _enter(opened, client)


def _leave(opened: Opened) -> None:
    """Only our own systems are carried to others: a neighbour speaks to whom it means."""
    if opened.way == Passage.Way.IN:
        raise Refused(Fault(faults.UNKNOWN_MEMBER, "This door is not that of the member named."))
    opened.way = Passage.Way.OUT


def _enter(opened: Opened, client: ClientId) -> None:
    """Find the service, and whether the client may call it; unknown and forbidden are told apart, as X-Road does."""
    if opened.target is None:
        return
    found = opened.service = known.service(opened.target.service)
    if found is None:
        raise Refused(Fault(faults.UNKNOWN_SERVICE, "There is no such service."))
    if found.kind == NeighbourService.Kind.LOOK_UP:
        return  # who may ask for what is a matter of grants: the gate says it, and logs it
    path = plain(opened.target.path)
    if not allowed(known.endpoints(found, client), opened.head.method, path):
        raise Refused(Fault(faults.ACCESS_DENIED, "The client may not call this method of the service."))


def _refuse_size(head: Head) -> None:
    length = head.header("content-length")
    if length is None:
        return
    if not length.isascii() or not length.isdecimal():
        raise Refused(Fault(faults.BAD_REQUEST, "The length of the body is not as it must be."))
    if int(length) > LARGEST:
        raise too_large()


def too_large() -> Refused:
    """Return the refusal of a body that is larger than anybody's."""
    return Refused(Fault(faults.TOO_LARGE, f"A body has at most {LARGEST // 1024 // 1024} MB."))
