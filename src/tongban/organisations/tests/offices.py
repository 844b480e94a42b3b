"""Invented offices for tests."""

from collections.abc import Collection
from itertools import count

from tongban.accounts.models import Official
from tongban.accounts.tests.people import NOW, an_official
from tongban.base.actor import SYSTEM, Actor
from tongban.organisations import actions, queries
from tongban.organisations.models import Organisation, Post

_numbers = count(1)


def an_office(name: str = "", parent: Organisation | None = None) -> Organisation:
    """Return an office."""
    number = next(_numbers)
    return actions.create_organisation(
        actor=SYSTEM, name=name or f"云汀市第{number}局", slug=f"office-{number}", now=NOW,
        parent_id=parent.id if parent else None,
    )  # fmt: skip


def a_post(office: Organisation, *roles: str, name: str = "", is_intake: bool = False) -> Post:
    """Return a post of an office."""
    return actions.create_post(
        actor=SYSTEM, organisation_id=office.id, name=name or f"岗位{next(_numbers)}", roles=roles, is_intake=is_intake,
        now=NOW,
    )  # fmt: skip


def holder(posts: Collection[Post], name: str = "周明") -> tuple[Official, Actor]:
    """Return an official who holds the posts, and the actor."""
    official = an_official(name)
    for post in posts:
        actions.appoint(actor=SYSTEM, official_id=official.id, post_id=post.id, now=NOW)
    return official, actor_of(official)


def actor_of(official: Official) -> Actor:
    """Return who acts by the official's account now."""
    return queries.actor_for_account(official.account_id, NOW)
