"""Passwords, codes, second factors, and how often one may try."""

from datetime import timedelta
from typing import Any

import pytest

from tongban.accounts import actions, queries
from tongban.accounts.errors import AddressTaken, CodeWrong, LastWayIn, NoCarrier, SignInRefused
from tongban.accounts.models import Account
from tongban.accounts.tests.conftest import Post
from tongban.accounts.tests.people import NOW, PASSWORD, a_resident, an_official, declared, mobile
from tongban.base.errors import Invalid, NotFound, TooMany
from tongban.base.registry import Registry

NEW = "another horse 牛"
HERE = "192.0.2.7"


def _check(name: str, password: str = PASSWORD, place: str = HERE) -> Account:
    return actions.check_password(name=name, password=password, place=place, now=NOW)


@pytest.mark.django_db
def test_one_field_takes_phone_email_and_name() -> None:
    """All three lead to the account."""
    account, _ = a_resident(email="li@example.com", username="li.ming")
    assert _check(account.phone) == _check("LI@example.com") == _check("li.ming") == account


@pytest.mark.django_db
def test_unknown_and_wrong_read_the_same() -> None:
    """Nothing tells whether a name exists."""
    account, _ = a_resident()
    with pytest.raises(SignInRefused) as wrong:
        _check(account.phone, "wrong")
    with pytest.raises(SignInRefused) as unknown:
        _check("13999999999")
    assert str(wrong.value) == str(unknown.value)


@pytest.mark.django_db
def test_ten_wrong_tries_then_wait() -> None:
    """The right password must wait too; another place need not; the right one forgives."""
    account, _ = a_resident()
    for _ in range(9):
        with pytest.raises(SignInRefused):
            _check(account.phone, "wrong")
    assert _check(account.phone) == account
    for _ in range(10):
        with pytest.raises(SignInRefused):
            _check(account.phone, "wrong")
    with pytest.raises(TooMany) as refusal:
        _check(account.phone)
    assert 0 < refusal.value.retry_after <= 600
    assert _check(account.phone, place="192.0.2.8") == account
    assert actions.check_password(name=account.phone, password=PASSWORD, place=HERE, now=NOW + timedelta(minutes=11))


@pytest.mark.django_db
def test_claims_of_one_address_do_not_mix() -> None:
    """Two who typed the same number each come into their own account."""
    phone = mobile()
    first = actions.sign_up(**declared(phone=phone, password="first horse 一"))
    second = actions.sign_up(**declared(phone=phone, password="second horse 二"))
    assert _check(phone, "first horse 一") == first
    assert _check(phone, "second horse 二") == second


@pytest.mark.django_db
def test_a_code_shows_that_an_address_is_theirs(post: Post) -> None:
    """Six digits, once, for ten minutes, five tries; then news go there."""
    account = actions.sign_up(**declared())
    actor = queries.actor_by_account(account.id)
    shown = actions.send_code(actor=actor, channel="sms", now=NOW)
    assert "****" in shown
    assert post.letters[0][:2] == ("sms", account.phone)
    code = post.code()
    assert len(code) == 6
    with pytest.raises(CodeWrong):
        actions.verify_address(actor=actor, channel="sms", code=code, now=NOW + timedelta(minutes=11))
    actions.verify_address(actor=actor, channel="sms", code=f" {code[:3]} {code[3:]}", now=NOW)
    assert queries.addresses_of(account.id) == ("", account.phone, "zh-hans")
    with pytest.raises(CodeWrong):
        actions.verify_address(actor=actor, channel="sms", code=code, now=NOW)


@pytest.mark.django_db
def test_five_wrong_codes_void_the_right_one(post: Post) -> None:
    """Nobody guesses six digits."""
    account = actions.sign_up(**declared())
    actor = queries.actor_by_account(account.id)
    actions.send_code(actor=actor, channel="sms", now=NOW)
    right = post.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(5):
        with pytest.raises(CodeWrong):
            actions.verify_address(actor=actor, channel="sms", code=wrong, now=NOW)
    with pytest.raises(CodeWrong):
        actions.verify_address(actor=actor, channel="sms", code=right, now=NOW)


