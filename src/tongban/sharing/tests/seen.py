"""A town for the tests of "my data": its residents have shown their papers at a window."""

from datetime import timedelta
from typing import Any

from tongban.accounts import actions as accounts
from tongban.accounts import queries as people
from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.cases.tests.people import Resident, resident
from tongban.exchange.models import Grant
from tongban.exchange.rules.calls import Answer
from tongban.registers.tests.town import Town, make_town
from tongban.sharing import actions, queries


def seen(who: Resident) -> Resident:
    """Let an official see somebody's paper, and know that the account is theirs."""
    person = people.person_by_id(who.person_id)
    accounts.register_person(
        actor=SYSTEM,
        name=person.name,
        identity_kind=person.identity_kind,
        identity_number=person.identity_number,
        assurance="seen",
        now=now(),
    )
    accounts.vouch_for_holder(actor=SYSTEM, person_id=person.id, now=now())
    return who


def make_seen_town() -> Town:
    """Make the town, with the own-data view of its register."""
    town = make_town()
    seen(town.lin)
    actions.give_own_views(now=now())
    return town


def lasting(town: Town, *fields: str, **changes: Any) -> Grant:
    """Give the asking office a grant that holds today, too: pages ask the real clock."""
    return town.grant(*fields, valid_until=now() + timedelta(days=30), rate_per_minute=1000, **changes)


def looked(town: Town, *fields: str, **changes: Any) -> Answer:
    """Look 林知夏 up now, for a case of hers."""
    if not Grant.objects.filter(purpose="residence_permit").exists():
        lasting(town, "name", "address", "religion")
    return town.ask(town.call(town.case(), *(fields or ("name",)), **changes), now=now())


def neighbour() -> Resident:
    """Return somebody else, papers seen."""
    return seen(resident("沈青禾"))


def whose(who: Resident) -> queries.Whose:
    """Return somebody as their own reader."""
    return queries.whose_for(who.actor, None)
