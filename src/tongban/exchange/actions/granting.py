"""Give grants, suspend, resume and withdraw them. What a grant allows never changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.base.text import clean_line, clean_lines
from tongban.exchange import errors, events
from tongban.exchange.models import Grant, Resource
from tongban.exchange.queries.rights import COORDINATOR, STEWARD, orders, reviews, stewards
from tongban.exchange.rules.calls import CODE
from tongban.exchange.rules.rows import Condition, is_condition
from tongban.ledger import actions as ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantTerms:
    """What a grant allows, to whom, why, until when and how often."""

    resource_id: UUID
    fields: tuple[str, ...]
    purpose: str
    purpose_words: str
    basis_law: str
    basis_article: str
    valid_from: datetime
    valid_until: datetime
    rate_per_minute: int
    consumer_id: UUID | None = None
    consumer_system: str = ""
    row_filter: Sequence[Condition] = field(default=())
    items_served: tuple[str, ...] = ()
    standing: str = ""
    may_be_secret: bool = False


@transaction.atomic
def give_grant(*, actor: Actor, terms: GrantTerms, now: datetime) -> Grant:
    """Give a grant. Raises NotFound, NotYours, NotInThisState (not in force), NotShared, NotComplete."""
    resource = _resource_to_grant(terms.resource_id)
    if not (stewards(actor, resource.provider_id) or reviews(actor)):
        raise errors.NotYours
    return _give(actor, resource, terms, now)


@transaction.atomic
def give_ordered_grant(
    *, actor: Actor, terms: GrantTerms, in_place_of_id: UUID | None = None, word: str = "", now: datetime
) -> Grant:
    """Give a grant that the coordinator of data sharing has ordered in a dispute, against the provider's will.

    One that it takes the place of ends with `word`, where it has not ended yet. Called by the room that knows the
    dispute. Raises what `give_grant` does; NotYours for anybody but the coordinator.
    """
    if not orders(actor):
        raise errors.NotYours
    there = Grant.objects.select_for_update().exclude(state=Grant.State.WITHDRAWN)
    for old in there.filter(id=in_place_of_id) if in_place_of_id else ():
        old.ended_at = now
        _change(old, Grant.State.WITHDRAWN, _said(word), events.GrantWithdrawn, actor, now)
    return _give(actor, _resource_to_grant(terms.resource_id), terms, now)


def _give(actor: Actor, resource: Resource, terms: GrantTerms, now: datetime) -> Grant:
    if resource.in_force_id is None:
        raise errors.NotInThisState
    if wrong := _problems(resource, terms):
        raise errors.NotComplete(wrong)
    _refuse_unshared(resource, terms.fields)
    grant = Grant.objects.create(
        resource=resource,
        consumer_id=terms.consumer_id,
        consumer_system=terms.consumer_system,
        fields=list(terms.fields),
        row_filter=[dict(one) for one in terms.row_filter],
        purpose=terms.purpose,
        purpose_words=clean_line(terms.purpose_words)[:300],
        basis_law=clean_line(terms.basis_law)[:200],
        basis_article=clean_line(terms.basis_article)[:100],
        items_served=list(terms.items_served),
        standing=terms.standing,
        may_be_secret=terms.may_be_secret,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        rate_per_minute=terms.rate_per_minute,
        granted_at=now,
        granted_by_id=actor.official_id,
        granting_post_id=granting_post_id(actor, resource.provider_id),
    )
    given = events.GrantGiven(
        subject_id=grant.id,
        resource_id=resource.id,
        consumer_id=grant.consumer_id,
        fields=tuple(grant.fields),
        purpose=grant.purpose,
    )
    ledger.record(given, actor=actor, now=now)
    return grant


def _resource_to_grant(resource_id: UUID) -> Resource:
    resource = Resource.objects.select_for_update(no_key=True).filter(id=resource_id).first()
    if resource is None:
        raise NotFound
    return resource


def granting_post_id(actor: Actor, provider_id: UUID) -> UUID | None:
    """Return the post by which a grant is given: one of the provider, else the one that coordinates or reviews."""
    own = [post for post in actor.posts if post.organisation_id == provider_id]
    return next((post.id for post in (*own, *actor.posts) if post.roles & {STEWARD, COORDINATOR}), None)


def _problems(resource: Resource, terms: GrantTerms) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    wanted = set(terms.fields)
    if not wanted or len(wanted) < len(terms.fields) or not wanted <= set(resource.field_codes):
        found["fields"] = [_("Please choose fields of this resource, each once.")]
    if not CODE.fullmatch(terms.purpose):
        found["purpose"] = [_("The code of a purpose has small letters, digits and underscores.")]
    for name in ("purpose_words", "basis_law", "basis_article"):
        if not clean_line(getattr(terms, name)):
            found[name] = [_("Please say for what and by which law and article it is given.")]
    if terms.valid_until <= terms.valid_from:
        found["valid_until"] = [_("The end must lie after the beginning.")]
    if terms.rate_per_minute < 1:
        found["rate_per_minute"] = [_("Please allow at least one look-up a minute.")]
    if (terms.consumer_id is None) == (not terms.consumer_system):
        found["consumer"] = [_("A grant is given to one office, or to one system.")]
    if not all(is_condition(condition, resource.field_codes) for condition in terms.row_filter):
        found["row_filter"] = [_("A condition names a field of the resource, a comparison and values.")]
    if terms.standing not in Grant.Standing.values:
        found["standing"] = [_("There is no such standing reference.")]
    return found


def _refuse_unshared(resource: Resource, fields: Sequence[str]) -> None:
    if resource.in_force is None:
        raise errors.NotInThisState
    kept = resource.in_force.items.filter(code__in=fields, sharing_class="none")
    if laws := {item.code: item.sharing_condition for item in kept}:
        raise errors.NotShared(fields=laws)


@transaction.atomic
def suspend_grant(*, actor: Actor, grant_id: UUID, word: str, now: datetime) -> Grant:
    """Stop a grant for the present. Raises NotFound, NotYours, NotInThisState, NotComplete."""
    grant = _grant_to_change(actor, grant_id, Grant.State.ACTIVE)
    return _change(grant, Grant.State.SUSPENDED, _said(word), events.GrantSuspended, actor, now)


@transaction.atomic
def resume_grant(*, actor: Actor, grant_id: UUID, now: datetime) -> Grant:
    """Let a suspended grant be used again. Raises NotFound, NotYours, NotInThisState."""
    grant = _grant_to_change(actor, grant_id, Grant.State.SUSPENDED)
    return _change(grant, Grant.State.ACTIVE, "", events.GrantResumed, actor, now)


@transaction.atomic
def withdraw_grant(*, actor: Actor, grant_id: UUID, word: str, now: datetime) -> Grant:
    """End a grant for good. Raises NotFound, NotYours, NotInThisState, NotComplete."""
    grant = _grant_to_change(actor, grant_id, Grant.State.ACTIVE, Grant.State.SUSPENDED)
    grant.ended_at = now
    return _change(grant, Grant.State.WITHDRAWN, _said(word), events.GrantWithdrawn, actor, now)


def _said(word: str) -> str:
    said = clean_lines(word)[:500]
    if not said:
        raise errors.NotComplete({"word": [_("Please say why.")]})
    return said


def _grant_to_change(actor: Actor, grant_id: UUID, *states: str) -> Grant:
    grant = Grant.objects.select_for_update(of=("self",)).select_related("resource").filter(id=grant_id).first()
    if grant is None:
        raise NotFound
    if not (stewards(actor, grant.resource.provider_id) or reviews(actor)):
        raise errors.NotYours
    if grant.state not in states:
        raise errors.NotInThisState
    return grant


def _change(
    grant: Grant, state: Grant.State, word: str, event: type[events.GrantEvent], actor: Actor, now: datetime
) -> Grant:
    grant.state, grant.state_word = state, word
    grant.save(update_fields=["state", "state_word", "ended_at"])
    happened: Any = event(subject_id=grant.id, resource_id=grant.resource_id)
    ledger.record(happened, actor=actor, now=now)
    return grant
