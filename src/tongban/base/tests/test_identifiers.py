"""Numbers with check digits: python-stdnum, or the rule written out once more, says what is right."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from tongban.base import identifiers
from tongban.base.identifiers import WrongIdentifier

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643-1999, as the standard prints them."""
days = st.dates(date(1900, 1, 1), date(2026, 1, 1))


def by_the_standard(front: str) -> str:
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(front, WEIGHTS, strict=True)) % 11]


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


@given(st.integers(110000, 659999), days, st.integers(0, 999))
def test_a_number_with_the_standards_check_digit_is_right_and_no_other(place: int, born: date, order: int) -> None:
    front = f"{place}{born:%Y%m%d}{order:03}"
    right = by_the_standard(front)
    assert identifiers.resident_number(front + right) == front + right
    assert identifiers.birth_date(front + right) == born
    for last in set("0123456789X") - {right}:
        with pytest.raises(WrongIdentifier):
            identifiers.resident_number(front + last)


@given(st.integers(110000, 659999), days, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place: int, born: date, order: int, at: int, by: int) -> None:
    front = f"{place}{born:%Y%m%d}{order:03}"
    wrong = front[:at] + str((int(front[at]) + by) % 10) + front[at + 1 :]
    with pytest.raises(WrongIdentifier):
        identifiers.resident_number(wrong + by_the_standard(front))


def test_typing_habits_are_understood() -> None:
    front = "43010219900307123"
    number = front + by_the_standard(front)
    spaced = f" {number[:6]} {number[6:14]}－{number[14:]}　"
    assert identifiers.resident_number(wide(number)) == number
    assert identifiers.resident_number(spaced) == number
    fronts = (f"43010219900307{order:03}" for order in range(999))
    ends_in_x = next(one for one in fronts if by_the_standard(one) == "X")
    assert identifiers.resident_number(f"{ends_in_x}x") == f"{ends_in_x}X"
    assert identifiers.sex(number) == "male"


@pytest.mark.parametrize("born", ["19900230", "19901301", "00000101", "19900100"])
def test_a_day_that_never_was_is_refused(born: str) -> None:
    front = f"430102{born}123"
    with pytest.raises(WrongIdentifier, match=r"."):
        identifiers.resident_number(front + by_the_standard(front))


def test_nobody_is_born_tomorrow() -> None:
    front = "43010220261124123"
    number = front + by_the_standard(front)
    assert identifiers.resident_number(number, today=date(2026, 11, 24)) == number
    with pytest.raises(WrongIdentifier):
        identifiers.resident_number(number, today=date(2026, 11, 23))


def test_digits_of_other_scripts_make_no_second_number() -> None:
    number = "43010219900307123" + by_the_standard("43010219900307123")
    arabic = number.translate({ord("0") + place: 0x0660 + place for place in range(10)})
    for typed in (arabic, arabic[:5] + number[5:]):
        with pytest.raises(WrongIdentifier):
            identifiers.resident_number(typed)
    with pytest.raises(WrongIdentifier):
        identifiers.mobile_number("1٣٩00001234")
    with pytest.raises(WrongIdentifier):
        identifiers.permit_number("taiwan_permit", "٠١٢٣٤٥٦٧")


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_normal_form_or_refused(typed: str) -> None:
    for read in (
        identifiers.resident_number,
        identifiers.credit_code,
        identifiers.mobile_number,
        identifiers.phone_number,
    ):
        try:
            normal = read(typed)
        except WrongIdentifier as wrong:
            assert str(wrong.words)  # noqa: PT017 - either is right
        else:
            assert normal.isascii()
            assert read(normal) == normal
    for kind in identifiers.IDENTITY_KINDS:
        try:
            normal = identifiers.identity_number(kind, typed)
        except WrongIdentifier as wrong:
            assert str(wrong.words)  # noqa: PT017 - either is right
        else:
            assert identifiers.identity_number(kind, wide(normal)) == normal


@given(
    st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9),
    st.sampled_from(["91", "92", "11", "52"]),
)
def test_credit_codes_agree_with_stdnum(body: str, kind: str) -> None:
    front = f"{kind}430102{body}"
    right = front + str(uscc.calc_check_digit(front))
    assert identifiers.credit_code(right) == right
    assert identifiers.credit_code(wide(right.lower())) == right
    with pytest.raises(WrongIdentifier):
        identifiers.credit_code(front + ("0" if right[-1] != "0" else "1"))


@pytest.mark.parametrize("typed", ["", "91430102", "9143010255SOIVZ123", "9143010255-", "营业执照"])
def test_what_is_no_credit_code_is_said(typed: str) -> None:
    with pytest.raises(WrongIdentifier):
        identifiers.credit_code(typed)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("139 0000 1234", "13900001234"),
        ("+86 139-0000-1234", "13900001234"),
        ("0086 139 0000 1234", "13900001234"),
        ("（86）13900001234", "13900001234"),
        ("１３９００００１２３４", "13900001234"),
        ("8613900001234", "13900001234"),
    ],
)
def test_mobile_numbers_as_people_write_them(typed: str, normal: str) -> None:
    assert identifiers.mobile_number(typed) == normal
    assert identifiers.phone_number(typed) == normal


@pytest.mark.parametrize("typed", ["", "12900001234", "139000012345", "1390000123", "139O0001234", "-"])
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(WrongIdentifier):
        identifiers.mobile_number(typed)


def test_landlines_need_their_area_code() -> None:
    assert identifiers.phone_number("(0731) 8222 3333") == "073182223333"
    assert identifiers.phone_number("010-12345678") == "01012345678"
    with pytest.raises(WrongIdentifier):
        identifiers.phone_number("82223333")


RESIDENCE = "83000019900307123" + str(mod_11_2.calc_check_digit("83000019900307123"))


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("passport", "e12345678", "E12"),
        ("passport", "AB1234567", "AB 123456789012345678"),
        ("hong_kong_macao_permit", "H12345678", "X12345678"),
        ("hong_kong_macao_permit", "m1234567801", "M123456789"),
        ("taiwan_permit", "12345678", "1234567"),
        ("taiwan_permit", "1234567801", "12345678A"),
        ("hong_kong_macao_taiwan_residence_permit", RESIDENCE, RESIDENCE[:-1] + ("0" if RESIDENCE[-1] != "0" else "1")),
        ("hong_kong_macao_taiwan_residence_permit", RESIDENCE, "430102199003071234"),
        ("foreign_permanent_residence", "USA110012345678", "USA11001234567"),
        ("foreign_permanent_residence", "911840198903071234", "811840198903071234"),
    ],
)
def test_every_kind_of_identity_paper(kind: str, right: str, wrong: str) -> None:
    assert identifiers.identity_number(kind, right) == right.upper()
    with pytest.raises(WrongIdentifier):
        identifiers.identity_number(kind, wrong)


def test_a_kind_that_is_not_known_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        identifiers.identity_number("library_card", "1")
