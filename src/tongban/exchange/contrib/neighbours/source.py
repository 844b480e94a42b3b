"""The source "neighbour" of the gate: a resource that another installation keeps is asked for there, signed both ways.

Both gates check and log: ours by our grant and our case, theirs by the grant that they gave to us as a system. What
comes back is cut here to what was asked, like the answer of any source.
"""

import json
import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tongban.base import clock
from tongban.base.compiled import compiled_once
from tongban.base.errors import Conflict
from tongban.base.ids import new_id
from tongban.base.rows import Change
from tongban.exchange import errors
from tongban.exchange.door import known
from tongban.exchange.door.carrying import ask
from tongban.exchange.door.looking import LONGEST
from tongban.exchange.door.messages import Body
from tongban.exchange.models import LookUp
from tongban.exchange.providers import AsOf, Row, SourceAway, SourceRefused, SourceSettings
from tongban.exchange.rules.outside.codes import Why
from tongban.exchange.rules.signatures import digests
from tongban.exchange.rules.signatures.messages import Request
from tongban.exchange.rules.signatures.signing import PURPOSE
from tongban.exchange.rules.subjects import Subject
from tongban.exchange.rules.xroad.faults import Refused
from tongban.exchange.rules.xroad.headers import CLIENT, ID, ISSUE
from tongban.exchange.rules.xroad.identifiers import VERSION, client_of, target_of

logger = logging.getLogger("tongban.exchange.neighbours")
SECONDS = 15.0
NOTHING = 404
ALLOWED = 200
AWAY = frozenset({503, 504})
"""What lies behind the other gate does not answer: an outage, and no decision of anybody."""
_UNREACHED = ("network_error", "internal_error")
LONGEST_CODE, MOST_RECORDS = 80, 1000


class NeighbourSource:
    """Asks a neighbour. Settings: `service` (five parts), `client`: the subsystem by which we ask (four parts)."""

    within = False

    def read(
        self,
        source: SourceSettings,
        *,
        subject: Subject,
        fields: Sequence[str],
        as_of: AsOf,
        look_up_id: UUID,
        before: Sequence[Change] = (),
    ) -> Sequence[Row]:
        """Return the records of the neighbour. Raises SourceAway, SourceRefused with the code of the neighbour."""
        if not subject.number:
            raise SourceAway(Why.NUMBER_UNKNOWN)
        (row,) = _look_up(look_up_id)
        told = {
            "subject": {"kind": subject.kind, "number": subject.number, "identity_kind": subject.identity_kind},
            "fields": list(fields),
            "valid_on": as_of.valid_on.isoformat(),
        }
        if row.known_at is not None:
            told["known_at"] = row.known_at.isoformat()
        if row.secret_until is not None:  # else their log would tell the person at once
            told["secrecy"] = {"until": row.secret_until.isoformat(), "order": row.secret_order}
        status, answer = self._ask(source, row, json.dumps(told, ensure_ascii=False).encode())
        if status == NOTHING and answer.get("code") == errors.SubjectUnknown.code:
            return []
        if status != ALLOWED:
            code = str(answer.get("code") or answer.get("type") or "")[:LONGEST_CODE]
            away = (SourceAway if status in AWAY or code.endswith(_UNREACHED) else SourceRefused)(code)
            logger.warning("a neighbour refused", extra={"pairs": {"status": status, "code": away.code}})
            raise away
        records = answer.get("records")
        if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
            raise SourceAway
        if len(records) > MOST_RECORDS:
            raise SourceAway(Why.TOO_MANY)
        return records

    def _ask(self, source: SourceSettings, row: LookUp, content: bytes) -> tuple[int, dict[str, Any]]:
        now = clock.now()
        body = Body()
        body.take(content)
        try:
            service = target_of(f"/{VERSION}/{source.settings['service']}").service
            member = known.directory(now).by_id[service.provider.member]
            fields = (
                ("content-type", "application/json"),
                ("accept", "application/json"),
                (CLIENT, str(client_of(source.settings["client"]))),
                (ISSUE, row.reference or row.reference_kind),
                (PURPOSE, row.purpose),
                (digests.FIELD, body.digester.field),
                (ID, str(new_id())),
            )
            request = Request.to(f"{member.address}/{VERSION}/{service}", method="POST", fields=fields)
            answered = ask(member, request, body, now=now, request_id=str(row.id), seconds=SECONDS)
        except (Refused, KeyError, errors.NoMembership, errors.NoDirectory, errors.NoKey) as away:
            logger.warning("a neighbour was not asked", extra={"pairs": {"why": _why(away)}})
            raise SourceAway(_why(away)) from away
        return answered.status, _document(answered.body.read(LONGEST * 16))


@compiled_once
def _look_up(look_up_id: UUID) -> QuerySet[LookUp]:
    return LookUp.objects.filter(id=look_up_id)


def _why(away: Exception) -> str:
    if isinstance(away, Refused):
        return away.fault.type
    return away.code if isinstance(away, Conflict) else "unknown_member"


def _document(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
        if b"\\u" in content:
            json.dumps(told, ensure_ascii=False).encode()  # half a pair of signs is no text, and could not be logged
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
