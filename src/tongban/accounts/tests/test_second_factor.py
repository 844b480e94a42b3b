"""The second factor: set up, taken once, moved, lost; officials do not get in without one."""

import threading
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from tongban.accounts import actions, queries
from tongban.accounts.errors import CodeWrong, SecondFactorStays
from tongban.accounts.models import Account
from tongban.accounts.tests.conftest import App, set_up
from tongban.accounts.tests.people import NOW, PASSWORD, a_resident, an_official, identity_number
from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import Forbidden, Invalid, NotFound, TooMany
from tongban.ledger.queries import history_of
from tongban.organisations.tests.offices import a_post, an_office, holder

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tongban.accounts.tests.urls")]
OK, FOUND, FORBIDDEN, CONFLICT, WRONG = 200, 302, 403, 409, 422


@pytest.fixture(autouse=True)
def _officials_must(settings: LazySettings) -> None:
    settings.TONGBAN_SECOND_FACTOR = "officials"


def with_app(actor: Actor, app: App) -> tuple[str, list[str]]:
    """Set up an app; return its secret and the recovery codes."""
    secret = generate_totp_secret()
    return secret, actions.add_second_factor(actor=actor, secret=secret, code=app.code(secret), now=NOW)


def events_of(account: Account) -> list[str]:
    return [event.kind for event in history_of("account", account.id)]


def test_each_code_is_taken_once_also_the_one_it_was_set_up_with(app: App) -> None:
    account, actor = a_resident()
    secret = generate_totp_secret()
    with pytest.raises(CodeWrong):
        actions.add_second_factor(actor=actor, secret=secret, code="000", now=NOW)
    first = app.code(secret)
    spare = actions.add_second_factor(actor=actor, secret=secret, code=first, now=NOW)
    assert queries.has_second_factor(account.id)
    with pytest.raises(CodeWrong):
        actions.check_second_factor(account=account, code=first, now=NOW)
    code = app.code(secret)
    assert actions.check_second_factor(account=account, code=code, now=NOW) == "second_factor"
    with pytest.raises(CodeWrong):
        actions.check_second_factor(account=account, code=code, now=NOW)
    assert len(spare) == 10


def test_recovery_codes_are_kept_as_password_hashes_and_taken_once(app: App) -> None:
    """However they are written; nothing that is kept opens anything; new ones void the old."""
    account, actor = a_resident()
    _secret, spare = with_app(actor, app)
    assert len(set(spare)) == 10
    kept = str(Authenticator.objects.get(user_id=account.id, type="recovery_codes").data)
    assert not any(code.replace("-", "") in kept or code in kept for code in spare)
    as_typed = f" {spare[3].lower().replace('-', ' ')} "
    assert actions.check_second_factor(account=account, code=as_typed, now=NOW) == "recovery_code"
    swapped = spare[4][0] + spare[5][1:]
    for wrong in (spare[3], swapped, "", "-"):
        with pytest.raises(CodeWrong):
            actions.check_second_factor(account=account, code=wrong, now=NOW)
    with pytest.raises(Invalid):
        actions.new_recovery_codes(actor=actor, password="wrong", now=NOW)
    fresh = actions.new_recovery_codes(actor=actor, password=PASSWORD, now=NOW + timedelta(minutes=6))
    with pytest.raises(CodeWrong):
        actions.check_second_factor(account=account, code=spare[6], now=NOW + timedelta(minutes=6))
    assert actions.check_second_factor(account=account, code=fresh[6], now=NOW + timedelta(minutes=6))
    assert events_of(account).count("accounts.recovery_codes_made") == 1


