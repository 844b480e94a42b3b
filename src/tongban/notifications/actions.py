"""What a post office does: tell, carry, and let a message be read. Whom to tell what is for others to decide."""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.base.ids import new_id
from tongban.base.rows import changed_alike, in_transaction, new, write, write_unless_there
from tongban.base.text import clean_line, clean_lines
from tongban.notifications import providers, queries, rules
from tongban.notifications.errors import Delayed, Undeliverable
from tongban.notifications.models import Carriage, Message

if TYPE_CHECKING:
    from django.db.models import QuerySet

AT_ONCE = 100
"""Letters that a worker takes at once."""
KEPT = timedelta(days=30)
"""How long addresses and texts of carried letters are kept: long enough to answer a complaint."""

logger = logging.getLogger("tongban.notifications")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What an account is told. Subject and body come in its language (`queries.language_of`); `link` is a path here.

    The same `key` is told once.
    """

    account_id: UUID
    key: str
    subject: str
    body: str
    link: str = ""
    wants_answer: bool = False


def tell(
    *,
    account_id: UUID,
    key: str,
    subject: str,
    body: str,
    link: str = "",
    wants_answer: bool = False,
    now: datetime,
) -> Message | None:
    """Put a message into an account's box and send it on its way by e-mail and text message: see `News`.

    What was told before is not told again: nothing happens and None is returned.
    """
    news = News(account_id=account_id, key=key, subject=subject, body=body, link=link, wants_answer=wants_answer)
    return next(iter(tell_all([news], now=now)), None)


def tell_all(news: Iterable[News], *, now: datetime) -> list[Message]:
    """Tell several news in as many statements as one. Returns the messages of those that are new."""
    rows = [
        Message(
            account_id=one.account_id,
            key=one.key,
            subject=clean_line(one.subject)[: rules.LONGEST_SUBJECT],
            body=clean_lines(one.body),
            link=one.link,
            wants_answer=one.wants_answer,
            created_at=now,
        )
        for one in news
    ]
    with in_transaction():
        messages = write_unless_there(*rows)  # the unique key decides, also between two at once
        if messages:
            _send_on(messages, now)
    return messages


def _send_on(messages: Sequence[Message], now: datetime) -> None:
    addresses = accounts.addresses_of_all({message.account_id for message in messages})
    carriages = [
        carriage for message in messages for carriage in _carriages(message, addresses[message.account_id], now)
    ]
    write(*new(*carriages))


def _carriages(message: Message, addresses: tuple[str, str, str], now: datetime) -> list[Carriage]:
    """Return the letters that tell a message, not written yet."""
    email, phone, language = addresses
    address, letters = _address(message.link), []
    with translation.override(language):
        if email:
            text = _mail(message.body, address)
            letters.append(_letter("email", email, _subject(message.subject), text, message=message, now=now))
        if phone and queries.carries("sms"):
            text = rules.text_message(subject=message.subject, address=address, city=_city())
            letters.append(_letter("sms", phone, message.subject, text, message=message, now=now))
    return letters


def send_to_address(*, channel: providers.Channel, address: str, subject: str, body: str, now: datetime) -> Carriage:
    """Send words to an address that need not belong to an account: verification codes. In the active language.

    Ask `queries.carries(channel)` first whether somebody carries it.
    """
    with transaction.atomic():
        if channel == "sms":
            carriage = _letter("sms", address, subject, clean_line(body), message=None, now=now)
        else:
            carriage = _letter("email", address, _subject(subject), clean_lines(body), message=None, now=now)
        write(*new(carriage))
    return carriage


def _letter(channel: str, address: str, subject: str, body: str, *, message: Message | None, now: datetime) -> Carriage:
    """Return a letter, not written yet."""
    carriage_id = new_id()
    return Carriage(
        id=carriage_id,
        message=message,
        channel=channel,
        address=address,
        subject=clean_line(subject)[: rules.LONGEST_SUBJECT],
        body=body,
        mail_message_id=f"<{carriage_id}@{_domain_of(settings.DEFAULT_FROM_EMAIL)}>",
        next_try_at=now,
        created_at=now,
    )


@lru_cache(maxsize=8)
def _domain_of(sender: str) -> str:
    _name, address = parseaddr(sender)
    return address.rpartition("@")[2] or "localhost"


def carry(carriage_id: UUID, *, now: datetime) -> bool:
    """Try to carry one letter, if it is due. Returns whether it went. Not to be called in a transaction."""
    return _round(Carriage.objects.filter(id=carriage_id), now, limit=1) == 1


def carry_due(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Try what is due, the longest waiting first. Returns how many letters went."""
    return _round(Carriage.objects.order_by("next_try_at"), now, limit=limit)


def _round(carriages: "QuerySet[Carriage]", now: datetime, *, limit: int) -> int:
    """Take letters and try one after the other; what cannot be begun while they are ours is given back untried.

    The result of each is written before the next is tried: who dies here leaves one letter in doubt at most.
    """
    began = time.monotonic()
    taken, went = _take(carriages, now, limit=limit)
    for place, carriage in enumerate(taken):
        if time.monotonic() - began >= rules.ROUND.total_seconds():
            _give_back(taken[place:], now)
            break
        _try(carriage, now)
        went += _write_down(carriage)
    return went


