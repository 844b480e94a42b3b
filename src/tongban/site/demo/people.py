"""Lets the people of the demo city sign up, and appoints its officials."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from random import Random
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import get_hasher
from stdnum.iso7064 import mod_11_2

from tongban.accounts import actions as accounts
from tongban.accounts import queries as people
from tongban.base.actor import SYSTEM, Actor
from tongban.organisations import actions as organisations
from tongban.organisations import queries as offices
from tongban.site.demo import content
from tongban.site.demo.offices import Posts, credit_code

AREAS = ("110103", "310103", "320102", "330102", "420102", "430102", "510104", "610102")
FURTHER = 30
OLDEST_BORN, YOUNGEST_BORN = 1938, 2005


@dataclass
class Town:
    """Who lives and works here.

    `actors` by sign-in name; `further` residents with the year of their birth, who appear in cases only; `owners` who
    act for an enterprise, by its code without check character.
    """

    actors: dict[str, Actor] = field(default_factory=dict)
    further: list[tuple[Actor, int]] = field(default_factory=list)
    officials: list[Actor] = field(default_factory=list)
    owners: dict[str, tuple[Actor, UUID]] = field(default_factory=dict)


def resident_number(area: str, born: str) -> str:
    """Return an identity number with order number 000, which is given to nobody (GB 11643)."""
    first = f"{area}{born}000"
    return first + mod_11_2.calc_check_digit(first)


def settle(posts: Posts, *, random: Random, now: datetime) -> Town:
    """Make accounts, wards, enterprises and mandates; appoint the officials."""
    with passwords_hashed_once():
        return _settle(posts, random, now)


@contextmanager
def passwords_hashed_once() -> Iterator[None]:
    """Hash a password that many have once, with one salt.

    A hash takes a fifth of a second on purpose, and 67 of them were half of what loading took. A salt hides who has
    the same password as whom: of the demo's people everybody knows.
    """
    hasher = get_hasher()
    salt = hasher.salt()
    own: dict[str, Any] = {"salt": lambda: salt, "encode": cache(hasher.encode)}
    hasher.__dict__.update(own)
    try:
        yield
    finally:
        for name in own:
            del hasher.__dict__[name]


def _settle(posts: Posts, random: Random, now: datetime) -> Town:
    written, town = content.people(), Town()
    for one in written["officials"]:
        _official(one, posts, written["password"], now)
    for one in written["residents"]:
        _resident(one, written["password"], now)
    for one in written["officials"] + written["residents"]:
        town.actors[one["username"]] = _actor(one["username"], now)
    town.officials = [town.actors[one["username"]] for one in written["officials"]]
    for one in written["wards"]:
        accounts.add_ward(
            actor=town.actors[one["guardian"]],
            name=one["name"],
            identity_kind="resident_identity_card",
            identity_number=resident_number(one["area"], one["born"]),
            relation=one["relation"],
            now=now,
        )
    _enterprises(written, town, now)
    town.further = _further(written, random, now)
    for (owner, _born), one in zip(town.further, content.lives()["enterprises"], strict=False):
        _enterprise(town, owner, one | {"address": "云汀市汀南区长桥路 9 号"}, now)
    return town


def _actor(username: str, now: datetime) -> Actor:
    account = people.account_by_username(username)
    if account is None:
        message = f"{username} has no account"
        raise LookupError(message)
    return offices.actor_for_account(account.id, now)


def _official(one: dict[str, Any], posts: Posts, password: str, now: datetime) -> None:
    official = accounts.create_official(
        actor=SYSTEM,
        name=one["name"],
        staff_number=one["staff"],
        username=one["username"],
        password=password,
        now=now,
    )
    for slug, name in one["posts"]:
        organisations.appoint(actor=SYSTEM, official_id=official.id, post_id=posts.posts[slug, name], now=now)


def _resident(one: dict[str, Any], password: str, now: datetime) -> None:
    account = accounts.sign_up(
        name=one["name"],
        identity_kind=one.get("kind", "resident_identity_card"),
        identity_number=one.get("number") or resident_number(one["area"], one["born"]),
        password=password,
        consents=("privacy_notice", "electronic_service"),
        phone=one["phone"],
        email=one["email"],
        username=one["username"],
        language=one.get("language", "zh-hans"),
        now=now,
    )
    accounts.vouch_for_addresses(actor=SYSTEM, account_id=account.id, now=now)
    accounts.register_person(
        actor=SYSTEM,
        name=one["name"],
        identity_kind=one.get("kind", "resident_identity_card"),
        identity_number=one.get("number") or resident_number(one["area"], one["born"]),
        assurance="seen",
        now=now,
    )
    accounts.vouch_for_holder(actor=SYSTEM, person_id=account.person.id, now=now)


def _enterprises(written: dict[str, Any], town: Town, now: datetime) -> None:
    for one in written["enterprises"]:
        _enterprise(town, town.actors[one["owner"]], one, now)
    for one in written["mandates"]:
        named = people.person_of(town.actors[one["person"]])
        owner, enterprise_id = town.owners[one["enterprise"]]
        if named is not None:
            organisations.grant_mandate(
                actor=owner,
                enterprise_id=enterprise_id,
                name=named.name,
                identity_kind=named.identity_kind,
                identity_number=named.identity_number,
                now=now,
            )


def _enterprise(town: Town, owner: Actor, one: dict[str, Any], now: datetime) -> None:
    enterprise = accounts.register_enterprise(
        actor=owner, name=one["name"], credit_code=credit_code(one["code"]), address=one["address"], now=now
    )
    accounts.register_enterprise(
        actor=SYSTEM, name=one["name"], credit_code=credit_code(one["code"]), representative_id=owner.person_id, now=now
    )
    town.owners[one["code"]] = (owner, enterprise.id)


def _further(written: dict[str, Any], random: Random, now: datetime) -> list[tuple[Actor, int]]:
    """Return residents who appear in cases only; they have no e-mail, and nobody signs in as them.

    Of all ages: each matter finds somebody whom it fits.
    """
    made, password = [], token_urlsafe()
    for number in range(FURTHER):
        username = f"yunting-{number:03d}"
        year = OLDEST_BORN + number * (YOUNGEST_BORN - OLDEST_BORN) // (FURTHER - 1)
        born = f"{year}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
        accounts.sign_up(
            name=random.choice(written["surnames"]) + random.choice(written["given"]),
            identity_kind="resident_identity_card",
            identity_number=resident_number(AREAS[number % len(AREAS)], born),
            password=password,
            consents=("privacy_notice", "electronic_service") if number % 5 else ("privacy_notice",),
            phone=f"1390001{number:04d}",
            username=username,
            now=now,
        )
        made.append((_actor(username, now), year))
    return made
