"""Names, sign-in names, ages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.accounts import rules
from tongban.base.identifiers import WrongIdentifier


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("张三", "张三"),
        (" 阿卜杜拉•吐尔逊 ", "阿卜杜拉·吐尔逊"),
        ("𠮷田龘", "𠮷田龘"),
        ("〇二", "〇二"),
        ("Anna-Maria O'Neill Jr.", "Anna-Maria O'Neill Jr."),
        ("José Ángel", "José Ángel"),
        ("字" * 100, "字" * 100),
        ("\U000323af\U000323ae", "\U000323af\U000323ae"),  # ideographs newer than Python's tables
    ],
)
def test_names_of_all_kinds_are_taken(typed: str, clean: str) -> None:
    """Rare characters, dots and Latin letters are ordinary in names."""
    assert rules.person_name(typed) == clean


@pytest.mark.parametrize("typed", ["", "  ", "123", "张三<script>", "·", "字" * 101, "\ue000明", "张三;"])
def test_what_is_no_name_is_refused(typed: str) -> None:
    """Digits, signs, private characters and too much."""
    with pytest.raises(rules.WrongName):
        rules.person_name(typed)


def test_names_agree_whatever_dot_or_width() -> None:
    """A clerk types the dot as the keyboard offers it."""
    assert rules.same_name("阿卜杜拉·吐尔逊", "阿卜杜拉•吐尔逊")
    assert rules.same_name("ANNA MARIA", "Anna Maria")
    assert not rules.same_name("张三", "张山")


@given(st.text())
def test_a_name_taken_once_stays(typed: str) -> None:
    """The normal form is its own normal form; nothing makes the rule fall over."""
    try:
        clean = rules.person_name(typed)
    except rules.WrongName:
        return
    assert rules.person_name(clean) == clean


@given(st.text())
def test_any_sign_in_name_can_be_read(typed: str) -> None:
    """Whatever is typed is a phone, an e-mail address or a sign-in name."""
    kind, name = rules.sign_in_name(typed)
    assert kind in {"sms", "email", "username"}
    assert rules.sign_in_name(name) == (kind, name)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("+86 139-0000-0001", ("sms", "13900000001")),
        ("１３９００００００１１", ("sms", "13900000011")),
        ("Li.Ming@Example.COM ", ("email", "li.ming@example.com")),
        ("Demo-Clerk", ("username", "demo-clerk")),
    ],
)
def test_sign_in_names(typed: str, read: tuple[str, str]) -> None:
    """One field takes all three."""
    assert rules.sign_in_name(typed) == read


@pytest.mark.parametrize("typed", ["ab", "1abc", "has space", "名字名字", "a" * 61])
def test_bad_sign_in_names(typed: str) -> None:
    """Too short, digit first, spaces, too long."""
    with pytest.raises(WrongIdentifier):
        rules.username(typed)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_age_counts_birthdays(born: date, day: date) -> None:
    """Nobody is a year older before the birthday."""
    age = rules.age_on(day, born)
    assert (age >= 0) == (day >= born)
    assert day.year - born.year - age in {0, 1}


def test_addresses_are_masked() -> None:
    """Known again by their owner, of no use to others."""
    assert rules.masked_address("sms", "13912345678") == "139****5678"
    assert rules.masked_address("email", "liming@example.com") == "l***@example.com"
