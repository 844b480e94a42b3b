"""Which passwords are refused because everybody tries them, and that others may be of any make."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tongban.accounts.breached import _digest, is_in

FIRST_TRIED = (
    "20010312", "19991231", "03122001", "12032001", "13912345678", "8613912345678", "073188887777",
    "430102199003071234", "43010219900307123X", "11112222", "23456789", "98765432", "13579135",
)  # fmt: skip


@pytest.mark.parametrize("number", FIRST_TRIED)
def test_numbers_that_everybody_tries_are_refused(number: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(number)


@pytest.mark.parametrize(
    "password", ["83014692", "7741902268315", "kuhdorfweide", "马马虎虎的密林深处", "!!??,,..;;::"]
)
def test_a_password_may_be_of_any_make(password: str) -> None:
    """Digits alone, small letters alone, Chinese alone, signs alone (ASVS 6.2.5)."""
    validate_password(password)


def index_of(folder: Path, passwords: list[str]) -> Path:
    """Write an index of breached passwords as it is given out: ordered, CRLF."""
    path = folder / "breached.txt"
    lines = sorted(f"{_digest(one)}:{number + 1}\r\n" for number, one in enumerate(set(passwords)))
    path.write_bytes("".join(lines).encode())
    return path


def test_a_breached_password_is_refused_with_the_installations_index(tmp_path: Path, settings: LazySettings) -> None:
    validate_password("kuhdorfweide")
    settings.TONGBAN_BREACHED_PASSWORDS = index_of(tmp_path, ["kuhdorfweide", "anderes"])
    with pytest.raises(ValidationError) as refusal:
        validate_password("kuhdorfweide")
    assert [one.code for one in refusal.value.error_list] == ["password_breached"]
    validate_password("kuhdorfweiden")


@given(st.lists(st.text(max_size=8), max_size=40), st.text(max_size=8))
def test_the_index_finds_what_is_in_it_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, known: list[str], other: str
) -> None:
    index = index_of(tmp_path_factory.mktemp("index"), known)
    assert all(is_in(index, _digest(one)) for one in known)
    assert is_in(index, _digest(other)) == (other in known)
