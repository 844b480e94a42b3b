"""A look-up by a system: JSON in, one call at the gate, JSON out. The gate decides, and logs."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tongban.base.actor import Actor
from tongban.exchange import errors
from tongban.exchange.door.messages import Body, Head, Leaving
from tongban.exchange.models import NeighbourService
from tongban.exchange.rules.calls import About, Answer, Call, Secrecy, StandingReference
from tongban.exchange.rules.signatures.signing import GRANT, PURPOSE
from tongban.exchange.rules.xroad.headers import ISSUE
from tongban.exchange.rules.xroad.identifiers import ClientId

LONGEST = 64 * 1024
LONGEST_NAME = 200
"""Signs of a system's name in a grant and in the log: one that was cut could be somebody else's."""
STANDING = "system"
"""A system that knows no cases of ours: what it names is its own case or order, and the grant must allow it."""


def asked(service: NeighbourService, client: ClientId, head: Head, body: Body) -> tuple[Call, Actor] | Leaving:
    """Return what a message asks of the gate, and who asks; or what it is answered, if it asks nothing sound."""
    actor = Actor(kind="system", name=str(client))
    if head.method != "POST":
        return Leaving.problem(405, "method_not_allowed", "POST a document that says whom the look-up is about.")
    try:
        if len(actor.name) > LONGEST_NAME:
            raise ValueError(LONGEST_NAME)  # noqa: TRY301 - answered like whatever else is malformed
        return _call(service, head, body.document(LONGEST)), actor
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return Leaving.problem(422, errors.MalformedCall.code, str(errors.MalformedCall.message))


def told(ended: Answer | errors.LookUpRefused) -> Leaving:
    """Return the answer of the gate, or its refusal with its code."""
    if isinstance(ended, Answer):
        return Leaving.document(_told(ended))
    return Leaving.problem(ended.status, ended.code, str(ended), **ended.details)


def _call(service: NeighbourService, head: Head, told: Mapping[str, Any]) -> Call:
    about, note = told["subject"], head.header(ISSUE)
    grant = head.header(GRANT)
    return Call(
        about=About(
            kind="enterprise" if about["kind"] == "enterprise" else "person",
            number=_text(about["number"] if "reference" not in about else about.get("number", "")),
            identity_kind=_text(about.get("identity_kind", "resident_identity_card")),
            reference=_text(about.get("reference", "")),
        ),
        fields=tuple(_text(one) for one in told["fields"]),
        purpose=head.header(PURPOSE) or "",
        reference=StandingReference(STANDING, note) if note else None,
        grant_id=UUID(grant) if grant else None,
        resource=service.resource.slug if service.resource else "",
        valid_on=date.fromisoformat(told["valid_on"]) if told.get("valid_on") else None,
        known_at=_instant(told["known_at"]) if told.get("known_at") else None,
        secrecy=_secrecy(told["secrecy"]) if "secrecy" in told else None,
    )


def _secrecy(told: Mapping[str, Any]) -> Secrecy:
    return Secrecy(_instant(told["until"]), _text(told["order"]))


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant.astimezone(UTC)


def _text(value: object) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise TypeError
    value.encode()  # half a pair of signs is no text, and could not be logged: a ValueError
    return value


def _told(answer: Answer) -> dict[str, Any]:
    return {
        "look_up": str(answer.look_up_id),
        "looked_at": answer.looked_at.isoformat(),
        "valid_on": answer.valid_on.isoformat(),
        "provider": answer.provider,
        "provider_en": answer.provider_en,
        "resource": answer.resource,
        "records": [dict(one) for one in answer.records],
    }
