"""A town for the tests of demand and supply: who asks, who gives, who coordinates, who has nothing to do with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tongban.base.clock import now, office_date
from tongban.cases.tests.people import Office, Staff, actor_of, office
from tongban.exchange.models import Resource
from tongban.ledger import actions as ledger
from tongban.registers.tests.town import LAW, Town, make_town
from tongban.sharing import actions
from tongban.sharing.models import DataRequest, Dispute
from tongban.sharing.rules.checking import RequestDraft


@dataclass
class Offices:
    """`asking` is neither the keeper nor the service centre; the centre has the intake post and coordinates."""

    town: Town
    asking: Office
    asker: Staff
    giver: Staff
    coordinator: Staff
    stranger: Staff

    @property
    def resource(self) -> Resource:
        """What is asked for."""
        return self.town.resource

    def draft(self, *fields: str, **changes: Any) -> RequestDraft:
        """Return a complete draft."""
        values: dict[str, Any] = {
            "fields": fields or ("name", "address"), "purpose": "school_place", "purpose_words": "核验入学资格",
            "basis_law": "义务教育法", "basis_article": "第十二条", "valid_until": office_date(now()) + timedelta(days=300),
            "rate_per_minute": 60, "expected_per_day": 500,
        }  # fmt: skip
        return RequestDraft(**(values | changes))

    def ask(self, *fields: str, by: Staff | None = None, **changes: Any) -> DataRequest:
        """Hand a request in."""
        who = by or self.asker
        return actions.hand_in(
            actor=who.actor,
            resource=self.resource,
            post_id=who.post.id,
            draft=self.draft(*fields, **changes),
            idempotency_key=changes.pop("key", None) or uuid4(),
            now=now(),
        )

    def answer(self, request: DataRequest, *fields: str, by: Staff | None = None, **said: Any) -> DataRequest:
        """Answer a request; what is not named is refused by a law."""
        values = {"reasons": "超出职责所需", "law": LAW, "article": "第十五条"} | said
        given = actions.Answer(fields=fields, **values)
        return actions.answer(actor=(by or self.giver).actor, request=request, given=given, now=now())

    def refused(self, *fields: str) -> DataRequest:
        """Ask, and refuse."""
        return self.answer(self.ask(*fields))

    def disputed(self, request: DataRequest) -> Dispute:
        """Take a refusal to the coordinator."""
        return actions.raise_dispute(actor=self.asker.actor, request=request, grounds="法定职责所需", now=now())

    def decide(self, dispute: Dispute, *fields: str, by: Staff | None = None) -> Dispute:
        """Decide a dispute."""
        return actions.decide_dispute(
            actor=(by or self.coordinator).actor,
            dispute=dispute,
            fields=fields,
            reasons="经协调",
            law=LAW,
            article="第二十条",
            now=now(),
        )

    def colleague(self, of: Staff, role: str = "steward") -> Staff:
        """Appoint another official to the post of somebody."""
        place = next(
            place for place in (self.town.keeper, self.asking, self.town.asking) if of.post in place.posts.values()
        )
        return place.staff(role, "同数")


def make_offices() -> Offices:
    """Make the town."""
    town = make_town()
    asking = office("云澜市教育局", "school", roles=("steward", "acceptance"))
    stranger = office("云澜市交通局", "traffic", roles=("steward",))
    found = Offices(
        town=town,
        asking=asking,
        asker=asking.staff("steward", "求数"),
        giver=town.steward,
        coordinator=town.asking.staff("supervisor", "协数"),
        stranger=stranger.staff("steward", "旁数"),
    )
    for staff in (found.asker, found.giver, found.coordinator, found.stranger):
        assert staff.actor.posts
    return found


def hand_on(at: datetime | None = None) -> None:
    """Let the handlers do what they do on news."""
    ledger.drain(now=at or now())


__all__ = ["LAW", "Offices", "actor_of", "hand_on", "make_offices"]
