"""Who acts by an account: an official with the posts they hold, or stand in for."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor, PostHeld
from tongban.base.clock import office_date
from tongban.base.compiled import Question, Written
from tongban.base.templatetags.words import either

if TYPE_CHECKING:
    from tongban.accounts.models import Account

POSTS_OF_OWNER = "organisations.posts"
"""The name of `posts_of_owner` among what is asked with a session."""


def actor_for_account(account_id: UUID, now: datetime) -> Actor:
    """Return who acts by an account, an official with the posts they hold themselves or as deputy. Two queries."""
    return _with_posts(accounts.actor_by_account(account_id), now)


def actor_of_account(account: "Account", now: datetime, held: Iterable[PostHeld] | None = None) -> Actor:
    """Return the same of an account that the session has fetched.

    `held`: what was found with the session (`posts_of_owner`); without it one query for officials, none for residents.
    """
    return _with_posts(accounts.actor_of_account(account), now, held)


def _with_posts(actor: Actor, now: datetime, held: Iterable[PostHeld] | None = None) -> Actor:
    if not actor.is_official or actor.official_id is None:
        return actor
    posts = posts_of_official(actor.official_id, now) if held is None else _own_first(held)
    return replace(actor, posts=posts)


def posts_of_official(official_id: UUID, now: datetime) -> tuple[PostHeld, ...]:
    """Return the posts an official acts by at an instant: their own first, then those of whom they stand in for.

    An official who has left holds nothing, and nobody stands in for them.
    """
    return _own_first(_ACTED_BY.asking(official_id, now, office_date(now)).rows())


def posts_of_owner(session_key: str, now: datetime) -> Question[PostHeld]:
    """Return the question for the posts that the owner of a session acts by at an instant; a resident has none."""
    return _OWNER_ACTS_BY.asking(now, office_date(now), session_key)


def _own_first(found: Iterable[PostHeld]) -> tuple[PostHeld, ...]:
    own: dict[UUID, PostHeld] = {}
    deputised: dict[UUID, PostHeld] = {}
    for held in found:
        (deputised if held.as_deputy else own)[held.id] = held
    return (*own.values(), *(held for post_id, held in deputised.items() if post_id not in own))


def _post_held(row: Sequence[Any]) -> PostHeld:
    post_id, organisation_id, name, name_en, roles, office, office_en, as_deputy = row
    return PostHeld(
        id=post_id,
        organisation_id=organisation_id,
        organisation_name=either(office, office_en),
        name=either(name, name_en),
        roles=frozenset(json.loads(roles)),
        as_deputy=as_deputy,
    )


_ACTED_BY: Written[PostHeld] = Written("SELECT * FROM organisations_acted_by(%s, %s, %s)", _post_held)
"""Making its plan takes five times as long as running it, so it is a function."""
_OWNER_ACTS_BY: Written[PostHeld] = Written(
    """
    SELECT acted.* FROM accounts_openedsession AS opened
    JOIN accounts_official AS official ON official.account_id = opened.account_id
    CROSS JOIN LATERAL organisations_acted_by(official.id, %s, %s) AS acted
    WHERE opened.session_key = %s
    """,
    _post_held,
)
"""The same by the session of an official, asked at each request. Of residents the function is not called."""
