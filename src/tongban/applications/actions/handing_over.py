"""A window hands an enterprise over to its legal representative, with all that was begun for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tongban.accounts import queries as accounts
from tongban.applications import queries
from tongban.applications.errors import NothingToHandOver
from tongban.applications.events import DraftPassedOn, EnterpriseLost
from tongban.applications.models import Draft, DraftAnswer, RegistersChoice
from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.ledger import actions as ledger
from tongban.organisations import actions as organisations


@transaction.atomic
def hand_over_enterprise(
    *,
    actor: Actor,
    enterprise_id: UUID,
    former_id: UUID | None,
    representative_id: UUID,
    name: str,
    address: str = "",
    now: datetime,
) -> None:
    """Hand an enterprise over to whom the business licence names, in their account, which a window has given them.

    Mandates end. Drafts go over; cases are seen by who may act for the enterprise, so that nothing changes hands there.
    Whoever loses it is told. Raises Forbidden, NotFound, Invalid, NothingToHandOver, RepresentativeNotProven,
    AlreadyRepresentative, RepresentativeChanged.
    """
    if former_id is None:
        raise NothingToHandOver
    lost = organisations.hand_over_enterprise(
        actor=actor, enterprise_id=enterprise_id, former_id=former_id, representative_id=representative_id,
        name=name, address=address, now=now,
    )  # fmt: skip
    account = accounts.account_of_person(representative_id)
    if account is None:
        raise NotFound
    drafts = Draft.objects.select_for_update(of=("self",)).filter(enterprise_id=enterprise_id, account__isnull=False)
    for draft in drafts.exclude(account_id=account.id).select_related("handling_version").order_by("id"):
        _pass_on(draft, account.id, representative_id)
        ledger.record(DraftPassedOn(subject_id=draft.id, enterprise_id=enterprise_id), actor=actor, now=now)
    for person_id in lost:
        ledger.record(EnterpriseLost(subject_id=enterprise_id, person_id=person_id), actor=actor, now=now)


def _pass_on(draft: Draft, account_id: UUID, person_id: UUID) -> None:
    """Take out what is about who began it: their name, number and address, and what registers said to them."""
    theirs = queries.fields_about_writer(draft)
    parts = {step for step, keys in theirs.items() if keys & set(draft.values)} | {queries.DELIVERY}
    draft.values = {key: value for key, value in draft.values.items() if key not in set().union(*theirs.values())}
    draft.steps_done = [key for key in draft.steps_done if key not in parts]
    draft.account_id, draft.person_id = account_id, person_id
    draft.delivery, draft.registers = {}, RegistersChoice.OPEN
    draft.revision += 1
    draft.save(update_fields=["values", "steps_done", "account", "person", "delivery", "registers", "revision"])
    DraftAnswer.objects.filter(draft_id=draft.id).delete()
