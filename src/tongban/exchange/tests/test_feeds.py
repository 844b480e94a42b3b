"""The feed of changes: told without content, by references of one consumer, from sealed positions, again from any place."""

import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from tests.standing import nothing_changes

from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.cases.tests.people import client_of, office, resident
from tongban.exchange import actions, errors
from tongban.exchange import queries as exchange
from tongban.exchange.models import FeedChange, FeedPlace, Grant, LookUp
from tongban.exchange.queries import feeds
from tongban.exchange.rules.calls import About
from tongban.exchange.rules.feeds import cursors, references
from tongban.ledger import actions as ledger
from tongban.registers import actions as registers
from tongban.registers.events import RecordChanged
from tongban.registers.tests.town import NOW, Town, after, make_town

pytestmark = pytest.mark.django_db(transaction=True)
CHANGES = "/api/v1/exchange/changes"


@dataclass
class Followed:
    """A town whose register is followed by the asking office."""

    town: Town
    grant: Grant

    def change(self, address: str, *, at: datetime = NOW) -> None:
        """Record another address of Lin's."""
        registers.correct(
            actor=self.town.steward.actor,
            register_id=self.town.register.id,
            about=self.town.about(),
            values={"address": address},
            on=date(2025, 1, 1),
            now=at,
        )

    def read(self, place: str = "", *, limit: int = 100, at: datetime = NOW) -> feeds.Page:
        """Read on, as data steward of the asking office."""
        return actions.read_changes(
            actor=self.town.reviewer.actor, resource="population", after=place, limit=limit, now=at
        )


def go_on() -> None:
    """Seal what may be sealed, and read it into the feed."""
    while ledger.seal_once():
        pass
    while actions.read_on(now=NOW):
        pass


@pytest.fixture
def followed(transactional_db: None) -> Followed:
    """Return such a town."""
    town = make_town()
    grant = town.grant(
        "name", standing="feed", purpose="follow", valid_from=NOW - timedelta(days=60), rate_per_minute=900
    )
    return Followed(town, grant)


def test_a_change_is_told_without_content_and_looked_up_by_its_reference(followed: Followed) -> None:
    town = followed.town
    town.grant("name", "address")
    go_on()
    page = followed.read()
    assert [one.at for one in page.changes] == [NOW - timedelta(days=30)]
    followed.change("新街 1 号")
    go_on()
    news = followed.read(page.next)
    (told,) = news.changes
    assert told.reference == page.changes[0].reference
    assert town.about().number not in str(news)
    assert "新街" not in str(news)
    key = FeedChange.objects.latest("position").subject_key
    assert str(key) not in str(news.changes)
    answer = town.ask(town.call(town.case(), "address", about=About(kind="person", reference=told.reference)))
    assert answer.values == {"address": "新街 1 号"}
    assert LookUp.objects.latest("id").subject_key == key


def test_a_reference_is_good_for_its_consumer_alone(followed: Followed) -> None:
    town = followed.town
    go_on()
    reference = followed.read().changes[0].reference
    other = office("云澜市教育局", "school", roles=("acceptance", "steward"))
    town.grant("name", consumer_id=other.organisation.id, standing="system")
    call = town.call("x", about=About(kind="person", reference=reference))
    with pytest.raises(errors.SubjectUnknown):
        town.ask(call, by=other.staff("acceptance").actor)
    for wrong in (
        reference[:-1],
        reference + "A",
        "p1." + "A" * 43,
        reference.replace("p1.", "p2."),
        town.about().number,
    ):
        with pytest.raises(errors.SubjectUnknown):
            town.ask(town.call("x", about=About(kind="person", reference=wrong)))
    assert (
        references.key_behind(reference, "enterprise", consumer=references.of_office(town.asking.organisation.id))
        is None
    )


def test_a_transaction_held_open_across_batches_is_missed_by_nobody(followed: Followed) -> None:
    """It records first and commits last; whoever reads on meanwhile by cursor gets it all the same, and in order."""
    held, done = threading.Event(), threading.Event()

    lin = exchange.subject_of(followed.town.about())
    assert lin is not None

    def late() -> None:
        try:
            with transaction.atomic():
                happened = RecordChanged(
                    subject_id=lin.key, register_id=followed.town.register.id, record_id=1, change="corrected"
                )
                ledger.record(happened, actor=SYSTEM, now=after(seconds=1))
                held.set()
                done.wait(20)
        finally:
            connection.close()

    go_on()
    place = followed.read().next
    begun = threading.Thread(target=late)
    begun.start()
    assert held.wait(10)
    mei = resident("梅早")
    seen: list[feeds.Told] = []
    for day in range(3):
        registers.record(
            actor=followed.town.steward.actor,
            register_id=followed.town.register.id,
            about=followed.town.about(mei),
            values={"name": "梅早", "birth_date": date(1991, 1, 1)},
            valid_from=date(2021 + day, 1, 1),
            now=after(seconds=2 + day),
        )
        go_on()
        page = followed.read(place)
        seen += page.changes
        place = page.next
    done.set()
    begun.join()
    go_on()
    page = followed.read(place)
    seen += page.changes
    assert len(seen) == 4
    assert sorted(one.at for one in seen) == [after(seconds=seconds) for seconds in (1, 2, 3, 4)]
    of_mei = [one.at for one in seen if one.at != after(seconds=1)]
    assert of_mei == sorted(of_mei)
    assert [one.position for one in seen] == sorted(one.position for one in seen)
    assert [one.cursor for one in followed.read().changes][-4:] == [one.cursor for one in seen]


