"""Keep grants in order: propose unused fields for withdrawal, settle that, remind of ends."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import office_date
from tongban.base.text import clean_lines
from tongban.exchange import actions as exchange
from tongban.exchange import queries as grants
from tongban.exchange.errors import NotYours
from tongban.ledger import actions as ledger
from tongban.sharing import queries
from tongban.sharing.errors import NotComplete, SettledAlready
from tongban.sharing.events import EndReminded, UnusedFieldsProposed, UnusedFieldsSettled
from tongban.sharing.models import DataRequest, EndReminder, UnusedFields
from tongban.sharing.rules import own

if TYPE_CHECKING:
    from tongban.exchange.models import Grant

LONGEST_REASON = 500


@transaction.atomic
def propose_unused(*, now: datetime) -> int:
    """Propose fields that nobody has used for as long as the policy says; returns for how many grants.

    What is open is brought up to date: fields that were used meanwhile are not proposed any more. Fields that a
    steward has kept are left alone for as long again. What people may read on themselves stays, whether they do or not.
    """
    since = office_date(now) - timedelta(days=queries.policy().unused_days)
    unused = grants.unused_fields(since=since, now=now)
    idle = {grant.id: (grant, set(fields)) for grant, fields in unused if grant.purpose != own.PURPOSE}
    open_ones = {one.grant_id: one for one in UnusedFields.objects.select_for_update().filter(state="open")}
    for grant_id, proposal in open_ones.items():
        still = idle.get(grant_id, (None, set()))[1]
        left = [code for code in proposal.fields if code in still]
        if not left:
            _settle(proposal, UnusedFields.State.OVERTAKEN, "", SYSTEM, now)
        elif left != proposal.fields:
            proposal.fields = left
            proposal.save(update_fields=["fields"])
    kept = UnusedFields.objects.filter(state=UnusedFields.State.KEPT, settled_at__gte=_midnights_ago(now))
    spared = {(one.grant_id, code) for one in kept for code in one.fields}
    fresh = [(grant, sorted(codes)) for grant, codes in idle.values() if grant.id not in open_ones]
    made = 0
    for grant, codes in fresh:
        left = [code for code in grant.fields if code in codes and (grant.id, code) not in spared]
        if left:
            _propose(grant, left, since=since, now=now)
            made += 1
    return made


def _midnights_ago(now: datetime) -> datetime:
    return now - timedelta(days=queries.policy().unused_days)


def _propose(grant: "Grant", fields: list[str], *, since: date, now: datetime) -> None:
    proposal = UnusedFields.objects.create(grant=grant, fields=fields, unused_since=since, proposed_at=now)
    proposed = UnusedFieldsProposed(
        subject_id=grant.id, resource_id=grant.resource_id, proposal_id=proposal.id, fields=tuple(fields)
    )
    ledger.record(proposed, actor=SYSTEM, now=now)


@transaction.atomic
def take_out(*, actor: Actor, proposal: UnusedFields, reason: str, now: datetime) -> UnusedFields:
    """Take the proposed fields out: the grant ends, and one with the other fields takes its place.

    Raises SettledAlready, NotComplete ("reason"), what exchange raises for a grant that is not the actor's.
    """
    locked, said = _locked(proposal), _said(reason)
    locked.successor = exchange.narrow_grant(
        actor=actor, grant_id=locked.grant_id, fields=locked.fields, word=said, now=now
    )
    return _settle(locked, UnusedFields.State.TAKEN_OUT, said, actor, now)


@transaction.atomic
def keep(*, actor: Actor, proposal: UnusedFields, reason: str, now: datetime) -> UnusedFields:
    """Leave the grant as it is, and say why. Raises SettledAlready, NotYours (of exchange), NotComplete ("reason")."""
    locked = _locked(proposal)
    if not (grants.stewards(actor, locked.grant.resource.provider_id) or grants.reviews(actor)):
        raise NotYours
    return _settle(locked, UnusedFields.State.KEPT, _said(reason), actor, now)


def _locked(proposal: UnusedFields) -> UnusedFields:
    found = UnusedFields.objects.select_for_update(of=("self",)).select_related("grant__resource").get(id=proposal.id)
    if found.state != UnusedFields.State.OPEN:
        raise SettledAlready
    return found


def _said(reason: str) -> str:
    said = clean_lines(reason)[:LONGEST_REASON]
    if not said:
        raise NotComplete({"reason": [_("Please say why; the office that holds the grant reads it.")]})
    return said


def _settle(
    proposal: UnusedFields, state: UnusedFields.State, reason: str, actor: Actor, now: datetime
) -> UnusedFields:
    proposal.state, proposal.reason = state, reason
    proposal.settled_at, proposal.settled_by_id = now, actor.official_id
    proposal.save(update_fields=["state", "reason", "settled_at", "settled_by", "successor"])
    settled = UnusedFieldsSettled(
        subject_id=proposal.grant_id,
        resource_id=proposal.grant.resource_id,
        proposal_id=proposal.id,
        state=proposal.state,
        successor_id=proposal.successor_id,
    )
    ledger.record(settled, actor=actor, now=now)
    return proposal


@transaction.atomic
def remind_of_ends(*, now: datetime) -> int:
    """Remind offices of grants that end soon and for which they have not asked again; returns how many. Once each."""
    until = now + timedelta(days=queries.policy().remind_days)
    known = EndReminder.objects.values("grant_id")
    again = DataRequest.objects.filter(renews__isnull=False).exclude(outcome="withdrawn").values("renews_id")
    ending = grants.ending(after=now, until=until).exclude(purpose=own.PURPOSE)  # that renews itself
    soon = list(ending.exclude(id__in=known).exclude(id__in=again))
    made = EndReminder.objects.bulk_create(
        [EndReminder(grant=grant, reminded_at=now) for grant in soon], ignore_conflicts=True
    )
    for grant in soon:
        ledger.record(EndReminded(subject_id=grant.id, resource_id=grant.resource_id), actor=SYSTEM, now=now)
    return len(made)