def _take(carriages: "QuerySet[Carriage]", now: datetime, *, limit: int) -> tuple[list[Carriage], int]:
    """Take letters that are due for one try each, and return them; what another worker has is left to it.

    They are taken first, so that two workers do not send one both; should this process die in between, they are tried
    again with the same Message-ID when they are ours no longer. Those of a carrier that carries nothing away are tried
    right here, and changed once: none of them can be in doubt. How many of these went is returned too.
    """
    with transaction.atomic():
        due = carriages.filter(state=Carriage.State.WAITING, next_try_at__lte=now)
        found = list(due.select_for_update(skip_locked=True)[:limit])
        tried = [carriage for carriage in found if _is_to_be_tried(carriage, now)]
        stay = [carriage for carriage in tried if _stays_here(carriage)]
        for carriage in stay:
            _try(carriage, now)
        write(*changed_alike(found, "state", "tries", "sent_at", "next_try_at", "last_error"))
    leave = [carriage for carriage in tried if not _stays_here(carriage)]
    return leave, sum(carriage.state == Carriage.State.SENT for carriage in stay)


def _stays_here(carriage: Carriage) -> bool:
    """Whether its carrier needs no time, because it carries nothing away: the demo's outbox."""
    carrier = providers.carrier_for(carriage.channel)
    return carrier is not None and carrier.longest() == timedelta(0)


def _is_to_be_tried(carriage: Carriage, now: datetime) -> bool:
    """Whether to try a letter now; says on it (unsaved) until when it is ours, or when to look again."""
    if now - carriage.created_at > rules.TOO_OLD:
        carriage.state, carriage.last_error = Carriage.State.FAILED, carriage.last_error or "too old"
        return False
    carrier = providers.carrier_for(carriage.channel)
    if carrier is None:
        carriage.next_try_at, carriage.last_error = now + rules.WITHOUT_CARRIER, f"no carrier for {carriage.channel}"
        return False
    carriage.tries += 1
    carriage.next_try_at = now + rules.ROUND + carrier.longest()
    return True


def _still_ours(carriage: Carriage) -> "QuerySet[Carriage]":
    """Return the row, unless somebody else has taken it since: each taking counts one try more."""
    return Carriage.objects.filter(id=carriage.id, state=Carriage.State.WAITING, tries=carriage.tries)


def _give_back(taken: Sequence[Carriage], now: datetime) -> None:
    for carriage in taken:
        _still_ours(carriage).update(tries=carriage.tries - 1, next_try_at=now)


def _write_down(carriage: Carriage) -> bool:
    """Write what became of a try, unless somebody else took the letter since. Returns whether it went."""
    result = {name: getattr(carriage, name) for name in ("state", "sent_at", "next_try_at", "last_error")}
    if not _still_ours(carriage).update(**result):
        logger.warning("carriage=%s tries=%s was taken by another before it ended", carriage.id, carriage.tries)
        return False
    return carriage.state == Carriage.State.SENT


def _try(carriage: Carriage, now: datetime) -> None:
    """Try a letter that was taken; says on it (unsaved) what became of it."""
    carrier = providers.carrier_for(carriage.channel)
    if carrier is None:
        return
    letter = providers.Letter(carriage.address, carriage.subject, carriage.body, carriage.mail_message_id)
    try:
        carrier.carry(letter)
    except Delayed as later:
        logger.warning("carriage=%s tries=%s reason=%s", carriage.id, carriage.tries, later)
        _put_off(carriage, str(later), now)
    except Undeliverable as never:
        carriage.state, carriage.last_error = Carriage.State.FAILED, str(never)[:200]
    except Exception as fault:  # a carrier's own fault with one letter: the others go on
        logger.exception("carriage=%s tries=%s fault=%s", carriage.id, carriage.tries, type(fault).__name__)
        _put_off(carriage, type(fault).__name__, now)
    else:
        carriage.state, carriage.sent_at, carriage.last_error = Carriage.State.SENT, now, ""


def _put_off(carriage: Carriage, reason: str, now: datetime) -> None:
    wait = rules.wait_after(carriage.tries)
    carriage.last_error = reason[:200]
    if wait is None:
        carriage.state = Carriage.State.FAILED
    else:
        carriage.next_try_at = now + wait


def read(*, message: Message, now: datetime) -> None:
    """Mark a message as read when it is opened."""
    Message.objects.filter(id=message.id, read_at=None).update(read_at=now)


def read_all(*, actor: Actor, now: datetime) -> int:
    """Mark all of the actor's messages as read. Returns how many were not."""
    return queries.box_of(actor).filter(read_at=None).update(read_at=now)


def erase(*, keys_beginning: str) -> int:
    """Erase messages whose keys begin so, with their letters: when the matter they tell of is erased."""
    with transaction.atomic():
        Carriage.objects.filter(message__key__startswith=keys_beginning).delete()
        deleted, _by_table = Message.objects.filter(key__startswith=keys_beginning).delete()
    return deleted


def forget_carried(*, now: datetime) -> int:
    """Erase letters whose time is over: what was sent or given up more than 30 days ago. Returns how many."""
    over = Carriage.objects.exclude(state=Carriage.State.WAITING).filter(created_at__lt=now - KEPT)
    deleted, _by_table = over.delete()
    return deleted


def _city() -> str:
    in_chinese = (translation.get_language() or "").startswith("zh")
    return settings.TONGBAN_CITY.name if in_chinese else settings.TONGBAN_CITY.name_en


def _subject(subject: str) -> str:
    return rules.subject_line(subject, _city())


def _mail(body: str, address: str) -> str:
    telephone = settings.TONGBAN_CITY.contact_phone
    return rules.letter_body(body=body, address=address, city=_city(), telephone=telephone)


def _address(link: str) -> str:
    return f"{settings.TONGBAN_PUBLIC_URL}{link}" if link and settings.TONGBAN_PUBLIC_URL else ""
