"""Requests for data between the offices of the demo city, one in each state."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import office_date
from tongban.exchange import actions as exchange
from tongban.exchange import queries as catalogue
from tongban.sharing import actions
from tongban.sharing.rules.checking import RequestDraft
from tongban.site.demo import content
from tongban.site.demo.offices import Posts
from tongban.site.demo.people import Town

if TYPE_CHECKING:
    from tongban.sharing.models import DataRequest

KEYS = UUID("5ea7da7a-0000-4000-8000-000000000001")


def play_requests(posts: Posts, town: Town, *, now: datetime) -> None:
    """Let offices ask one another: one request in each state, a grant that ends soon, items that nobody uses."""
    written = content.requests()
    for one in written["requests"]:
        _play(one, town.actors, now)
    _old_grant(written["old_grant"], posts, now)
    actions.propose_unused(now=now)
    actions.remind_of_ends(now=now)


def _play(one: dict[str, Any], actors: Mapping[str, Actor], now: datetime) -> None:
    days_ago = int(one["days_ago"])
    asked_at = now - timedelta(days=days_ago)
    request = _ask(one, actors[one["asks"]], asked_at, until=office_date(now) + timedelta(days=365))
    if "answer" not in one:
        return
    said, answered_at = one["answer"], asked_at + timedelta(hours=20)
    given = actions.Answer(
        fields=tuple(said.get("fields", ())),
        reasons=said.get("reasons", ""),
        law=said.get("law", ""),
        article=said.get("article", ""),
    )
    answered = actions.answer(actor=actors[one["answers"]], request=request, given=given, now=answered_at)
    if "dispute" in one:
        _dispute(one, actors, answered, answered_at)


def _ask(one: dict[str, Any], actor: Actor, at: datetime, *, until: date) -> "DataRequest":
    return actions.hand_in(
        actor=actor,
        resource=catalogue.resource_by_slug(one["resource"]),
        post_id=actor.posts[0].id,
        draft=RequestDraft(
            fields=tuple(one["fields"]),
            purpose=one["purpose"],
            purpose_words=one["words"],
            basis_law=one["law"],
            basis_article=one["article"],
            valid_until=until,
            rate_per_minute=60,
            expected_per_day=int(one["per_day"]),
            reason=one.get("reason", ""),
        ),
        idempotency_key=uuid5(KEYS, one["purpose"]),
        now=at,
    )


def _dispute(one: dict[str, Any], actors: Mapping[str, Actor], request: "DataRequest", answered_at: datetime) -> None:
    said, raised_at = one["dispute"], answered_at + timedelta(hours=4)
    dispute = actions.raise_dispute(actor=actors[one["asks"]], request=request, grounds=said["grounds"], now=raised_at)
    if "decided" not in said:
        return
    decided = said["decided"]
    actions.decide_dispute(
        actor=actors[said["decides"]],
        dispute=dispute,
        fields=tuple(decided.get("fields", ())),
        reasons=decided["reasons"],
        law=decided["law"],
        article=decided["article"],
        now=raised_at + timedelta(hours=30),
    )


def _old_grant(one: dict[str, Any], posts: Posts, now: datetime) -> None:
    """Give a grant that is as good as over and of which nobody has used anything."""
    begun = now - timedelta(days=350)
    terms = exchange.GrantTerms(
        resource_id=catalogue.resource_by_slug(one["resource"]).id,
        consumer_id=posts.organisations[one["to"]],
        fields=tuple(one["fields"]),
        purpose=one["purpose"],
        purpose_words=one["words"],
        basis_law=one["law"],
        basis_article=one["article"],
        valid_from=begun,
        valid_until=now + timedelta(days=15),
        rate_per_minute=60,
    )
    exchange.give_grant(actor=SYSTEM, terms=terms, now=begun)
