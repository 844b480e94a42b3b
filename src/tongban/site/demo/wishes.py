"""Who asks for what in the demo city, so that it fits them; and why something is refused, fitting the matter."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from tongban.accounts import queries as people
from tongban.base.actor import Actor
from tongban.site.demo import content
from tongban.site.demo.people import Town

PERMIT = "01"
ADULT = (18, 110)


@dataclass(frozen=True)
class Wish:
    """Somebody wants something: who, which item, for whom, and what they answer to its questions."""

    actor: Actor
    item: str
    applicant_kind: str = "self"
    subject_id: UUID | None = None
    situation: dict[str, str] = field(default_factory=dict)


def wishes_of(town: Town, *, random: Random, now: datetime, number: int) -> list[Wish]:
    """Return `number` wishes: those of named residents, a handful each, and the rest of further residents."""
    named = [_named(town, one) for one in content.lives()["named"]][:number]
    items = [(item["code"], item["guide"]["audiences"]) for item in content.items()]
    weights = [12 / (1 + place) + 1 for place in range(len(items))]
    drawn = random.choices(items, weights, k=number - len(named))
    return named + [_of_somebody(town, code, audiences, random=random, year=now.year) for code, audiences in drawn]


def wishes_under_way(town: Town) -> list[Wish]:
    """Return what is under review when the city is loaded."""
    return [_named(town, one) for one in content.lives()["under_way"]]


def _named(town: Town, one: dict[str, Any]) -> Wish:
    situation = one.get("situation", {})
    if one["for"] == "self":
        return Wish(town.actors[one["who"]], one["item"], situation=situation)
    if one["for"] == "ward":
        actor = town.actors[one["who"]]
        held = people.guardianships_of(actor.person_id)[0] if actor.person_id else None
        return Wish(actor, one["item"], "ward", held.ward_id if held else None, situation)
    owner, enterprise_id = town.owners[one["for"]]
    return Wish(owner, one["item"], "enterprise", enterprise_id, situation)


def _of_somebody(town: Town, code: str, audiences: list[str], *, random: Random, year: int) -> Wish:
    lives = content.lives()
    if "person" not in audiences:
        fitting = [one["code"] for one in lives["enterprises"] if code in one["items"]]
        owner, enterprise_id = town.owners[random.choice(fitting)]
        return Wish(owner, code, "enterprise", enterprise_id)
    youngest, oldest = lives["ages"].get(code, ADULT)
    who = [actor for actor, born in town.further if youngest <= year - born - 1 and year - born <= oldest]
    own = {"who": "self"} if code == "gaoling-jintie" else {}
    return Wish(random.choice(who), code, situation=own)


def refusal_words(code: str, item_type: str) -> tuple[str, str]:
    """Return why a matter is refused and by which law; the Licensing Law stands beside it for permits only."""
    reason, law = content.lives()["refused"][code]
    laws = [law, content.lives()["permit_law"] if item_type == PERMIT else ""]
    return reason, "；".join(filter(None, laws))


def not_accepted_words(item_type: str) -> tuple[str, str, str]:
    """Return why something is not accepted, by what, and what the applicant can do instead."""
    reason, basis, instead = content.lives()["not_accepted"]["permit" if item_type == PERMIT else "other"]
    return reason, basis, instead
