"""Whether a call is allowed by a grant. Pure: the same facts, the same verdict. Each refusal is a code of the log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from tongban.exchange.rules.calls import Call, CaseReference, StandingReference

if TYPE_CHECKING:
    from tongban.exchange.models import Grant
    from tongban.exchange.providers import Verdict

ORDER = (
    "no_grant", "wrong_purpose", "suspended_grant", "grant_not_begun", "expired_grant", "resource_not_in_force",
    "wrong_subject_kind", "field_not_granted", "secrecy_not_granted", "reference_missing", "not_a_steward",
    "case_unknown", "case_not_yours", "case_not_open", "identity_not_proven", "case_about_another",
    "case_of_another_item",
)  # fmt: skip
"""What is looked at first comes first. Of several grants the one that goes furthest says why it is refused."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the offices by whose posts, where as data steward, or the system by whose name."""

    organisation_ids: frozenset[UUID] = frozenset()
    steward_of: frozenset[UUID] = frozenset()
    system: str = ""


def refused(grant: "Grant", call: Call, *, caller: Caller, verdict: "Verdict | None", now: datetime) -> str:
    """Return why a grant does not allow a call; empty when it does."""
    return (
        _by_grant(grant, call, caller=caller, now=now)
        or _by_fields(grant, call, now=now)
        or _by_reference(grant, call, caller=caller, verdict=verdict)
    )


def _by_grant(grant: "Grant", call: Call, *, caller: Caller, now: datetime) -> str:
    if not _is_the_callers(grant, caller) or grant.state == "withdrawn":
        return "no_grant"
    if call.resource and call.resource != grant.resource.slug:
        return "no_grant"
    if call.purpose != grant.purpose:
        return "wrong_purpose"
    if grant.state == "suspended":
        return "suspended_grant"
    if now < grant.valid_from:
        return "grant_not_begun"
    return "expired_grant" if now >= grant.valid_until else ""


def _is_the_callers(grant: "Grant", caller: Caller) -> bool:
    if grant.consumer_id is None:
        return bool(caller.system) and grant.consumer_system == caller.system
    return grant.consumer_id in caller.organisation_ids


def _by_fields(grant: "Grant", call: Call, *, now: datetime) -> str:
    if not grant.resource.field_codes:
        return "resource_not_in_force"
    if call.about.kind != grant.resource.subject_kind:
        return "wrong_subject_kind"
    if not set(call.fields) <= set(grant.fields):
        return "field_not_granted"
    if not set(call.fields) <= set(grant.resource.field_codes):
        return "resource_not_in_force"
    if call.secrecy and not (grant.may_be_secret and call.secrecy.order.strip() and call.secrecy.until > now):
        return "secrecy_not_granted"
    return ""


def _by_reference(grant: "Grant", call: Call, *, caller: Caller, verdict: "Verdict | None") -> str:
    if isinstance(call.reference, StandingReference):
        return _by_standing(grant, call.reference, caller)
    if not isinstance(call.reference, CaseReference) or verdict is None:
        return "reference_missing"
    if verdict.doubt:
        return verdict.doubt
    if grant.consumer_id is not None and grant.consumer_id not in verdict.organisation_ids:
        return "case_not_yours"
    if grant.items_served and not verdict.item_codes & set(grant.items_served):
        return "case_of_another_item"
    return ""


def _by_standing(grant: "Grant", reference: StandingReference, caller: Caller) -> str:
    if not grant.standing or grant.standing != reference.kind:
        return "reference_missing"
    return "" if grant.consumer_id is None or grant.consumer_id in caller.steward_of else "not_a_steward"


_Grant = TypeVar("_Grant", bound="Grant")


def chosen(
    grants: Sequence[_Grant], call: Call, *, caller: Caller, verdict: "Verdict | None", now: datetime
) -> tuple[_Grant | None, str]:
    """Return the grant that allows the call, or the one that goes furthest and why it does not."""
    judged = [(grant, refused(grant, call, caller=caller, verdict=verdict, now=now)) for grant in grants]
    for grant, why in judged:
        if not why:
            return grant, ""
    known = [(ORDER.index(why), place) for place, (_grant, why) in enumerate(judged) if why != "no_grant"]
    return judged[max(known)[1]] if known else (None, "no_grant")


def not_granted(grant: "Grant", fields: Collection[str]) -> list[str]:
    """Return which fields a grant does not name, in the order asked."""
    return [code for code in fields if code not in grant.fields]
