"""What the door answers. Whatever it is, it is in the log before it leaves; to a neighbour it is signed."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime

from django.db import close_old_connections

from tongban.base.actor import Actor
from tongban.base.ids import new_id
from tongban.base.rows import Change
from tongban.exchange import errors
from tongban.exchange.actions import passing
from tongban.exchange.actions.looking_up import Along, Ended, look_up
from tongban.exchange.door import believing, carrying, known
from tongban.exchange.door.following import PATH, followed
from tongban.exchange.door.looking import asked, told
from tongban.exchange.door.messages import PIECE, Body, Head, Leaving
from tongban.exchange.door.opening import Opened, open_message, too_large
from tongban.exchange.models import KnownDirectory, NeighbourService, Passage
from tongban.exchange.queries import membership
from tongban.exchange.rules.neighbours.directory import told_of
from tongban.exchange.rules.signatures import digests
from tongban.exchange.rules.signatures.messages import Response, fields_of
from tongban.exchange.rules.signatures.refusals import NotBelieved
from tongban.exchange.rules.signatures.signing import Stamp, sign_answer, unfit_field
from tongban.exchange.rules.xroad import faults, headers, metadata
from tongban.exchange.rules.xroad.faults import Fault, Refused
from tongban.exchange.rules.xroad.identifiers import VERSION, ClientId, ServiceId, target_of
from tongban.exchange.rules.xroad.paths import Endpoint

logger = logging.getLogger("tongban.exchange.door")
INTERNAL = "server.serverproxy.internal_error"


def first_look(head: Head, now: datetime) -> Opened | Leaving:
    """Look at a head: return the message opened, or what is answered at once without its body."""
    if head.path.startswith(f"/{VERSION}/"):
        return open_message(head, now=now)
    page = _PAGES.get(head.path)
    if page is None or head.method not in {"GET", "HEAD"}:
        return Leaving.problem(404, "not_found", "There is nothing here.")
    return page(head, now)


def answer(opened: Opened, body: Body, *, now: datetime, too_long: bool = False) -> Leaving:
    """Return the answer to a message whose body has come in, logged and, for a neighbour, signed."""
    leaving: Leaving
    is_noted = False
    try:
        if too_long:
            raise too_large()  # noqa: TRY301 - answered like any other refusal
        if opened.fault is not None:
            raise Refused(opened.fault)  # noqa: TRY301 - see above
        leaving, is_noted = _carried(opened, body, now)
    except Refused as refused:
        opened.fault = replace(refused.fault, detail=refused.fault.detail or opened.request_id)
        leaving = _told(opened)
    except Exception:
        logger.exception("a message was not carried", extra={"pairs": {"request": opened.request_id}})
        opened.fault = Fault(INTERNAL, "Something is wrong here. Please tell us this number.", opened.request_id)
        leaving = _told(opened)
    if not is_noted:
        leaving = _headed(opened, body, leaving)
        passing.note_passage(passage=_passage(opened, body, leaving, now))
    return _signed(opened, leaving, now) if opened.caller is not None else leaving


def _carried(opened: Opened, body: Body, now: datetime) -> tuple[Leaving, bool]:
    """Carry a message to where it goes; returns what is answered, and whether that is in the log already."""
    service = opened.service
    if opened.caller is not None:
        with _believing():
            believing.compare_body(opened.head, body)
    if service is not None and service.kind == NeighbourService.Kind.LOOK_UP and opened.client is not None:
        return _looked_up(opened, service, opened.client, body, now)
    _use_once(opened, now)
    if opened.way == Passage.Way.OUT:
        return carrying.to_neighbour(opened, body, now=now), False
    if opened.target is None or opened.client is None:
        raise Refused(Fault(faults.BAD_REQUEST, "The message names no service."))
    if service is None:
        return _described(opened.target.service, opened.client, opened.head), False
    return _fit(opened, carrying.to_service(opened, body)), False


def _fit(opened: Opened, leaving: Leaving) -> Leaving:
    """Pass on what a service has answered, unless a neighbour could not be told it signed. Raises Refused."""
    name = unfit_field(leaving.headers) if opened.caller is not None else ""
    if name:
        raise Refused(Fault(faults.NETWORK, f"The service answered with a header that cannot be signed: {name}."))
    return leaving


def _looked_up(
    opened: Opened, service: NeighbourService, client: ClientId, body: Body, now: datetime
) -> tuple[Leaving, bool]:
    """Ask the gate. The number of the call, the look-up and the passage are kept together, by as few commits as one."""
    if opened.head.method == "GET" and target_of(opened.head.path).path == PATH:
        _use_once(opened, now)
        return followed(service, Actor(kind="system", name=str(client)), opened.head, now=now), False
    question = asked(service, client, opened.head, body)
    if isinstance(question, Leaving):
        _use_once(opened, now)
        return question, False
    call, actor = question
    leaving: list[Leaving] = []

    def use() -> None:
        if opened.caller is not None:
            passing.use_with_the_rest(believed=opened.caller.believed, now=now)

    def note(ended: Ended) -> Iterator[Change]:
        leaving.append(_headed(opened, body, told(ended)))
        return passing.noted(passage=_passage(opened, body, leaving[-1], now))

    with _believing(), suppress(errors.LookUpRefused):
        look_up(call=call, actor=actor, now=now, along=Along(use, note))
    return leaving[-1], True


def _use_once(opened: Opened, now: datetime) -> None:
    if opened.caller is not None:
        with _believing():
            passing.use_once(believed=opened.caller.believed, now=now)


@contextmanager
def _believing() -> Iterator[None]:
    """Turn what is not believed into X-Road's fault."""
    try:
        yield
    except NotBelieved as not_believed:
        raise Refused(Fault(faults.INVALID_SIGNATURE, str(not_believed.why))) from not_believed
    except errors.UsedBefore as used:
        raise Refused(Fault(faults.INVALID_SIGNATURE, f"{used.code}: {used}")) from used


