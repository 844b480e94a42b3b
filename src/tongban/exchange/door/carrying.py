"""A message is carried on: to a REST service behind the door, or to the door of a neighbour."""

from datetime import datetime

from django.db import close_old_connections

from tongban.base.ids import new_id
from tongban.exchange.contrib.neighbours.line import Answered, Away, Sent
from tongban.exchange.contrib.neighbours.lines_of_ours import lines
from tongban.exchange.door import known
from tongban.exchange.door.believing import FOR_THE_WAY
from tongban.exchange.door.messages import Body, Leaving
from tongban.exchange.door.opening import Opened
from tongban.exchange.models import NeighbourService
from tongban.exchange.queries.membership import verifying_key
from tongban.exchange.rules.neighbours.directory import Member
from tongban.exchange.rules.signatures import digests
from tongban.exchange.rules.signatures.messages import Request, Response, combined
from tongban.exchange.rules.signatures.refusals import NotBelieved, Why
from tongban.exchange.rules.signatures.signing import Stamp, sign_call
from tongban.exchange.rules.signatures.verifying import verify_answer
from tongban.exchange.rules.xroad import faults, hashes, headers
from tongban.exchange.rules.xroad.faults import Fault, Refused
from tongban.exchange.rules.xroad.paths import plain

NEIGHBOUR_SECONDS = 65.0
"""A little more than the longest that a service behind the other door may take."""
_GATEWAYS = frozenset({502, 503, 504})
_AWAY = {
    "busy": "Too many ask it at once.",
    "resting": "It did not answer several times and is left alone for a while.",
    "connect": "It cannot be reached.",
    "deadline": "It did not answer in time.",
    "broken": "Its answer broke off.",
    "too_large": "Its answer is larger than anybody takes.",
}


def to_service(opened: Opened, body: Body) -> Leaving:
    """Carry a message to a REST service. Raises Refused when it does not answer; its own errors pass as they are."""
    service, target = opened.service, opened.target
    if service is None or target is None:
        raise Refused(Fault(faults.UNKNOWN_SERVICE, "There is no such service."))
    origin, base = _parted(service)
    # What was matched is what is asked for: a path made plain. A query passes as it is.
    path = base + (plain(target.path) if target.path else "")
    sent = Sent(
        origin=origin,
        method=opened.head.method,
        target=(path or "/") + (f"?{target.query}" if target.query else ""),
        headers=opened.passing,
        body=body.rewound() if body.length else None,
        length=body.length,
    )
    close_old_connections()  # a service that is slow holds no connection to the database
    try:
        answered = lines().exchange(sent, seconds=service.timeout_seconds)
    except Away as away:
        raise Refused(Fault(faults.NETWORK, _AWAY[away.why], opened.request_id)) from away
    return _leaving(answered)


def to_neighbour(opened: Opened, body: Body, *, now: datetime) -> Leaving:
    """Carry a message of our system to a neighbour, signed, and believe only a signed answer. Raises Refused."""
    target = opened.target
    member = known.directory(now).by_id.get(target.service.provider.member) if target else None
    if target is None or member is None:
        raise Refused(Fault(faults.UNKNOWN_MEMBER, "No such member is in the directory."))
    fields = opened.passing
    if body.length:
        fields = (*fields, (digests.FIELD, body.digester.field))
    address = f"{member.address}{opened.head.path}" + (f"?{opened.head.query}" if opened.head.query else "")
    request = Request.to(address, method=opened.head.method, fields=fields)
    answered = ask(member, request, body, now=now, request_id=opened.request_id)
    hash_of_ours = request_hash(opened, body)
    told = dict(answered.headers).get(headers.REQUEST_HASH)
    if told is not None and told != hash_of_ours:
        raise Refused(Fault(faults.CLIENT_UNSIGNED, "The answer belongs to another request.", opened.request_id))
    return _leaving(answered)


def ask(
    member: Member,
    request: Request,
    body: Body,
    *,
    now: datetime,
    request_id: str = "",
    seconds: float = NEIGHBOUR_SECONDS,
) -> Answered:
    """Send a signed call to a neighbour and verify its answer. Raises Refused."""
    key = known.place(now).key
    signed = sign_call(request, key=key, stamp=Stamp(now, new_id().hex))
    sent = Sent(
        origin=member.address,
        method=signed.method,
        target=signed.path + (f"?{signed.query}" if signed.query else ""),
        headers=signed.fields,
        body=body.rewound() if body.length else None,
        length=body.length,
        is_once=True,
    )
    digester = digests.Digester()
    close_old_connections()  # see above
    try:
        answered = lines().exchange(sent, seconds=seconds, took=digester.update, is_theirs=_is_of_a_door)
    except Away as away:
        raise Refused(Fault(faults.CLIENT_NETWORK, _AWAY[away.why], request_id)) from away
    try:
        _believe(member, Response(status=answered.status, request=signed, fields=answered.headers), digester, now=now)
    except NotBelieved as not_believed:
        about = f"The answer is not signed as it must be: {not_believed.why}."
        raise Refused(Fault(faults.CLIENT_UNSIGNED, about, request_id)) from not_believed
    return answered


def _is_of_a_door(answered: Answered) -> bool:
    """Whether a door has answered: nginx before one that is down says so without signature."""
    return answered.status not in _GATEWAYS or combined(answered.headers, "signature") is not None


def _believe(member: Member, response: Response, digester: digests.Digester, *, now: datetime) -> None:
    directory = known.directory(now)
    verify_answer(
        response,
        keys=lambda key_id: verifying_key(directory, key_id, of=member.id, now=now),
        now=now,
        has_body=digester.length > 0,
    )
    if digester.length and not digester.fits(digests.promised(response.fields)):
        raise NotBelieved(Why.DIGEST_WRONG)


def request_hash(opened: Opened, body: Body) -> str:
    """Return X-Road's hash of the request as it is carried."""
    head = opened.head
    return hashes.request_hash(hashes.request_head(head.method, head.path, head.query, opened.passing), body.sha512)


def _leaving(answered: Answered) -> Leaving:
    kept = tuple(one for one in headers.passing(answered.headers) if one[0] not in FOR_THE_WAY)
    return Leaving(status=answered.status, headers=kept, body=answered.body, length=answered.length)


def _parted(service: NeighbourService) -> tuple[str, str]:
    scheme, _, rest = service.address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}", f"{slash}{path}".rstrip("/")
