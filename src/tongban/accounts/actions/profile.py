"""What people choose for themselves."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.accounts import rules
from tongban.accounts.actions.addresses import own_account
from tongban.accounts.errors import UsernameTaken
from tongban.accounts.models import Account
from tongban.base.actor import Actor
from tongban.base.errors import Invalid
from tongban.base.identifiers import WrongIdentifier


def change_language(*, actor: Actor, language: str, now: datetime) -> None:
    """Choose the language of pages and messages; raises Invalid."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid({"language": [_("Please choose one of the languages.")]})
    Account.objects.filter(id=own_account(actor).id).update(language=language)


def change_username(*, actor: Actor, username: str, now: datetime) -> None:
    """Choose another sign-in name; raises Invalid, UsernameTaken."""
    try:
        clean = rules.username(username)
    except WrongIdentifier as wrong:
        raise Invalid({"username": [wrong.words]}) from wrong
    account = own_account(actor)
    if clean.startswith(rules.DEMO_PREFIX) or account.username.startswith(rules.DEMO_PREFIX):
        raise Invalid({"username": [_("Names that begin with “demo-” belong to the demo.")]})
    try:
        with transaction.atomic():
            Account.objects.filter(id=account.id).update(username=clean)
    except IntegrityError as clash:
        raise UsernameTaken from clash