@pytest.mark.django_db
def test_old_counts_and_codes_are_forgotten(post: Post) -> None:
    """After days, not before."""
    account = actions.sign_up(**declared())
    actions.send_code(actor=queries.actor_by_account(account.id), channel="sms", now=NOW)
    assert post.letters
    soon, later = NOW + timedelta(hours=1), NOW + timedelta(days=3)
    assert (actions.forget_old_tries(now=soon), actions.forget_old_codes(now=soon)) == (0, 0)
    assert (actions.forget_old_tries(now=later), actions.forget_old_codes(now=later)) == (2, 1)


@pytest.mark.django_db
def test_codes_are_sent_seldom(post: Post) -> None:
    """One in half a minute, six an hour."""
    account = actions.sign_up(**declared())
    actor = queries.actor_by_account(account.id)
    for number in range(6):
        actions.send_code(actor=actor, channel="sms", now=NOW + timedelta(minutes=number))
    with pytest.raises(TooMany):
        actions.send_code(actor=actor, channel="sms", now=NOW + timedelta(minutes=5, seconds=5))
    with pytest.raises(TooMany):
        actions.send_code(actor=actor, channel="sms", now=NOW + timedelta(minutes=7))
    assert len(post.letters) == 6


@pytest.mark.django_db
def test_an_address_of_another_is_not_taken(post: Post) -> None:
    """Who verified it first keeps it."""
    owner, _ = a_resident()
    account = actions.sign_up(**declared(phone=owner.phone))
    actor = queries.actor_by_account(account.id)
    actions.send_code(actor=actor, channel="sms", now=NOW)
    with pytest.raises(AddressTaken):
        actions.verify_address(actor=actor, channel="sms", code=post.code(), now=NOW)
    assert queries.account_by_verified_address("sms", owner.phone) == owner


@pytest.mark.django_db
def test_without_post_office_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """No carrier, a sentence."""
    monkeypatch.setattr("tongban.accounts.actions.addresses.carriers", Registry("none"))
    account = actions.sign_up(**declared())
    with pytest.raises(NoCarrier):
        actions.send_code(actor=queries.actor_by_account(account.id), channel="sms", now=NOW)


@pytest.mark.django_db
def test_recovery_answers_alike(post: Post) -> None:
    """Known, unknown and only claimed addresses: the same answer, but one letter only."""
    known, _ = a_resident()
    claimed = actions.sign_up(**declared())
    asked = {}
    for address in (known.phone, "13988888888", claimed.phone):
        clean, asked[address] = actions.send_recovery_code(address=address, now=NOW)
        assert clean == address
    assert [letter[1] for letter in post.letters] == [known.phone]
    wrong = "000 000" if post.code() != "000000" else "1"
    for address in ("13988888888", claimed.phone, known.phone):
        with pytest.raises(CodeWrong):
            actions.recover(address=address, asked=asked[address], code=wrong, password=NEW, now=NOW)


@pytest.mark.django_db
def test_a_new_password_by_code(post: Post) -> None:
    """A weak one does not use up the code; afterwards only the new one opens."""
    account, _ = a_resident()
    clean, asked = actions.send_recovery_code(address=account.phone, now=NOW)
    with pytest.raises(Invalid) as refusal:
        actions.recover(address=clean, asked=asked, code=post.code(), password="12345678", now=NOW)
    assert "password" in refusal.value.fields
    actions.recover(address=clean, asked=asked, code=post.code(), password=NEW, now=NOW)
    assert _check(account.phone, NEW) == account
    with pytest.raises(SignInRefused):
        _check(account.phone, PASSWORD)


@pytest.mark.django_db
def test_a_code_is_good_in_the_browser_that_asked_for_it_alone(post: Post) -> None:
    """Asking in another one neither makes use of it nor voids it."""
    account, _ = a_resident()
    clean, asked = actions.send_recovery_code(address=account.phone, now=NOW)
    code, soon = post.code(), NOW + timedelta(seconds=40)
    _clean, elsewhere = actions.send_recovery_code(address=account.phone, now=soon)
    if code != post.code():
        with pytest.raises(CodeWrong):
            actions.recover(address=clean, asked=elsewhere, code=code, password=NEW, now=soon)
    assert _check(account.phone, PASSWORD) == account
    actions.recover(address=clean, asked=asked, code=code, password=NEW, now=soon)
    assert _check(account.phone, NEW) == account
    with pytest.raises(CodeWrong):
        actions.recover(address=clean, asked=asked, code=code, password="third horse 羊", now=soon)


