"""Lets a neighbour in whose key the attack holds: with little granted, so that it can be tried what more it gets."""

from datetime import timedelta
from typing import Any

from bench.inside.neighbours import LAW, PURPOSE
from tongban.accounts import queries as accounts
from tongban.accounts.models import Account
from tongban.accounts.queries import person_of
from tongban.base import clock
from tongban.base.actor import SYSTEM
from tongban.exchange import actions as exchange
from tongban.exchange.actions import membership, passing
from tongban.exchange.models import FeedChange, LookUp, Passage, Resource, Webhook
from tongban.exchange.queries import membership as queries
from tongban.exchange.rules.entries import EntryDraft, ItemDraft
from tongban.exchange.rules.feeds import cursors
from tongban.exchange.rules.neighbours import keys
from tongban.exchange.rules.neighbours.directory import Member, told_of
from tongban.exchange.rules.neighbours.keys import PublicKey
from tongban.exchange.rules.xroad.identifiers import client_of
from tongban.ledger.rules.notes import LOG, Signer
from tongban.organisations import queries as organisations

OURS, THEIRS, OTHERS = "CN/GOV/yunting", "CN/GOV/tingnan", "CN/GOV/shanhe"
GRANTED, ENDED = ("name", "address"), "ended_purpose"
RATE = 50
YEAR = timedelta(days=365)


def let_in(address: str, theirs: str, others: str, echo: str, person: str) -> dict[str, Any]:
    """Join with two neighbours of these public keys; offer a register and a REST service; say what there is to know."""
    now = clock.now()
    issuer = Signer("tongban-directory", LOG, b"\x07" * 32)
    place = membership.OwnPlace(member=OURS, name="云汀市", address=address, issuers=[str(issuer.key)])
    membership.join(actor=SYSTEM, place=place, now=now)
    membership.make_key(actor=SYSTEM, now=now)
    register = passing.Offer(
        subsystem="registers", code="population", subsystem_name="基础库", resource_id=_population().id
    )
    passing.offer(actor=SYSTEM, offered=register, now=now)
    rest = passing.offer(
        actor=SYSTEM, offered=passing.Offer(subsystem="services", code="places", address=echo), now=now
    )
    passing.allow(actor=SYSTEM, service_id=rest.id, client=f"{THEIRS}/gate", method="GET", path="/places/*", now=now)
    membership.admit(actor=SYSTEM, description=told_of(queries.description(now)), now=now)
    for member, public in ((THEIRS, theirs), (OTHERS, others)):
        _admit(member, bytes.fromhex(public))
    membership.issue(actor=SYSTEM, signer=issuer, now=now)
    _give(f"{THEIRS}/gate", PURPOSE, until=now + YEAR)
    _give(f"{THEIRS}/gate", "slow_purpose", until=now + YEAR, rate=RATE)
    _give(f"{THEIRS}/gate", "following", until=now + YEAR, standing="feed")
    _give(f"{THEIRS}/gate", ENDED, until=now - timedelta(days=1))
    known = person_of(organisations.actor_for_account(Account.objects.get(username=person).id, now))
    if known is None:
        raise LookupError(person)
    other = Resource.objects.exclude(id=_population().id).filter(in_force__isnull=False).order_by("slug").first()
    return {
        "number": known.identity_number,
        "name": known.name,
        "key": queries.place(now).key.id,
        "cursor": cursors.cursor_of(_population().id, 0),
        "foreign_cursor": cursors.cursor_of(other.id, 0) if other else "",
        "hidden": [code for code in _population().field_codes if code not in GRANTED],
    }


def _population() -> Resource:
    return Resource.objects.get(slug="population")


def _admit(member: str, public: bytes) -> None:
    now = clock.now()
    key = PublicKey(public, now.replace(microsecond=0) - YEAR, now.replace(microsecond=0) + YEAR)
    away = "https://away.example:8444"
    described = Member(id=client_of(member), name=member, address=away, keys=(key,), subsystems=(("gate", "网关"),))
    membership.admit(actor=SYSTEM, description=told_of(described), now=now)


def key_id(public: str) -> str:
    """Return the name of a public key."""
    return keys.thumbprint(bytes.fromhex(public))


def _give(client: str, purpose: str, *, until: Any, rate: int = 60_000, standing: str = "system") -> None:  # noqa: ANN401 - a time
    terms = exchange.GrantTerms(
        resource_id=_population().id, fields=GRANTED, purpose=purpose, purpose_words="迁入登记", basis_law=LAW,
        basis_article="第十三条", valid_from=clock.now() - timedelta(days=3), valid_until=until, rate_per_minute=rate,
        consumer_system=client, standing=standing,
    )  # fmt: skip
    exchange.give_grant(actor=SYSTEM, terms=terms, now=clock.now())


def feed_grant(organisation: str) -> dict[str, str]:
    """Give an office a grant for the feed of the population register."""
    now = clock.now()
    consumer = next(one for one in organisations.organisations() if one.slug == organisation)
    terms = exchange.GrantTerms(
        resource_id=_population().id, fields=GRANTED, purpose="attack_feed", purpose_words="跟踪", basis_law=LAW,
        basis_article="第十三条", valid_from=now - timedelta(days=3), valid_until=now + YEAR, rate_per_minute=60_000,
        consumer_id=consumer.id, standing="feed",
    )  # fmt: skip
    return {"grant": str(exchange.give_grant(actor=SYSTEM, terms=terms, now=now).id)}


def enterprise_held() -> dict[str, str]:
    """Return an enterprise that somebody holds, as its licence names it."""
    found = accounts.enterprises().filter(legal_representative__isnull=False).order_by("id").first()
    if found is None:
        raise LookupError
    return {"name": found.name, "credit_code": found.credit_code}


def webhooks() -> list[dict[str, Any]]:
    """Return how each receiver fares."""
    rows = Webhook.objects.all()
    return [{"address": one.address, "state": one.state, "tries": one.tries, "why": one.why} for one in rows]


def counted() -> dict[str, int]:
    """Return how many look-ups were answered for neighbours, and how many messages passed."""
    answered = LookUp.objects.filter(refused="").exclude(system="")
    return {"answered": answered.count(), "passages": Passage.objects.count(), "changes": FeedChange.objects.count()}


def resource(slug: str, organisation: str) -> None:
    """Publish a resource of an office that has no source yet."""
    now = clock.now()
    provider = next(one for one in organisations.organisations() if one.slug == organisation)
    items = tuple(
        ItemDraft(code=code, name=code, type=kind, sharing_class="unconditional")
        for code, kind in (("name", "C"), ("amount", "Y"), ("any", "G"), ("day", "D"))
    )
    entry = EntryDraft(
        slug=slug,
        code=f"101009/{len(slug)}",
        subject_kind="person",
        name="外部数据",
        summary="外部数据",
        category="人口",
        items=items,
    )
    version = exchange.begin_resource(actor=SYSTEM, provider_id=provider.id, draft=entry, now=now)
    exchange.submit_resource(actor=SYSTEM, version_id=version.id, now=now)
    exchange.publish_resource(actor=SYSTEM, version_id=version.id, now=now)
