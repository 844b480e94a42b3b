"""Sessions of an account: ended everywhere by its owner or an operator."""

from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from tongban.accounts import queries
from tongban.accounts.actions.addresses import own_account
from tongban.accounts.actions.counting import Bound, count_try, forgive
from tongban.accounts.events import AllSessionsEnded, SessionEnded, SessionsEnded
from tongban.accounts.models import Account, OpenedSession
from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import Forbidden, Invalid, NotFound
from tongban.base.ids import new_code, new_id
from tongban.ledger.actions import record

CONFIRMING = Bound("password.confirm", most=10, seconds=600)


def confirm_password(*, actor: Actor, password: str, now: datetime) -> None:
    """Check that whoever sits there knows the password; raises Invalid, TooMany after ten wrong ones in ten minutes."""
    account = own_account(actor)
    count_try(CONFIRMING, str(account.id), now=now)
    if not account.check_password(password):
        raise Invalid({"password": [_("This is not your password.")]})
    forgive(CONFIRMING, str(account.id), now=now)


def end_sessions(*, actor: Actor, now: datetime, username: str = "") -> Account:
    """End all sessions of the actor's account; an operator names any account. Raises Forbidden, NotFound."""
    if username and actor.kind != "system":
        raise Forbidden
    account = queries.account_by_username(username) if username else own_account(actor)
    if account is None:
        raise NotFound
    void_sessions(account=account, actor=actor, now=now)
    return account


@transaction.atomic
def end_session(*, actor: Actor, session_id: UUID, now: datetime) -> None:
    """End one session of the actor's own account. Raises NotFound."""
    opened = queries.opened_session_for(actor, session_id)
    Session.objects.filter(session_key=opened.session_key).delete()
    opened.delete()
    record(SessionEnded(subject_id=opened.account_id), actor=actor, now=now)


@transaction.atomic
def end_all_sessions(*, now: datetime) -> int:
    """End the sessions of everybody; returns how many there were."""
    ended = Session.objects.count()
    Session.objects.all().delete()
    record(AllSessionsEnded(subject_id=new_id()), actor=SYSTEM, now=now)
    return ended


def forget_old_sessions(*, now: datetime) -> int:
    """Take out sessions that have run out; returns how many."""
    forgotten = Session.objects.filter(expire_date__lt=now).delete()[0]
    kept = Session.objects.filter(session_key=OuterRef("session_key"))
    OpenedSession.objects.filter(~Exists(kept)).delete()
    return forgotten


@transaction.atomic
def void_sessions(*, account: Account, actor: Actor, now: datetime) -> None:
    """Change what every session of the account is checked against."""
    account.session_round = new_code(12)
    account.save(update_fields=["session_round"])
    record(SessionsEnded(subject_id=account.id), actor=actor, now=now)
