"""Look-ups under secrecy: nobody is tipped off; on their day they join the person's page and chain; overdue is public."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from tests.standing import nothing_changes

from tongban.base.clock import now
from tongban.base.errors import NotFound
from tongban.cases.tests.people import client_of
from tongban.exchange import actions as exchange
from tongban.exchange import queries as look_ups
from tongban.exchange.errors import NotComplete
from tongban.exchange.models import LookUp, Opening
from tongban.exchange.rules.calls import Secrecy
from tongban.ledger import queries as ledger
from tongban.ledger.models import Event
from tongban.ledger.tests.test_growing import seal
from tongban.registers.tests.town import Town
from tongban.sharing.tests.seen import lasting, make_seen_town, whose

LOOKS = "/my/data/look-ups/"
ORDER = "云检调〔2026〕1号"


def secretly(town: Town, *, until: datetime) -> LookUp:
    """Look 林知夏 up under secrecy."""
    if not town.resource.grants.filter(may_be_secret=True).exists():
        lasting(town, "name", may_be_secret=True)
    answer = town.ask(town.call(town.case(), secrecy=Secrecy(until, ORDER)), now=now())
    return LookUp.objects.get(id=answer.look_up_id)


def shown(town: Town) -> str:
    """Return all that 林知夏 can be shown, but for what differs at each reading."""
    client = client_of(town.lin.username)
    pages = [client.get(address).content.decode() for address in ("/my/data/", LOOKS, LOOKS + "?own=1")]
    return "".join(page.split("<main")[1].split("您已查看本记录")[0] for page in pages)


def counts(town: Town) -> dict[str, object]:
    """Return what the interface tells 林知夏."""
    answer = client_of(town.lin.username).get("/api/v1/my-data/findUsage")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_nobody_is_tipped_off(town: Town) -> None:
    """What 林知夏 is shown is the same as if nobody had looked: pages, counts, interface, public numbers."""
    before, told = shown(town), counts(town)
    public = Client().get("/data/secrecy").content.decode().split("<main")[1]
    look_up = secretly(town, until=now() + timedelta(days=1))
    assert shown(town) == before
    assert counts(town) == told
    assert Client().get("/data/secrecy").content.decode().split("<main")[1] == public
    client = client_of(town.lin.username)
    for address in (f"{LOOKS}{look_up.id}", f"{LOOKS}{look_up.id}/proof.json", f"{LOOKS}{look_up.id}/ask"):
        assert client.get(address).status_code == 404
    assert exchange.open_due(now=now()) == 0


def test_on_its_day_it_is_shown_and_opened_once(town: Town) -> None:
    look_up = secretly(town, until=now() + timedelta(days=1))
    assert look_up.secret_until
    later = look_up.secret_until + timedelta(hours=2)
    assert look_ups.secrecy_totals(later).overdue == 1
    assert exchange.open_due(now=later) == 1
    assert exchange.open_due(now=later) == 0
    assert look_ups.secrecy_totals(later).overdue == 0
    event = Event.objects.get(kind="exchange.look_up_opened")
    assert event.data["chain"] == str(whose(town.lin).subject.key)
    assert list(look_ups.told(later).filter(subject_key=whose(town.lin).subject.key, secret_until__isnull=False)) == [
        look_up
    ]


def test_an_order_extends_it_before_its_day_and_never_after(town: Town) -> None:
    look_up = secretly(town, until=now() + timedelta(days=1))
    assert look_up.secret_until
    longer, steward = look_up.secret_until + timedelta(days=5), town.reviewer.actor
    for until, order in ((look_up.secret_until, "新令"), (longer, " ")):
        with pytest.raises(NotComplete):
            exchange.extend_secrecy(actor=steward, look_up_id=look_up.id, until=until, order=order, now=now())
    with pytest.raises(NotFound):
        exchange.extend_secrecy(actor=town.steward.actor, look_up_id=look_up.id, until=longer, order="新令", now=now())
    exchange.extend_secrecy(actor=steward, look_up_id=look_up.id, until=longer, order="云检调〔2026〕9号", now=now())
    after_first = look_up.secret_until + timedelta(hours=2)
    assert exchange.open_due(now=after_first) == 0
    assert not look_ups.told(after_first).filter(id=look_up.id).exists()
    totals = look_ups.secrecy_totals(after_first)
    assert (totals.extended, totals.overdue) == (1, 0)
    assert exchange.open_due(now=longer) == 1
    with pytest.raises(NotFound):
        exchange.extend_secrecy(
            actor=steward, look_up_id=look_up.id, until=longer + timedelta(days=9), order="迟了", now=longer
        )


def test_the_page_of_an_order(town: Town) -> None:
    """For data stewards of the office that asked, who know the look-up from the order; typed input is kept."""
    look_up = secretly(town, until=now() + timedelta(days=1))
    steward, other = client_of(town.reviewer.username), client_of(town.steward.username)
    address = f"/office/data/secrecy/{look_up.id}"
    assert ORDER in steward.get(address).content.decode()
    sent = {"until": (now() + timedelta(days=9)).date().isoformat(), "order": "云检调〔2026〕9号"}
    with nothing_changes():
        assert other.get(address).status_code == 404
        assert other.post(address, sent).status_code == 404
        for wrong in ({"until": "明天"}, {"until": "2020-01-01"}, {"until": "9999-12-31"}, {"order": ""}):
            answer = steward.post(address, {**sent, **wrong})
            assert answer.status_code == 422
    assert steward.post(address, sent).status_code == 302
    assert "云检调〔2026〕9号" in steward.get(address).content.decode()
    assert not look_ups.told(now() + timedelta(days=5)).filter(id=look_up.id).exists()


def test_the_database_keeps_openings_as_they_are(town: Town) -> None:
    look_up = secretly(town, until=now() + timedelta(seconds=1))
    exchange.open_due(now=now() + timedelta(days=1))
    for statement in ("DELETE FROM exchange_opening", "UPDATE exchange_opening SET opened_at = now()"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Opening.objects.get().look_up_id == look_up.id


def test_overdue_and_totals_are_public_and_only_of_quarters_that_are_over(town: Town) -> None:
    lasting(town, "name", may_be_secret=True)
    long_ago = now() - timedelta(days=200)
    town.grant(
        "name", may_be_secret=True, valid_from=long_ago - timedelta(days=1), valid_until=now(), purpose="inquiry"
    )
    town.ask(
        town.call(town.case(), purpose="inquiry", secrecy=Secrecy(long_ago + timedelta(days=3), ORDER)), now=long_ago
    )
    page = Client().get("/data/secrecy").content.decode()
    assert "有 1 次查询应当公开而尚未公开" in page
    assert "季度" in page
    assert "林知夏" not in page
    assert look_ups.secrecy_totals(now()).quarters[0].look_ups == 1
    secretly(town, until=now() + timedelta(days=1))
    assert sum(one.look_ups for one in look_ups.secrecy_totals(now()).quarters) == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_secret_joins_the_chain_and_each_line_has_its_proof(transactional_db: None) -> None:
    town = make_seen_town()
    lasting(town, "name")
    town.ask(town.call(town.case()), now=now())
    look_up = secretly(town, until=now() + timedelta(hours=1))
    seal(now())
    key = whose(town.lin).subject.key
    assert len(ledger.chain_of(key).links) == 1
    exchange.open_due(now=now() + timedelta(hours=2))
    seal(now())
    assert len(ledger.chain_of(key).links) == 2
    client = client_of(town.lin.username)
    plain = LookUp.objects.get(secret_until__isnull=True)
    bundle = client.get(f"{LOOKS}{plain.id}/proof.json")
    assert bundle["Content-Disposition"].endswith('.json"')
    assert str(plain.id) in json.loads(bundle.content)["event"]
    whole = json.loads(client.get("/my/data/chain.json").content)
    assert whole["format"] == "tongban-chain-1"
    assert [str(look_up.id) in link["event"] for link in whole["links"]] == [False, True]
    assert client.get(f"{LOOKS}{look_up.id}/proof.json").status_code == 404  # its day has not come by the real clock
