"""Lets offices of the demo city look things up for the cases they work on, so that its people see who looked."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from tongban.accounts import actions as accounts
from tongban.accounts import queries as people
from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import OFFICE_ZONE
from tongban.cases import queries as cases
from tongban.exchange import actions as exchange
from tongban.exchange import queries as exchange_queries
from tongban.exchange.errors import LookUpRefused
from tongban.exchange.rules.calls import About, Call, CaseReference, StandingReference
from tongban.site.demo.people import Town

if TYPE_CHECKING:
    from tongban.cases.models import Case
    from tongban.exchange.models import Grant

MOST = 80
OPENING, CLOSING = 9, 17
KEEPING = "keeping"


def show_papers(town: Town, *, now: datetime) -> None:
    """Let a window see the papers of everybody who signs in: without that nobody reads what registers hold."""
    for actor in town.actors.values():
        person = people.person_of(actor)
        if person is None:
            continue
        accounts.register_person(
            actor=SYSTEM,
            name=person.name,
            identity_kind=person.identity_kind,
            identity_number=person.identity_number,
            assurance="seen",
            now=now,
        )
        for ward in people.wards_of(actor):
            accounts.confirm_guardianship(actor=SYSTEM, guardian_id=person.id, ward_id=ward.id, now=now)


def look_up_for_cases(town: Town, *, random: Random, now: datetime) -> int:
    """Look up what grants allow for open cases, each at an hour since it came in; returns how many were answered."""
    made = 0
    for official, call, since in [*_for_keeping(town, now), *_for_cases(town)][:MOST]:
        at = _in_office_hours(since + (now - since) * random.random(), since, now)
        try:
            exchange.look_up(call=call, actor=official, now=at)
        except LookUpRefused:  # it stands in the log, too: people see also what was refused
            continue
        made += 1
    return made


def _in_office_hours(at: datetime, since: datetime, now: datetime) -> datetime:
    """Move an instant to an hour at which offices work, as far as that lies between the two others."""
    moved = at.astimezone(OFFICE_ZONE).replace(hour=OPENING + at.minute % (CLOSING - OPENING))
    return moved if since <= moved <= now else at


def _for_cases(town: Town) -> Iterator[tuple[Actor, Call, datetime]]:
    """Go through open cases of those who sign in first, then of others, with the grants that serve their matter."""
    named = {actor.person_id for actor in town.actors.values() if actor.person_id}
    grants = [grant for grant in exchange_queries.grants(SYSTEM) if grant.items_served]
    found = []
    for official in town.officials:
        for case in cases.visible(official).filter(ended_at__isnull=True):
            serving = [one for one in grants if case.terms.get("item_code") in one.items_served]
            mine = [one for one in serving if one.consumer_id in official.organisation_ids]
            if mine and cases.open_tasks_on(official, case.id):
                found += [(case.submitted_by_id not in named, case.number, official, grant, case) for grant in mine]
    for _order, _number, official, grant, case in sorted(found, key=lambda one: one[:2]):
        about = _about(case, grant.resource.subject_kind)
        if about is not None:
            yield official, _call(grant, about, CaseReference(case.number)), case.submitted_at


def _about(case: "Case", kind: str) -> About | None:
    if kind == "enterprise":
        return About(kind="enterprise", id=case.applicant_enterprise_id) if case.applicant_enterprise_id else None
    person_id = case.applicant_person_id or case.submitted_by_id
    return About(kind="person", id=person_id) if person_id else None


def _for_keeping(town: Town, now: datetime) -> Iterator[tuple[Actor, Call, datetime]]:
    """Go through the people who sign in, whom the keeper of the population register looks over."""
    for grant in exchange_queries.grants(SYSTEM).filter(purpose=KEEPING, resource__subject_kind="person"):
        steward = next((one for one in town.officials if one.has_role("steward", grant.consumer_id)), None)
        for actor in town.actors.values():
            if steward is not None and actor.person_id is not None:
                about = About(kind="person", id=actor.person_id)
                yield steward, _call(grant, about, StandingReference(KEEPING)), now - timedelta(days=20)


def _call(grant: "Grant", about: About, reference: CaseReference | StandingReference) -> Call:
    return Call(
        about=about,
        fields=tuple(grant.fields),
        purpose=grant.purpose,
        reference=reference,
        resource=grant.resource.slug,
    )
