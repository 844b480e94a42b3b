"""Codes, stretches of days, trees."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.organisations import rules


@given(st.sampled_from([2, 4, 6, 9, 12]).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size)))
def test_codes_are_filled_to_twelve(code: str) -> None:
    """And the code above is shorter in meaning, never lower in level."""
    padded = rules.padded_code(code)
    assert len(padded) == 12
    above = rules.parent_code(padded)
    if above is not None:
        assert rules.level_of(above) < rules.level_of(padded)


@pytest.mark.parametrize("code", ["", "1", "123", "12345", "4301o2", "４３", "1234567890123"])
def test_other_codes_are_refused(code: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="no division code"):
        rules.padded_code(code)


days = st.integers(0, 40).map(lambda number: date(2026, 1, 1) + timedelta(days=number))


@given(days, days, days, days)
def test_overlap_is_sharing_a_day(a: date, b: date, c: date, d: date) -> None:
    """As counted day by day."""
    first, second = (min(a, b), max(a, b)), (min(c, d), max(c, d))

    def all_days(stretch: tuple[date, date]) -> set[date]:
        return {stretch[0] + timedelta(days=number) for number in range((stretch[1] - stretch[0]).days + 1)}

    assert rules.overlaps(first, second) == bool(all_days(first) & all_days(second))


def test_circles_are_found() -> None:
    """A forest has none."""
    assert rules.has_circle({"a": "b", "b": None, "c": "b"}) is None
    assert rules.has_circle({"a": "b", "b": "c", "c": "a"}) in {"a", "b", "c"}
    assert rules.has_circle({"a": "a"}) == "a"


def test_roles_have_words() -> None:
    """All roles of the contract, in words."""
    assert rules.unknown_roles(["window", "king"]) == ["king"]
    assert all(str(role.words) and str(role.hint) for role in rules.ROLES.values())
