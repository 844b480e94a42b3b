"""Lays down the base registers of the demo city, gives its offices their grants, and fills the registers."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import ceil
from random import Random
from typing import TYPE_CHECKING, Any

from tongban.base.actor import SYSTEM
from tongban.exchange import actions as exchange
from tongban.exchange.rules.entries import EntryDraft, ItemDraft
from tongban.registers import actions as registers
from tongban.registers.actions import Loaded
from tongban.site.demo import content
from tongban.site.demo.offices import Posts
from tongban.site.demo.people import Town
from tongban.site.demo.registered import filling

if TYPE_CHECKING:
    from tongban.registers.models import Register

BATCH_DAYS = 10
RATE = 60_000
"""Look-ups a minute: the demo city is measured, too."""


def build_registers(posts: Posts, town: Town, *, random: Random, now: datetime, today: date | None = None) -> None:
    """Make five registers, publish their entries, give grants, load everybody as they are today, and count."""
    written = content.registers()
    made = {one["slug"]: _register(one, posts, now) for one in written["registers"]}
    for one in written["grants"]:
        _grant(one, made, posts, now)
    day = today or now.date()
    for slug, records in filling(town, random=random, today=day).items():
        for at, batch in _by_arrival(records, now, day):
            registers.load(actor=SYSTEM, register_id=made[slug].id, records=batch, now=at)
        registers.measure(register_id=made[slug].id, now=now)


def _by_arrival(records: list[Loaded], now: datetime, today: date) -> Iterator[tuple[datetime, list[Loaded]]]:
    """Go through records in batches: those from before the register, then what came in later, every ten days."""
    batches: dict[int, list[Loaded]] = {}
    for record in records:
        late = (record.valid_from - now.date()).days
        batches.setdefault(max(0, ceil(late / BATCH_DAYS)), []).append(record)
    for place in sorted(batches):
        yield now + min(timedelta(days=place * BATCH_DAYS), timedelta(days=(today - now.date()).days)), batches[place]


def _register(one: dict[str, Any], posts: Posts, now: datetime) -> "Register":
    entry = EntryDraft(
        slug=one["slug"],
        code=one["code"],
        subject_kind=one["subject"],
        name=one["name"],
        name_en=one["name_en"],
        summary=one["summary"],
        category=one["category"],
        classification="basic" if one["code"].startswith("1") else "theme",
        update_cycle=one["cycle"],
        items=tuple(_item(field) for field in one["fields"]),
    )
    register = registers.make_register(
        actor=SYSTEM,
        keeper_id=posts.organisations[one["keeper"]],
        entry=entry,
        names_subjects=one.get("names_subjects", False),
        now=now,
    )
    version = register.resource.versions.get()
    exchange.submit_resource(actor=SYSTEM, version_id=version.id, now=now)
    exchange.publish_resource(actor=SYSTEM, version_id=version.id, now=now)
    return register


def _item(field: list[Any]) -> ItemDraft:
    code, name, name_en, kind, sharing, condition, marks = field
    leads = [mark.removeprefix("lead=") for mark in marks if mark.startswith("lead=")]
    return ItemDraft(
        code=code,
        name=name,
        name_en=name_en,
        type=kind,
        is_key="key" in marks,
        is_required="required" in marks,
        is_sensitive="sensitive" in marks,
        sharing_class=sharing,
        sharing_condition=condition,
        datum=leads[0] if leads else "",
        is_lead=bool(leads),
    )


def _grant(one: dict[str, Any], made: dict[str, "Register"], posts: Posts, now: datetime) -> None:
    terms = exchange.GrantTerms(
        resource_id=made[one["register"]].resource_id,
        consumer_id=posts.organisations[one["to"]],
        fields=tuple(one["fields"]),
        purpose=one["purpose"],
        purpose_words=one["words"],
        basis_law=one["law"],
        basis_article=one["article"],
        items_served=tuple(one.get("items", ())),
        standing=one.get("standing", ""),
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=4 * 365),
        rate_per_minute=RATE,
    )
    exchange.give_grant(actor=SYSTEM, terms=terms, now=now)
