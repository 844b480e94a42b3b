"""Consents: given in a version, taken back at any time (个人信息保护法 arts. 14, 15)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.accounts import rules
from tongban.accounts.actions.addresses import own_account
from tongban.accounts.events import ConsentGiven, ConsentWithdrawn
from tongban.accounts.models import Account, Consent
from tongban.base.actor import Actor
from tongban.base.errors import Invalid
from tongban.ledger.actions import record

VERSIONS = {
    Consent.Matter.PRIVACY_NOTICE.value: rules.PRIVACY_VERSION,
    Consent.Matter.ELECTRONIC_SERVICE.value: rules.ELECTRONIC_SERVICE_VERSION,
}


@transaction.atomic
def give_consent(*, actor: Actor, matter: str, now: datetime) -> None:
    """Give a consent in its present version. Given before in this version: nothing changes. Raises Invalid."""
    account = Account.objects.select_for_update().get(id=own_account(actor).id)
    if matter not in VERSIONS:
        raise Invalid({"matter": [_("Please choose one of the consents.")]})
    standing = Consent.objects.filter(account=account, matter=matter, withdrawn_at__isnull=True).first()
    if standing is not None and standing.version == VERSIONS[matter]:
        return
    if standing is not None:
        standing.withdrawn_at = now
        standing.save(update_fields=["withdrawn_at"])
    write_consent(actor=actor, account_id=account.id, matter=matter, now=now)


@transaction.atomic
def withdraw_consent(*, actor: Actor, matter: str, now: datetime) -> None:
    """Take a consent back. What was done while it stood stays lawful. Not given: nothing changes."""
    account = Account.objects.select_for_update().get(id=own_account(actor).id)
    taken = Consent.objects.filter(account=account, matter=matter, withdrawn_at__isnull=True).update(withdrawn_at=now)
    if taken:
        record(ConsentWithdrawn(subject_id=account.id, matter=matter), actor=actor, now=now)


def write_consent(*, actor: Actor, account_id: UUID, matter: str, now: datetime) -> None:
    """Write a consent that does not stand yet, within the caller's transaction."""
    try:
        version = VERSIONS[matter]
    except KeyError as unknown:
        raise Invalid({"matter": [_("Please choose one of the consents.")]}) from unknown
    Consent.objects.create(account_id=account_id, matter=matter, version=version, given_at=now)
    record(ConsentGiven(subject_id=account_id, matter=matter, version=version), actor=actor, now=now)
