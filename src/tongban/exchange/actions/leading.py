"""Say which office answers for a datum 一数一源: proposed by an office that holds it, decided by the service centre."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.base.text import clean_lines
from tongban.exchange import errors, events
from tongban.exchange.actions.catalogue import next_version, publish_resource
from tongban.exchange.models import LeadProposal, Resource, ResourceItem, ResourceVersion
from tongban.exchange.queries import leads
from tongban.exchange.queries.entries import entry_of
from tongban.exchange.queries.rights import reviews
from tongban.exchange.rules.entries import EntryDraft
from tongban.ledger import actions as ledger

State = LeadProposal.State


@transaction.atomic
def propose_lead(*, actor: Actor, datum: str, resource_id: UUID, grounds: str, now: datetime) -> LeadProposal:
    """Propose that the office of a resource answers for a datum that it holds.

    Raises NotFound, NotYours (no office of the actor holds it), NotComplete, AlreadyProposed.
    """
    found = leads.datum(datum)
    if not leads.may_propose(actor, found):
        raise errors.NotYours
    chosen = next((one for one in found.items if one.version.resource_id == resource_id), None)
    said = clean_lines(grounds)[:1000]
    wrong = {}
    if chosen is None or chosen.is_lead:
        wrong["resource"] = [_("Please choose an office that holds the datum and does not lead for it yet.")]
    if not said:
        wrong["grounds"] = [_("Please say why this office should answer for the datum.")]
    if wrong:
        raise errors.NotComplete(wrong)
    try:
        with transaction.atomic():
            proposal = LeadProposal.objects.create(
                datum=datum, resource_id=resource_id, grounds=said, proposed_by_id=actor.official_id, proposed_at=now
            )
    except IntegrityError as once:
        raise errors.AlreadyProposed from once
    proposed = events.LeadProposed(subject_id=proposal.id, resource_id=resource_id, datum=datum)
    ledger.record(proposed, actor=actor, now=now)
    return proposal


@transaction.atomic
def agree_lead(*, actor: Actor, proposal_id: UUID, word: str, now: datetime) -> LeadProposal:
    """Let an office lead from now on: its entry, and that of the office that led before, get a new version each.

    Raises NotFound, OnlyTheCentre, ReviewedByAuthor, NotInThisState, VersionInMaking.
    """
    proposal = _to_be_decided(actor, proposal_id)
    holding = ResourceItem.objects.filter(datum=proposal.datum, in_force=True)
    holders = Resource.objects.filter(id__in=holding.values("version__resource_id"))
    list(holders.select_for_update().order_by("id"))  # of two that are agreed to at once the second sees the first
    chosen = holding.filter(version__resource_id=proposal.resource_id).order_by("-is_lead", "position").first()
    if chosen is None or chosen.is_lead:
        raise errors.NotInThisState
    leading = holding.filter(is_lead=True).first()
    if leading is not None:
        _publish(proposal, leading.version_id, actor, now, is_lead=False)
    _publish(proposal, chosen.version_id, actor, now, is_lead=True)
    return _decided(proposal, State.AGREED, word, actor, now)


@transaction.atomic
def decline_lead(*, actor: Actor, proposal_id: UUID, word: str, now: datetime) -> LeadProposal:
    """Leave it as it is, and say why. Raises NotFound, OnlyTheCentre, ReviewedByAuthor, NotInThisState, NotComplete."""
    proposal = _to_be_decided(actor, proposal_id)
    if not clean_lines(word):
        raise errors.NotComplete({"word": [_("Please say why.")]})
    return _decided(proposal, State.DECLINED, word, actor, now)


def _to_be_decided(actor: Actor, proposal_id: UUID) -> LeadProposal:
    proposal = LeadProposal.objects.select_for_update().filter(id=proposal_id).first()
    if proposal is None:
        raise NotFound
    if not reviews(actor):
        raise errors.OnlyTheCentre
    if proposal.state != State.OPEN:
        raise errors.NotInThisState
    if actor.official_id is not None and proposal.proposed_by_id == actor.official_id:
        raise errors.ReviewedByAuthor
    return proposal


def _decided(proposal: LeadProposal, state: State, word: str, actor: Actor, now: datetime) -> LeadProposal:
    proposal.state, proposal.word = state, clean_lines(word)[:1000]
    proposal.decided_by_id, proposal.decided_at = actor.official_id, now
    proposal.save(update_fields=["state", "word", "decided_by", "decided_at"])
    decided = events.LeadDecided(
        subject_id=proposal.id, resource_id=proposal.resource_id, datum=proposal.datum, outcome=state
    )
    ledger.record(decided, actor=actor, now=now)
    return proposal


def _publish(proposal: LeadProposal, version_id: UUID, actor: Actor, now: datetime, *, is_lead: bool) -> None:
    """Publish a version that says what the one in force says, but for who leads: drafted by who proposed it."""
    version = ResourceVersion.objects.select_related("resource").get(id=version_id)
    resource = Resource.objects.select_for_update().get(id=version.resource_id)
    if resource.versions.filter(state__in=("draft", "in_review")).exists():
        raise errors.VersionInMaking(name=version.name)
    said = _leading(entry_of(version), proposal.datum, is_lead=is_lead)
    made = next_version(resource, said, drafted_by_id=proposal.proposed_by_id, actor=actor, now=now)
    publish_resource(actor=actor, version_id=made.id, now=now)


def _leading(entry: EntryDraft, datum: str, *, is_lead: bool) -> EntryDraft:
    """Return an entry in which the first item of a datum leads, or none does."""
    first = next(item.code for item in entry.items if item.datum == datum)
    items = (
        replace(item, is_lead=is_lead and item.code == first) if item.datum == datum else item for item in entry.items
    )
    return replace(entry, items=tuple(items))
