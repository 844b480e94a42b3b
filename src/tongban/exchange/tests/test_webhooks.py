"""Changes are sent to real receivers: confirmed, signed, in order, again after every fault, given up after days."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from tests.standing import nothing_changes

from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.cases.tests.people import client_of
from tongban.exchange import actions, errors
from tongban.exchange.actions import delivering
from tongban.exchange.contrib.webhooks import posting
from tongban.exchange.models import Webhook
from tongban.exchange.tests.outside import begin_anew, listening
from tongban.exchange.tests.receiver import Receiver, receiving
from tongban.exchange.tests.test_feeds import Followed, go_on
from tongban.ledger import actions as ledger
from tongban.ledger.models import Event
from tongban.notifications.models import Message
from tongban.registers.tests.town import NOW, after, make_town

pytestmark = pytest.mark.django_db(transaction=True)
WEBHOOKS = "/api/v1/exchange/webhooks"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Return a receiver at a place that the operator allows."""
    with receiving() as found:
        settings.TONGBAN_WEBHOOKS = frozenset({f"http://127.0.0.1:{found.port}"})
        begin_anew()
        posting.lines.cache_clear()
        yield found
        posting.lines.cache_clear()
        begin_anew()


@pytest.fixture
def followed(transactional_db: None) -> Followed:
    """Return a town whose register is followed."""
    town = make_town()
    grant = town.grant(
        "name", standing="feed", purpose="follow", valid_from=NOW - timedelta(days=60), rate_per_minute=900
    )
    return Followed(town, grant)


def registered(followed: Followed, receiver: Receiver, **changes: Any) -> tuple[Webhook, str]:
    """Register the receiver."""
    values: dict[str, Any] = {
        "actor": followed.town.reviewer.actor,
        "grant_id": followed.grant.id,
        "address": receiver.address,
        "now": NOW,
    }
    return actions.register_webhook(**(values | changes))


def confirmed(followed: Followed, receiver: Receiver, **changes: Any) -> tuple[Webhook, str]:
    """Register the receiver and let it confirm."""
    webhook, secret = registered(followed, receiver, **changes)
    actions.deliver_due(now=NOW)
    webhook.refresh_from_db()
    assert webhook.state == "active"
    return webhook, secret


def changes_of(receiver: Receiver) -> list[str]:
    """Return the instants of the changes received, in the order of receipt."""
    return [one["changed_at"] for _name, told in receiver.messages for one in told["data"]["changes"]]


def changed(followed: Followed, *seconds: int) -> list[str]:
    """Change something at these seconds; returns the instants as they are told."""
    for one in seconds:
        followed.change(f"第 {one} 街", at=after(seconds=one))
    go_on()
    return [after(seconds=one).isoformat() for one in seconds]


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Whether a message is signed with a secret, reckoned as the standard says."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split(" ")


def test_a_receiver_confirms_and_is_sent_signed_changes_in_order(followed: Followed, receiver: Receiver) -> None:
    go_on()
    _webhook, secret = confirmed(followed, receiver)
    expected = changed(followed, 1, 2, 3)
    actions.deliver_due(now=after(seconds=9))
    assert changes_of(receiver) == expected
    assert all(is_signed(headers, body, secret) for headers, body in receiver.received)
    assert followed.town.about().number.encode() not in receiver.received[-1][1]
    (_name, told) = receiver.messages[0]
    reference = told["data"]["changes"][0]["subject"]["reference"]
    assert reference == followed.read().changes[-1].reference
    actions.deliver_due(now=after(seconds=10))
    assert len(receiver.messages) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM exchange_webhook")
        assert secret.encode() not in bytes(cursor.fetchall()[0][0])


def test_who_does_not_confirm_is_sent_nothing(followed: Followed, receiver: Receiver) -> None:
    receiver.confirms = False
    webhook, _secret = registered(followed, receiver)
    changed(followed, 1)
    moment = NOW
    while moment < after(days=2):
        actions.deliver_due(now=moment)
        moment += timedelta(hours=3)
    webhook.refresh_from_db()
    assert (webhook.state, webhook.why, receiver.messages) == ("dead", "not_confirmed", [])


def test_what_is_not_received_is_sent_again_unchanged(followed: Followed, receiver: Receiver) -> None:
    go_on()
    webhook, _secret = confirmed(followed, receiver)
    first = changed(followed, 1, 2)
    receiver.status = 500
    actions.deliver_due(now=after(seconds=10))
    later = changed(followed, 3)
    actions.deliver_due(now=after(seconds=11))
    assert len(receiver.messages) == 1
    receiver.status = 200
    actions.deliver_due(now=after(seconds=20))
    actions.deliver_due(now=after(seconds=21))
    (one, told), (again, told_again), (other, told_later) = receiver.messages
    assert (one, told) == (again, told_again)
    assert other != one
    assert [change["changed_at"] for change in told_later["data"]["changes"]] == later
    assert changes_of(receiver) == [*first, *first, *later]
    webhook.refresh_from_db()
    assert (webhook.tries, webhook.failing_since) == (0, None)


