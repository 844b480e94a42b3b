"""Invented people for tests: identity numbers with a right check digit, accounts, actors."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from tongban.accounts import actions, queries
from tongban.accounts.models import Account, Official
from tongban.base.actor import SYSTEM, Actor

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse 马"
_numbers = count(1)


def identity_number(born: date = date(1990, 3, 7), place: str = "430102") -> str:
    """Return a fresh resident identity number (invented, right check digit)."""
    front = f"{place}{born:%Y%m%d}{next(_numbers) % 1000:03}"
    return front + str(mod_11_2.calc_check_digit(front))


def credit_code() -> str:
    """Return a fresh unified social credit code (invented, right check character)."""
    front = f"91430102MA4{next(_numbers):06}"
    return front + str(uscc.calc_check_digit(front))


def mobile() -> str:
    """Return a fresh mobile number."""
    return f"139{next(_numbers):08}"


def declared(**changes: Any) -> dict[str, Any]:
    """Return what somebody declares to sign up."""
    return {
        "name": "欧阳·买买提",
        "identity_kind": "resident_identity_card",
        "identity_number": identity_number(),
        "password": PASSWORD,
        "consents": {"privacy_notice", "electronic_service"},
        "phone": mobile(),
        "now": NOW,
        **changes,
    }


def a_resident(**changes: Any) -> tuple[Account, Actor]:
    """Return a resident's account, its addresses verified, and the actor."""
    account = actions.sign_up(**declared(**changes))
    actions.vouch_for_addresses(actor=SYSTEM, account_id=account.id, now=NOW)
    account.refresh_from_db()
    return account, queries.actor_by_account(account.id)


def an_official(name: str = "周明", **changes: Any) -> Official:
    """Return an official without posts."""
    number = next(_numbers)
    values = {
        "staff_number": f"S{number}",
        "username": f"official{number}",
        "password": PASSWORD,
        "now": NOW,
        **changes,
    }
    return actions.create_official(actor=SYSTEM, name=name, **values)