def _told(opened: Opened) -> Leaving:
    fault = opened.fault or Fault(INTERNAL, "")
    kind, content = fault.written(opened.head.header("accept") or "")
    return Leaving.of(fault.status, content, ("content-type", kind), (faults.HEADER, fault.type))


def _headed(opened: Opened, body: Body, leaving: Leaving) -> Leaving:
    """Put X-Road's headers on an answer. One that a neighbour has put on stays: it was signed."""
    if opened.target is None or opened.client is None or opened.way == Passage.Way.OUT:
        return leaving
    said = headers.response_headers(
        leaving.headers,
        client=str(opened.client),
        service=str(opened.target.service),
        message_id=opened.message_id,
        request_id=opened.request_id,
        request_hash=carrying.request_hash(opened, body),
    )
    if opened.fault is not None:
        said = (*said, (faults.HEADER, opened.fault.type))
    return replace(leaving, headers=said)


def _signed(opened: Opened, leaving: Leaving, now: datetime) -> Leaving:
    """Sign an answer, bound to the call. Its digest is said first: the signature covers it."""
    if opened.caller is None:
        return leaving
    digester = digests.Digester()
    leaving.body.seek(0)
    while piece := leaving.body.read(PIECE):
        digester.update(piece)
    leaving.body.seek(0)
    fields = fields_of((*leaving.headers, (digests.FIELD, digester.field)))
    response = Response(status=leaving.status, request=opened.caller.request, fields=fields)
    signed = sign_answer(response, key=known.place(now).key, stamp=Stamp(now, new_id().hex))
    return replace(leaving, headers=signed.fields)