def test_a_crash_between_sending_and_noting_sends_twice_and_never_loses(
    followed: Followed, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on()
    confirmed(followed, receiver)
    expected = changed(followed, 1, 2)

    def killed(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(delivering, "_over", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.deliver_due(now=after(seconds=10))
    assert changes_of(receiver) == expected
    more = changed(followed, 3)
    actions.deliver_due(now=after(seconds=20))
    assert len(receiver.messages) == 1  # it may still be another worker's
    actions.deliver_due(now=after(seconds=90))
    actions.deliver_due(now=after(seconds=91))
    names = [name for name, _told in receiver.messages]
    assert names[0] == names[1] != names[2]
    assert changes_of(receiver) == [*expected, *expected, *more]


def test_a_worker_that_was_held_up_does_not_turn_back_the_place(followed: Followed, receiver: Receiver) -> None:
    go_on()
    webhook, _secret = confirmed(followed, receiver)
    changed(followed, 1)
    (slow,) = delivering._take(after(seconds=10))
    actions.deliver_due(now=after(seconds=80))
    changed(followed, 2)
    actions.deliver_due(now=after(seconds=81))
    place = Webhook.objects.get().position
    delivering._over(slow, "deadline", after(seconds=82))
    webhook.refresh_from_db()
    assert (webhook.position, webhook.tries) == (place, 0)


def test_what_is_not_begun_within_the_lease_is_left_to_whoever_comes_next(
    followed: Followed, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on()
    confirmed(followed, receiver)
    expected = changed(followed, 1)
    monkeypatch.setattr(delivering, "SEND_FOR", 0.0)  # a receiver before it has taken all the time
    actions.deliver_due(now=after(seconds=10))
    monkeypatch.undo()
    actions.deliver_due(now=after(seconds=11))
    assert receiver.messages == []
    assert Webhook.objects.get().tries == 0
    actions.deliver_due(now=after(seconds=90))
    assert changes_of(receiver) == expected


def test_one_that_receives_nothing_for_days_is_given_up_and_that_is_said(
    followed: Followed, receiver: Receiver
) -> None:
    go_on()
    webhook, _secret = confirmed(followed, receiver)
    expected = changed(followed, 1)
    receiver.status = 503
    moment, tries = after(seconds=10), 0
    while moment < after(days=6):
        before = len(receiver.messages)
        actions.deliver_due(now=moment)
        tries += len(receiver.messages) - before
        moment += timedelta(hours=1)
    webhook.refresh_from_db()
    assert (webhook.state, webhook.why, 15 < tries < 40) == ("dead", "status_503", True)
    assert Event.objects.filter(kind="exchange.webhook_died").count() == 1
    ledger.drain(moment)
    assert Message.objects.filter(subject__contains="变动").exists()
    receiver.status = 200
    before = len(receiver.messages)
    actions.deliver_due(now=moment)
    assert len(receiver.messages) == before
    actions.revive_webhook(actor=followed.town.reviewer.actor, webhook_id=webhook.id, now=moment)
    actions.deliver_due(now=moment)
    assert changes_of(receiver)[-1:] == expected


def test_one_that_says_gone_is_given_up_at_once(followed: Followed, receiver: Receiver) -> None:
    go_on()
    webhook, _secret = confirmed(followed, receiver)
    changed(followed, 1)
    receiver.status = 410
    actions.deliver_due(now=after(seconds=10))
    webhook.refresh_from_db()
    assert webhook.state == "dead"


def test_a_new_secret_and_the_old_one_hold_together_for_a_day(followed: Followed, receiver: Receiver) -> None:
    go_on()
    webhook, old = confirmed(followed, receiver)
    new = actions.change_secret(actor=followed.town.reviewer.actor, webhook_id=webhook.id, now=NOW)
    changed(followed, 1)
    actions.deliver_due(now=after(hours=1))
    assert [is_signed(*receiver.received[-1], secret) for secret in (old, new)] == [True, True]
    changed(followed, 2)
    actions.deliver_due(now=after(hours=25))
    assert [is_signed(*receiver.received[-1], secret) for secret in (old, new)] == [False, True]


def test_it_is_sent_again_from_a_place(followed: Followed, receiver: Receiver) -> None:
    go_on()
    webhook, _secret = confirmed(followed, receiver)
    expected = changed(followed, 1, 2, 3)
    actions.deliver_due(now=after(seconds=9))
    cursor = receiver.messages[0][1]["data"]["changes"][0]["cursor"]
    actor = followed.town.reviewer.actor
    actions.replay_webhook(actor=actor, webhook_id=webhook.id, after=cursor, now=after(seconds=20))
    actions.deliver_due(now=after(seconds=21))
    assert changes_of(receiver) == [*expected, *expected[1:]]
    with nothing_changes(), pytest.raises(errors.WrongPlace):
        actions.replay_webhook(actor=actor, webhook_id=webhook.id, after="rubbish", now=NOW)


def test_redirections_are_not_followed_and_the_half_dead_are_cut_off(
    followed: Followed, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on()
    webhook, _secret = confirmed(followed, receiver)
    changed(followed, 1)
    receiver.status, receiver.location = 307, "http://127.0.0.1:1/evil"
    actions.deliver_due(now=after(seconds=10))
    webhook.refresh_from_db()
    assert webhook.why == "status_307"
    monkeypatch.setattr(posting, "SECONDS", 0.5)
    with listening(lambda _line: time.sleep(20)) as port:
        settings.TONGBAN_WEBHOOKS |= {f"http://127.0.0.1:{port}"}
        Webhook.objects.filter(id=webhook.id).update(address=f"http://127.0.0.1:{port}/")
        began = time.monotonic()
        actions.deliver_due(now=after(hours=1))
        assert time.monotonic() - began < 3
    webhook.refresh_from_db()
    assert webhook.why == "deadline"


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1/changes",
        "http://127.0.0.1:{port}@evil.example/",
        "http://user@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/a b",
        "http://127.0.0.1:{port}/#part",
        "file:///etc/passwd",
        "http://127.0.0.1:1/",
        "http://[::1]:{port}/",
    ],
)
def test_changes_go_nowhere_that_the_operator_has_not_allowed(
    followed: Followed, receiver: Receiver, address: str
) -> None:
    with nothing_changes(), pytest.raises(errors.PlaceNotAllowed):
        registered(followed, receiver, address=address.format(port=receiver.port))


def test_a_place_taken_back_and_a_grant_that_ends_end_the_sending(
    followed: Followed, receiver: Receiver, settings: Any
) -> None:
    go_on()
    webhook, _secret = confirmed(followed, receiver)
    changed(followed, 1)
    allowed = settings.TONGBAN_WEBHOOKS
    settings.TONGBAN_WEBHOOKS = frozenset()
    actions.deliver_due(now=after(seconds=10))
    webhook.refresh_from_db()
    assert (webhook.why, receiver.messages) == ("place_not_allowed", [])
    settings.TONGBAN_WEBHOOKS = allowed
    actions.suspend_grant(actor=SYSTEM, grant_id=followed.grant.id, word="核查", now=NOW)
    actions.deliver_due(now=after(hours=1))
    assert receiver.messages == []
    actions.resume_grant(actor=SYSTEM, grant_id=followed.grant.id, now=NOW)
    actions.deliver_due(now=after(hours=2))
    assert len(receiver.messages) == 1
    actions.withdraw_grant(actor=SYSTEM, grant_id=followed.grant.id, word="完毕", now=NOW)
    changed(followed, 2)
    actions.deliver_due(now=after(hours=3))
    webhook.refresh_from_db()
    assert (webhook.state, webhook.secrets, len(receiver.messages)) == ("ended", [], 1)
    assert Event.objects.filter(kind="exchange.webhook_ended", subject_id=followed.grant.id).count() == 1


def test_only_stewards_of_the_office_say_where_changes_go(followed: Followed, receiver: Receiver) -> None:
    webhook, _secret = registered(followed, receiver)
    stranger = followed.town.staff["acceptance"].actor
    with nothing_changes():
        with pytest.raises(errors.NotYours):
            registered(followed, receiver, actor=stranger)
        with pytest.raises(errors.WebhookThere):
            registered(followed, receiver)
        for act in (actions.change_secret, actions.revive_webhook, actions.end_webhook):
            with pytest.raises(errors.NotYours):
                act(actor=stranger, webhook_id=webhook.id, now=NOW)
        case_grant = followed.town.grant
    plain = case_grant("name")
    with nothing_changes(), pytest.raises(errors.NoFeedGrant):
        registered(followed, receiver, grant_id=plain.id)


def test_webhooks_by_interface(followed: Followed, receiver: Receiver) -> None:
    moment: datetime = now()
    grant = followed.town.grant("name", standing="feed", purpose="lasting", valid_until=moment + timedelta(days=9))
    client = client_of(followed.town.reviewer.username)
    sent = {"grant": str(grant.id), "address": receiver.address}
    made = client.post(WEBHOOKS, sent, content_type="application/json")
    assert made.status_code == 201
    told = made.json()
    assert (told["state"], told["secret"][:6]) == ("unconfirmed", "whsec_")
    actions.deliver_due(now=now())
    (row,) = client.get(WEBHOOKS).json()["results"]
    assert (row["state"], "secret" in row) == ("active", False)
    one = f"{WEBHOOKS}/{told['id']}"
    assert client.post(f"{one}/secret").json()["secret"] != told["secret"]
    assert client.post(f"{one}/replay", {"after": ""}, content_type="application/json").status_code == 200
    assert client.post(f"{one}/revive").status_code == 200
    shown = client.get(f"/office/data/grants/{grant.id}").content.decode()
    assert receiver.address in shown
    assert client_of(followed.town.staff["acceptance"].username).get(WEBHOOKS).status_code == 403
    assert client.delete(one).status_code == 204
    assert client.delete(one).status_code == 409
    assert client.get(WEBHOOKS).json()["results"][0]["state"] == "ended"
    elsewhere = client.post(WEBHOOKS, {**sent, "address": "http://10.0.0.1/"}, content_type="application/json")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "place_not_allowed")