@pytest.mark.django_db
def test_the_last_address_stays() -> None:
    """A changed one has to be verified anew."""
    account, actor = a_resident()
    with pytest.raises(LastWayIn):
        actions.change_address(actor=actor, channel="sms", address="", now=NOW)
    actions.change_address(actor=actor, channel="email", address="New@Example.com", now=NOW)
    actions.change_address(actor=actor, channel="sms", address="", now=NOW)
    account.refresh_from_db()
    assert (account.phone, account.email, account.email_verified_at) == ("", "new@example.com", None)


@pytest.mark.django_db
def test_demo_people_exist_in_the_demo_only(settings: pytest.FixtureRequest) -> None:
    """Outside the demo the door is not there, and real people are never behind it."""
    official = an_official(username="demo-clerk")
    account, _ = a_resident()
    settings.TONGBAN_DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        actions.demo_account(username="demo-clerk")
    settings.TONGBAN_DEMO = True  # type: ignore[attr-defined]
    assert actions.demo_account(username="demo-clerk").id == official.account_id
    with pytest.raises(NotFound):
        actions.demo_account(username=account.username)
    assert [person.name for person in queries.demo_people()] == ["周明"]


@pytest.mark.django_db
def test_one_place_shuts_nobody_out_everywhere() -> None:
    """However often one place tries, it uses up at most its own ten tries of a name."""
    account, _ = a_resident()
    for _ in range(100):
        with pytest.raises((SignInRefused, TooMany)):
            _check(account.phone, "wrong", place="192.0.2.66")
    assert _check(account.phone) == account


@pytest.mark.django_db
def test_a_known_browser_is_counted_by_itself() -> None:
    """Many places that try together shut strangers out, not the owner's own browser; that too may try only so often."""
    account, _ = a_resident()
    for number in range(70):
        with pytest.raises((SignInRefused, TooMany)):
            _check(account.phone, "wrong", place=f"198.51.100.{number}")
    with pytest.raises(TooMany):
        _check(account.phone)
    known: dict[str, Any] = {"browser": "B1", "known": [account.id]}
    assert actions.check_password(name=account.phone, password=PASSWORD, place=HERE, now=NOW, **known) == account
    other, _ = a_resident()
    with pytest.raises(TooMany):
        actions.check_password(
            name=account.phone, password=PASSWORD, place=HERE, now=NOW, browser="B2", known=[other.id]
        )
    for _ in range(10):
        with pytest.raises(SignInRefused):
            actions.check_password(name=account.phone, password="wrong", place=HERE, now=NOW, **known)
    with pytest.raises(TooMany):
        actions.check_password(name=account.phone, password=PASSWORD, place=HERE, now=NOW, **known)


@pytest.mark.django_db
def test_a_refused_sign_in_is_logged_without_the_name(caplog: pytest.LogCaptureFixture) -> None:
    """An operator sees that one name is tried again and again, and cannot read which."""
    account, _ = a_resident()
    for _ in range(2):
        with pytest.raises(SignInRefused):
            _check(account.phone, "wrong")
    lines = [record for record in caplog.records if record.getMessage() == "sign-in refused"]
    assert len({record.pairs["name"] for record in lines}) == 1  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert account.phone not in str([vars(record) for record in lines])


@pytest.mark.django_db
def test_recovery_judges_a_password_without_the_account(post: Post) -> None:
    """Whether an account uses an address, and under which sign-in name, is not told by what is said of a password."""
    account, _ = a_resident(username="wanderer.unique", email="x.y@example.com")
    for address in (account.phone, mobile()):
        _clean, asked = actions.send_recovery_code(address=address, now=NOW)
        with pytest.raises(CodeWrong):
            actions.recover(address=address, asked=asked, code="0", password="wanderer.unique", now=NOW)
        with pytest.raises(Invalid):
            actions.recover(address=address, asked=asked, code="0", password=f"x{address}", now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "weak", ["tongban12345", "Yunting2026", "云汀市通办密码12", "admin-tongban", "13987650001", "password1"]
)
def test_what_everybody_would_try_is_no_password(weak: str) -> None:
    """Words of this place, the own number, and what breaches have shown to be common."""
    _, actor = a_resident(phone="13987650001")
    with pytest.raises(Invalid):
        actions.change_password(actor=actor, present=PASSWORD, password=weak, now=NOW)
    for good in ("river tongban over stones", "短句也可以做密码的"):
        actions.change_password(actor=actor, present=PASSWORD, password=good, now=NOW)
        actions.change_password(actor=actor, present=good, password=PASSWORD, now=NOW)
