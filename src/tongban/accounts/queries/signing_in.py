"""How to find what belongs to signing in: sessions, second factors, what was typed without a session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.accounts import rules
from tongban.accounts.kinds import demo_people as demo_words
from tongban.accounts.kinds import office_words
from tongban.accounts.models import (
    Account,
    HeldInput,
    Official,
    OpenedSession,
)
from tongban.accounts.queries.finding import account_of
from tongban.accounts.sessions import DEVICE, SEEN, SINCE
from tongban.base.actor import Actor
from tongban.base.errors import NotFound


def has_second_factor(account_id: UUID) -> bool:
    """Whether signing in asks for a code too."""
    return bool(Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.TOTP).exists())


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionShown:
    """A session as its owner sees it."""

    id: UUID
    device: str
    since: datetime
    seen: datetime
    is_present: bool


def sessions_of(account: Account, *, present_key: str | None, now: datetime) -> list[SessionShown]:
    """Return the sessions of an account that are open now, who was here last first; `present_key` marks one's own."""
    opened = dict(OpenedSession.objects.filter(account=account).values_list("session_key", "id"))
    oldest, longest_alone = now - settings.TONGBAN_SESSION_LONGEST, now - settings.TONGBAN_SESSION_IDLE
    shown = []
    for session in Session.objects.filter(session_key__in=opened, expire_date__gt=now):
        told = session.get_decoded()
        if told.get(HASH_SESSION_KEY) != account.get_session_auth_hash() or not {SINCE, SEEN} <= told.keys():
            continue
        since, seen = datetime.fromisoformat(told[SINCE]), datetime.fromisoformat(told[SEEN])
        if since >= oldest and seen >= longest_alone:
            is_present = session.session_key == present_key
            session_id = opened[session.session_key]
            shown.append(
                SessionShown(id=session_id, device=told.get(DEVICE, ""), since=since, seen=seen, is_present=is_present)
            )
    return sorted(shown, key=lambda one: (not one.is_present, -one.seen.timestamp()))


def opened_session_for(actor: Actor, session_id: UUID) -> OpenedSession:
    """Return a session of the actor's own account; raises NotFound."""
    opened = OpenedSession.objects.filter(id=session_id, account_id=account_of(actor).id).first()
    if opened is None:
        raise NotFound
    return opened


def must_have_second_factor(account: Account) -> bool:
    """Whether the installation lets this account in with a second factor only (`TONGBAN_SECOND_FACTOR`)."""
    asked_of: str = settings.TONGBAN_SECOND_FACTOR
    if asked_of == "officials":
        return Official.objects.filter(account_id=account.id).exists()
    return asked_of == "everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPersonShown:
    """One of the invented people, as the sign-in page of the demo lists them."""

    username: str
    name: str
    is_official: bool
    office: str
    words: str
    group: str


def demo_people() -> list[DemoPersonShown]:
    """Return the invented people of the demo city, in the order of the demo content, then by name."""
    accounts = list(
        Account.objects.filter(username__startswith=rules.DEMO_PREFIX, is_active=True)
        .select_related("person", "official")
        .order_by("username")
    )
    order = {username: place for place, username in enumerate(demo_words)}
    accounts.sort(key=lambda account: order.get(account.username, len(order)))
    officials = [account.official.id for account in accounts if hasattr(account, "official")]
    offices = office_words.values()[0](officials) if office_words.values() else {}
    return [_shown(account, dict(offices)) for account in accounts]


def _shown(account: Account, offices: dict[UUID, str]) -> DemoPersonShown:
    official = getattr(account, "official", None)
    person = getattr(account, "person", None)
    entry = demo_words[account.username] if account.username in demo_words else None  # noqa: SIM401 - no mapping
    chinese = (get_language() or "").startswith("zh")
    group = _("Officials") if official else _("Residents")
    if entry is not None and entry.group:
        group = entry.group if chinese else entry.group_en or entry.group
    return DemoPersonShown(
        username=account.username,
        name=official.name if official else person.name if person else account.username,
        is_official=official is not None,
        office=offices.get(official.id, "") if official else "",
        words=(entry.words if chinese else entry.words_en) if entry else "",
        group=group,
    )


def held_input(*, token: UUID, path: str, reader: UUID | None, now: datetime) -> Mapping[str, object] | None:
    """Return what was typed before the session ended: for this very page, and for its writer alone."""
    if reader is None:
        return None
    held = HeldInput.objects.filter(id=token, writer=reader, path=path, expires_at__gt=now).first()
    return None if held is None else held.values
