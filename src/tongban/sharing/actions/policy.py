"""Lay down what holds for requests and grants in this jurisdiction."""

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.ledger import actions as ledger
from tongban.sharing import queries
from tongban.sharing.errors import NotAllowed, NotComplete, StaleRules
from tongban.sharing.events import PolicyPublished
from tongban.sharing.models import SharingPolicy
from tongban.sharing.rules.terms import LIMITS, Policy


@transaction.atomic
def publish_policy(*, actor: Actor, policy: Policy, after_version: int, now: datetime) -> SharingPolicy:
    """Publish a version; the same again changes nothing. `after_version` is the one that the writer saw, 0 for none.

    Raises NotAllowed, NotComplete by field, StaleRules.
    """
    if not queries.may_publish_policy(actor):
        raise NotAllowed
    values = asdict(policy)
    wrong = {
        name: [_("Please give a number between %(least)d and %(most)d.") % {"least": least, "most": most}]
        for name, (least, most) in LIMITS.items()
        if not least <= values[name] <= most
    }
    if wrong:
        raise NotComplete(wrong)
    standing = queries.newest_policy()
    if after_version != (standing.version if standing else 0):
        raise StaleRules
    if standing is not None and queries.policy() == policy:
        return standing
    try:
        with transaction.atomic():
            made = SharingPolicy.objects.create(
                **values, version=after_version + 1, published_at=now, published_by_id=actor.official_id
            )
    except IntegrityError:  # a colleague has published this version at the same instant
        raise StaleRules from None
    ledger.record(PolicyPublished(subject_id=made.id, version=made.version), actor=actor, now=now)
    return made
