"""Pure reckoning of applications."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tongban.applications.rules import check_delivery, terms_of
from tongban.applications.rules.validity import last_day
from tongban.catalogue.queries import Guide

ANYTHING: Any = st.one_of(st.text(max_size=400), st.none(), st.integers(), st.lists(st.text(max_size=5), max_size=3))


def month_after(day: date, months: int) -> date:
    """Walk day by day until so many months have begun; the same day of that month, or its last."""
    walked, passed = day, 0
    while passed < months:
        walked += timedelta(days=1)
        passed += walked.day == 1
    first = walked if months else walked.replace(day=1)
    last = first
    while (last + timedelta(days=1)).month == first.month and last.day < day.day:
        last += timedelta(days=1)
    return last


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 40))
def test_months_of_validity_agree_with_the_calendar(first: date, months: int) -> None:
    same = month_after(first, months)
    expected = same - timedelta(days=1) if same.day == first.day else same
    assert last_day(first, months) == expected


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 600), st.integers(0, 40))
def test_a_later_beginning_never_ends_earlier(first: date, months: int, days: int) -> None:
    one, other = last_day(first, months), last_day(first + timedelta(days=days), months)
    assert one is not None
    assert other is not None
    assert first <= one <= other


def test_terms_as_they_are_printed() -> None:
    assert last_day(date(2026, 3, 2), None) is None
    assert last_day(date(2026, 3, 2), 60) == date(2031, 3, 1)
    assert last_day(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert last_day(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert last_day(date(2026, 1, 1), 12) == date(2026, 12, 31)


@given(st.dictionaries(st.sampled_from(["way", "recipient", "phone", "address", "x"]), ANYTHING), st.booleans())
def test_the_way_of_delivery_is_right_or_wrong_and_never_a_fault(typed: dict[str, Any], electronic: bool) -> None:  # noqa: FBT001 - from hypothesis
    checked = check_delivery(typed, electronic=electronic)
    assert all(str(words) for sentences in checked.errors.values() for words in sentences)
    if not checked.errors:
        assert checked.values["way"] in ({"online", "window", "post"} if electronic else {"window", "post"})


def test_a_letter_needs_a_name_a_place_and_a_number() -> None:
    right = {"way": "post", "recipient": " 林知夏 ", "phone": "０７３１-82223333", "address": "青溪区书院路 18 号"}
    assert check_delivery(right, electronic=False).values == {
        "way": "post",
        "recipient": "林知夏",
        "phone": "073182223333",
        "address": "青溪区书院路 18 号",
    }
    wrong = check_delivery({"way": "post", "recipient": "", "phone": "12", "address": "路"}, electronic=False)
    assert set(wrong.errors) == {"recipient", "phone", "address"}


def guide(*items: dict[str, Any], **changes: Any) -> Guide:
    document = {"name": "开店", "charges": True, "fees": [{"name": "登记费", "items": list(items)}]}
    return Guide.model_validate(document | changes)


def fees(of: Guide, **form: Any) -> list[tuple[int | None, int]]:
    terms = terms_of(of, item_code="x", catalogue_code="x", context={"form": form}, retention_years=10)
    return [(fee.amount_fen, len(fee.options)) for fee in terms.fees]


def test_a_fee_is_certain_or_chosen_by_an_official() -> None:
    large = {"label": "大", "amount_fen": 12000, "condition": "form.area > 20"}
    small = {"label": "小", "amount_fen": 6000, "condition": "form.area <= 20"}
    assert fees(guide({"amount_fen": 500}))[0][0] == 500
    assert fees(guide({"label": "甲", "amount_fen": 1}, {"label": "乙", "amount_fen": 2})) == [(None, 2)]
    assert fees(guide(large, small), area=23.5)[0][0] == 12000
    assert fees(guide(large, small), area=20)[0][0] == 6000
    assert fees(guide(large, {**small, "condition": "form.area > 10"}), area=30)[0][0] == 18000
    assert fees(guide(large), area=3) == []
    assert fees(guide(large, charges=False), area=30) == []


def test_a_fee_whose_guide_has_words_only_is_left_to_an_official() -> None:
    def of(*rows: dict[str, Any], **changes: Any) -> list[tuple[str, int | None, str, int]]:
        document = {"name": "开店", "charges": True, "fees": list(rows), **changes}
        terms = terms_of(
            Guide.model_validate(document), item_code="x", catalogue_code="x", context={"form": {}}, retention_years=1
        )
        return [(fee.name, fee.amount_fen, fee.standard, len(fee.options)) for fee in terms.fees]

    words = {"name": "检测费", "standard": "按面积计收"}
    assert of(words) == [("检测费", None, "按面积计收", 0)]
    assert of(words, charges=None) == [("检测费", None, "按面积计收", 0)]
    assert of(words, charges=False) == []
    assert of() == [("费用", None, "", 0)]
    assert of(charges=None) == []
    partly = {**words, "items": [{"amount_fen": 5}], "partly_in_words": True}
    assert of(partly) == [("检测费", None, "按面积计收", 1)]
    assert of({**words, "items": [{"amount_fen": 5}]}) == [("检测费", 5, "按面积计收", 1)]
    assert [fee[0] for fee in of(words, words, {"name": "", "standard": "另议"})] == ["检测费", "检测费（1）", "费用"]


def test_a_fee_that_hangs_on_something_unanswered_is_left_to_an_official() -> None:
    one = {"label": "大", "amount_fen": 12000, "condition": "form.area > 20"}
    assert fees(guide(one)) == [(None, 1)]


def test_a_limit_that_measures_nothing_is_left_out() -> None:
    terms = terms_of(
        guide(promised_limit={"value": 5, "unit": "working_day"}),
        item_code="x",
        catalogue_code="y",
        context={},
        retention_years=10,
    )
    assert terms.statutory is None
    assert terms.promised is not None
    assert (terms.promised.value, terms.promised.unit) == (5, "working_day")
    assert (terms.item_code, terms.catalogue_code) == ("x", "y")