def test_reading_in_pieces_reads_all_once_and_the_same_again(followed: Followed) -> None:
    for number in range(7):
        followed.change(f"第 {number} 街", at=after(seconds=number))
    go_on()
    whole = followed.read()
    place = ""
    pieces: list[feeds.Told] = []
    while True:
        page = followed.read(place, limit=3)
        pieces += page.changes
        place = page.next
        if not page.more:
            break
    assert pieces == list(whole.changes)
    assert len(pieces) == 8
    assert followed.read(place).changes == []
    assert followed.read(whole.changes[4].cursor).changes == whole.changes[5:]
    assert followed.read("now").changes == []
    assert actions.read_on(now=NOW) is False
    assert FeedChange.objects.count() == 8


def test_two_readers_of_the_ledger_do_not_tell_twice(followed: Followed) -> None:
    go_on()
    FeedPlace.objects.update(position=0)
    with pytest.raises(Exception, match="feed_change_once"):
        actions.read_on(now=NOW)
    assert FeedChange.objects.count() == 1


@pytest.mark.parametrize("wrong", ["x", "A" * 22, "AAAAAAAAAAAAAAAAAAAAAA", "é"])
def test_places_that_were_never_given_out_are_refused(followed: Followed, wrong: str) -> None:
    with nothing_changes(), pytest.raises(errors.WrongPlace):
        followed.read(wrong)
    with pytest.raises(errors.WrongPlace):
        followed.read(cursors.cursor_of(UUID(int=1), 3))


def test_who_may_not_follow_is_told_nothing(followed: Followed) -> None:
    town, grant = followed.town, followed.grant
    go_on()
    stranger = office("云澜市教育局", "school", roles=("steward",)).staff("steward").actor
    for one in (stranger, town.staff["acceptance"].actor):  # without a case only data stewards ask, as at the gate
        with nothing_changes(), pytest.raises(errors.NoFeedGrant):
            actions.read_changes(actor=one, resource="population", after="", limit=9, now=NOW)
    actions.suspend_grant(actor=SYSTEM, grant_id=grant.id, word="核查", now=NOW)
    with pytest.raises(errors.NoFeedGrant):
        followed.read()
    actions.resume_grant(actor=SYSTEM, grant_id=grant.id, now=NOW)
    assert followed.read().changes
    with pytest.raises(errors.NoFeedGrant):
        followed.read(at=after(days=9999))
    actions.withdraw_grant(actor=SYSTEM, grant_id=grant.id, word="完毕", now=NOW)
    town.grant("name", standing="system", purpose="other")
    with pytest.raises(errors.NoFeedGrant):
        followed.read()
    filtered = [{"field": "district", "operator": "in", "values": ["青溪区"]}]
    town.grant("name", standing="feed", purpose="some", row_filter=filtered)
    with pytest.raises(errors.FilteredFeed):
        followed.read()


def test_what_changed_before_the_grant_is_not_told(followed: Followed) -> None:
    actions.withdraw_grant(actor=SYSTEM, grant_id=followed.grant.id, word="换", now=NOW)
    followed.town.grant("name", standing="feed", purpose="anew", valid_from=NOW)
    followed.change("之后", at=after(seconds=5))
    go_on()
    assert [one.at for one in followed.read().changes] == [after(seconds=5)]


def test_the_feed_by_interface(followed: Followed) -> None:
    go_on()
    actions.withdraw_grant(actor=SYSTEM, grant_id=followed.grant.id, word="换", now=NOW)
    ends = now() + timedelta(days=9)
    begun = NOW - timedelta(days=60)
    lasting = followed.town.grant(
        "name", standing="feed", purpose="lasting", valid_from=begun, valid_until=ends, rate_per_minute=3
    )
    client = client_of(followed.town.reviewer.username)
    answer = client.get(CHANGES, {"resource": "population"})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    assert told["grant"] == str(lasting.id)
    (change,) = told["changes"]
    assert set(change) == {"subject", "changed_at", "cursor"}
    assert client.get(CHANGES, {"resource": "population", "after": told["next"]}).json()["changes"] == []
    assert client.get(CHANGES, {"resource": "population", "after": "rubbish"}).json()["code"] == "wrong_cursor"
    assert client.get(CHANGES, {"resource": "unheard-of"}).json()["code"] == "no_feed_grant"
    elsewhere = client_of(office("云澜市教育局", "school", roles=("acceptance",)).staff("acceptance").username)
    assert elsewhere.get(CHANGES, {"resource": "population"}).json()["code"] == "no_feed_grant"
    statuses = [client.get(CHANGES, {"resource": "population"}).status_code for _time in range(8)]
    assert 429 in statuses