def test_recovery_codes_of_the_release_before_still_let_in_once(app: App) -> None:
    """And what this release keeps is refused by the one before, not broken over."""
    account, actor = a_resident()
    with_app(actor, app)
    row = Authenticator.objects.get(user_id=account.id, type="recovery_codes")
    assert RecoveryCodes(row).validate_code("12345678") is False
    row.delete()
    old = RecoveryCodes.activate(account).get_unused_codes()
    assert actions.check_second_factor(account=account, code=old[0], now=NOW) == "recovery_code"
    with pytest.raises(CodeWrong):
        actions.check_second_factor(account=account, code=old[0], now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_tried_twice_at_once_lets_in_once(app: App) -> None:
    account, actor = a_resident()
    _secret, spare = with_app(actor, app)
    gate = threading.Barrier(2)
    outcomes: list[str] = []

    def attempt() -> None:
        gate.wait()
        try:
            outcomes.append(actions.check_second_factor(account=account, code=spare[0], now=NOW))
        except CodeWrong:
            outcomes.append("wrong")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["recovery_code", "wrong"]


def test_guessing_the_second_factor_stops(app: App) -> None:
    """Six tries in five minutes."""
    account, actor = a_resident()
    secret, _spare = with_app(actor, app)
    later = NOW + timedelta(minutes=6)
    for _ in range(6):
        with pytest.raises(CodeWrong):
            actions.check_second_factor(account=account, code="1", now=later)
    with pytest.raises(TooMany):
        actions.check_second_factor(account=account, code=app.code(secret), now=later)


def test_set_up_signed_in_with_and_removed_over_pages(client: Client, app: App) -> None:
    """The password alone opens nothing; the secret waits sealed in the session until a code of it fits."""
    account, _ = a_resident()
    client.post("/sign-in", {"name": account.phone, "password": PASSWORD})
    page = client.get("/profile/second-factor")
    assert "data:image/svg+xml;base64," in page.content.decode()
    assert page.context["secret"].replace(" ", "") not in str(dict(client.session))
    secret = set_up(client, app)
    client.post("/sign-out")
    answer = client.post("/sign-in", {"name": account.phone, "password": PASSWORD, "next": "/profile"})
    assert answer["Location"] == "/sign-in/code?next=%2Fprofile"
    assert client.get("/profile").status_code == FOUND
    assert client.post("/sign-in/code", {"code": "000", "next": "/profile"}).status_code == WRONG
    assert client.post("/sign-in/code", {"code": app.code(secret), "next": "/profile"})["Location"] == "/profile"
    assert client.get("/profile").status_code == OK
    off = client.post("/profile/second-factor", {"password": PASSWORD, "remove": "1"})
    assert off["Location"] == "/profile"
    assert not queries.has_second_factor(account.id)


def test_another_telephone_takes_the_place_of_the_old_one(client: Client, app: App) -> None:
    """After the password; the old app and the old recovery codes open nothing then."""
    account, _ = a_resident()
    client.post("/sign-in", {"name": account.phone, "password": PASSWORD})
    old = set_up(client, app)
    assert client.post("/profile/second-factor", {"password": "wrong", "move": "1"}).status_code == WRONG
    client.post("/profile/second-factor", {"password": PASSWORD, "move": "1"})
    assert queries.has_second_factor(account.id)
    new = set_up(client, app)
    assert new != old
    assert client.get("/profile").status_code == OK
    with pytest.raises(CodeWrong):
        actions.check_second_factor(account=account, code=app.code(old), now=NOW)
    assert actions.check_second_factor(account=account, code=app.code(new), now=NOW) == "second_factor"
    assert "accounts.second_factor_moved" in events_of(account)
    with pytest.raises(NotFound):
        actions.move_second_factor(actor=a_resident()[1], secret=new, code=app.code(new), now=NOW)


def test_an_official_gets_in_with_an_app_only(client: Client, app: App) -> None:
    """The right password leads to the page that sets it up, and to no other page before that."""
    account = an_official(username="zhou.ming").account
    client.post("/sign-in", {"name": "zhou.ming", "password": "wrong"})
    assert client.get("/sign-in/app")["Location"] == "/sign-in"
    half = client.post("/sign-in", {"name": "zhou.ming", "password": PASSWORD, "next": "/office/leave"})
    assert half["Location"] == "/sign-in/app?next=%2Foffice%2Fleave"
    assert client.get("/profile").status_code == FOUND
    assert client.post("/sign-in/app", {"code": "000"}).status_code == WRONG
    assert client.get("/profile").status_code == FOUND
    assert not queries.has_second_factor(account.id)
    secret = str(client.get("/sign-in/app").context["secret"]).replace(" ", "")
    codes = client.post("/sign-in/app", {"code": app.code(secret), "next": "/office/leave"})
    assert 'href="/office/leave"' in codes.content.decode()
    assert len(codes.context["codes"]) == 10
    assert client.get("/profile").status_code == OK
    assert events_of(account).count("accounts.signed_in") == 1
    client.post("/sign-out")
    again = client.post("/sign-in", {"name": "zhou.ming", "password": PASSWORD})
    assert again["Location"] == "/sign-in/code"
    assert client.get("/sign-in/app")["Location"] == "/sign-in", "who knows the password sets up no second app"


def test_who_must_have_an_app_does_not_switch_it_off(client: Client, app: App, settings: LazySettings) -> None:
    account = an_official(username="zhou.ming").account
    actor = queries.actor_by_account(account.id)
    with_app(actor, app)
    with pytest.raises(SecondFactorStays):
        actions.remove_second_factor(actor=actor, password=PASSWORD, now=NOW)
    assert queries.has_second_factor(account.id)
    settings.TONGBAN_SECOND_FACTOR = "off"
    actions.remove_second_factor(actor=actor, password=PASSWORD, now=NOW)
    assert not queries.has_second_factor(account.id)
    assert client.post("/sign-in", {"name": "zhou.ming", "password": PASSWORD})["Location"] == "/office/"


def test_everybody_may_be_asked_for_it_from_signing_up_on(client: Client, app: App, settings: LazySettings) -> None:
    settings.TONGBAN_SECOND_FACTOR = "everybody"
    typed = {
        "name": "欧阳·买买提",
        "identity_kind": "resident_identity_card",
        "identity_number": identity_number(),
        "phone": "13912340000",
        "password": PASSWORD,
        "electronic_service": "yes",
        "privacy_notice": "on",
    }
    opened = client.post("/sign-up", typed)
    assert opened["Location"].startswith("/sign-in/app?next=%2Fprofile%2Fverify%2Fsms")
    assert client.get("/profile").status_code == FOUND
    assert set_up(client, app, page="/sign-in/app")
    assert client.get("/profile").status_code == OK


def test_a_lost_app_is_taken_out_by_whom_it_concerns_and_nobody_else(app: App) -> None:
    """A window for residents whose paper it saw, an operator for officials but not for themselves."""
    office = an_office()
    resident, resident_actor = a_resident()
    official, official_actor = holder([a_post(office, "review")])
    _clerk, clerk = holder([a_post(office, "window")])
    chief, operator = holder([a_post(office, "operator")])
    for one in (resident_actor, official_actor, operator):
        with_app(one, app)
    for by, account_id in (
        (clerk, resident.id),  # the paper was not seen
        (operator, resident.id),
        (clerk, official.account_id),
        (operator, chief.account_id),
        (resident_actor, resident.id),
        (official_actor, resident.id),
    ):
        with pytest.raises(Forbidden):
            actions.reset_second_factor(actor=by, account_id=account_id, now=NOW)
    assert Authenticator.objects.filter(type="totp").count() == 3
    number = resident.person.identity_number
    actions.register_person(
        actor=clerk, name="欧阳·买买提", identity_kind="resident_identity_card", identity_number=number,
        assurance="seen", now=NOW,
    )  # fmt: skip
    round_before = Account.objects.get(id=resident.id).session_round
    actions.reset_second_factor(actor=clerk, account_id=resident.id, now=NOW)
    actions.reset_second_factor(actor=operator, account_id=official.account_id, now=NOW)
    actions.reset_second_factor(actor=SYSTEM, account_id=chief.account_id, now=NOW)
    assert not Authenticator.objects.exists()
    assert Account.objects.get(id=resident.id).session_round != round_before
    assert "accounts.second_factor_reset" in events_of(resident)
    with pytest.raises(NotFound):
        actions.reset_second_factor(actor=clerk, account_id=resident.id, now=NOW)


def test_an_operator_takes_out_an_officials_app_on_the_page(client: Client, app: App) -> None:
    office = an_office()
    official, actor = holder([a_post(office, "review")])
    with_app(actor, app)
    chief, _operator = holder([a_post(office, "operator")])
    client.force_login(Account.objects.get(id=official.account_id), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/office/accounts/officials", {"staff_number": official.staff_number}).status_code == FORBIDDEN
    assert queries.has_second_factor(official.account_id)
    client.force_login(chief.account, backend="django.contrib.auth.backends.ModelBackend")
    assert 'href="/office/accounts/officials"' in client.get("/profile").content.decode()
    assert client.post("/office/accounts/officials", {"staff_number": "nobody"}).status_code == WRONG
    assert client.post("/office/accounts/officials", {"staff_number": official.staff_number}).status_code == FOUND
    assert not queries.has_second_factor(official.account_id)