def _passage(opened: Opened, body: Body, leaving: Leaving, now: datetime) -> Passage:
    issue = opened.head.header(headers.ISSUE) or ""
    refused = opened.fault
    return Passage(
        at=opened.at,
        way=opened.way,
        client=str(opened.client or "")[:800],
        service=str(opened.target.service)[:800] if opened.target else "",
        method=opened.head.method[:7],
        message_id=opened.message_id,
        issue=issue[:200] if issue.isprintable() else "",
        key_id=opened.caller.believed.key_id if opened.caller else "",
        request_hash=carrying.request_hash(opened, body) if opened.target and opened.passing else "",
        status=leaving.status,
        refused=_refused(refused)[:80] if refused else dict(leaving.headers).get(faults.HEADER, "")[:80],
        request_bytes=body.length,
        answer_bytes=leaving.length,
        milliseconds=max(0, round((time.monotonic() - opened.began) * 1000)),
    )


def _refused(fault: Fault) -> str:
    """Return the code for the log: of a signature that is not believed, what is wrong with it."""
    if fault.type == faults.INVALID_SIGNATURE:
        return fault.message.partition(":")[0]
    return fault.type


def _described(named: ServiceId, client: ClientId, head: Head) -> Leaving:
    """Answer what every subsystem tells of itself."""
    if head.method != "GET":
        raise Refused(Fault(faults.BAD_REQUEST, "This is asked with GET."))
    rows = known.services(named.provider.subsystem)
    if named.code == metadata.GET_OPENAPI:
        return _openapi(rows, head)
    listed = []
    for row in rows:
        kind = metadata.OPENAPI if row.openapi else metadata.REST
        endpoints = tuple(known.endpoints(row, client)) if row.kind == "rest" else (Endpoint("POST", ""),)
        if endpoints or named.code == metadata.LIST_METHODS:
            listed.append(metadata.Listed(ServiceId(named.provider, row.code), kind, endpoints))
    return Leaving.document(metadata.methods(listed))


def _openapi(rows: list[NeighbourService], head: Head) -> Leaving:
    codes = [value for name, _, value in (one.partition("=") for one in head.query.split("&")) if name == "serviceCode"]
    found = [row for row in rows if row.openapi and codes == [row.code]]
    if not found:
        raise Refused(Fault(faults.UNKNOWN_SERVICE, "There is no such service with a description."))
    kind = "application/json" if found[0].openapi.lstrip().startswith("{") else "application/yaml"
    return Leaving.of(200, found[0].openapi.encode(), ("content-type", f"{kind};charset=utf-8"))


def _list_clients(head: Head, now: datetime) -> Leaving:
    members = known.directory(now).members
    told = [(member.id, member.name, "") for member in members]
    for member in members:
        told += [(replace(member.id, subsystem=code), member.name, name) for code, name in member.subsystems]
    return Leaving.document(metadata.clients(told))


def _directory(_head: Head, _now: datetime) -> Leaving:
    newest = KnownDirectory.objects.order_by("-number").first()
    if newest is None:
        return Leaving.problem(404, errors.NoDirectory.code, str(errors.NoDirectory.message))
    return Leaving.of(200, newest.note.encode(), ("content-type", "text/plain;charset=utf-8"))


def _member(_head: Head, now: datetime) -> Leaving:
    return Leaving.document(told_of(membership.description(now)))


def _healthz(_head: Head, _now: datetime) -> Leaving:
    return Leaving.of(200, b"ok\n", ("content-type", "text/plain"))


_PAGES: dict[str, Callable[[Head, datetime], Leaving]] = {
    "/healthz": _healthz,
    "/listClients": _list_clients,
    "/neighbours/directory": _directory,
    "/neighbours/member": _member,
}


def opened_by(head: Head, now: datetime) -> Opened | Leaving:
    """Take a first look, in a thread of its own; a refusal of a page is its problem document."""
    close_old_connections()
    try:
        return first_look(head, now)
    except (errors.NoMembership, errors.NoDirectory, errors.NoKey) as missing:
        return Leaving.problem(missing.status, missing.code, str(missing))
    finally:
        close_old_connections()


def answered_by(opened: Opened, body: Body, now: datetime, *, too_long: bool) -> Leaving:
    """Answer, in a thread of its own."""
    close_old_connections()
    try:
        return answer(opened, body, now=now, too_long=too_long)
    finally:
        close_old_connections()
