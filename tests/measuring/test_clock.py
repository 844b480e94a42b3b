"""`make clock` in small: no difference; and a wrong reckoning is found and told by a life that fits on a page."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from bench.clock.comparing import IN_HOURS, Answer, Reckoner, acts_around, by_counting, by_the_product
from bench.clock.counting import Customs, Year, end_of
from bench.clock.dice import Taped
from bench.clock.drawing import draw_life_in
from bench.clock.life import Life
from bench.clock.official import differences_from_chinesecalendar, earlier_days, first_wordings, notices
from bench.clock.places import draw_place
from bench.clock.running import Lives, by_dice, by_hypothesis, one_block, shown

SEED = 20261126


def test_copies_of_the_notices_are_those_of_chinesecalendar() -> None:
    assert differences_from_chinesecalendar() == []


def test_corrected_notices_read_otherwise_before() -> None:
    found, before = notices(), first_wordings()
    as_it_was, as_corrected = Year(before, {}), Year(found, {})
    assert as_it_was.works(date(2020, 1, 31))
    assert as_it_was.works(date(2020, 2, 1))
    assert not as_corrected.works(date(2020, 1, 31))
    assert not as_corrected.works(date(2020, 2, 1))
    assert as_it_was.works(date(2019, 5, 3))
    assert not as_it_was.works(date(2019, 5, 5))
    assert not as_corrected.works(date(2019, 5, 3))
    assert as_corrected.works(date(2019, 5, 5))


def test_the_product_and_the_count_agree() -> None:
    seen = Lives()
    for block in by_dice(2000, SEED, processes=1):
        seen.add(block)
    assert not seen.tapes, shown(seen.tapes[0], f"seed {SEED}")
    assert seen.number == 2000
    assert {
        "a stop begins on the last day", "extended in another unit", "received at closing time", "received at midnight",
        "received on a worked weekend", "stops touch", "stops overlap", "provisional", "number 0", "corrected notices",
        "unit working_day", "unit calendar_day", "unit month", "unit hour", "unit working_hour", "unit on_the_spot",
    } <= {kind for kind, number in seen.kinds.items() if number >= 10}  # fmt: skip


def test_they_agree_in_the_years_of_which_no_copies_are_at_hand() -> None:
    """From 2004 on, the days as chinesecalendar has them: Sunday, 4 May 2008, was worked for May Day."""
    known = earlier_days()
    year = Year(known, {})
    assert (min(known), max(known)) == (2004, 2018)
    assert year.works(date(2008, 5, 4))
    assert not year.works(date(2008, 5, 2))
    dice = [Taped(otherwise=Random(f"{SEED}:{number}")) for number in range(301)]  # noqa: S311 - the same lives again
    there = replace(draw_place(dice.pop()), notices=tuple(sorted(known.items())), local=())
    lives = [draw_life_in(there, one) for one in dice]
    assert sum(life.start.year in known for life in lives) > 100
    assert [life for life in lives if by_the_product(life) != by_counting(life)] == []


def test_hypothesis_finds_no_difference() -> None:
    assert by_hypothesis(50, SEED) is None


def without_stops(life: Life) -> Answer:
    """Reckon as if a clock were never stopped."""
    return by_the_product(replace(life, stops=()))


def an_instant_later(life: Life) -> Answer:
    """Reckon as if what comes in the last second came after closing time."""
    return by_the_product(replace(life, start=life.start + timedelta(seconds=1)))


def without_local_days(life: Life) -> Answer:
    """Reckon as if the jurisdiction had named no day."""
    return by_the_product(replace(life, place=replace(life.place, local=())))


def with_the_whole_last_day(life: Life) -> Answer:
    """Reckon as if what is done in the evening of the last day were in time."""
    answer = by_the_product(life)
    if answer.day is None or answer.at is None:
        return answer
    acts = acts_around(answer.day, answer.at)
    return replace(answer, in_time=tuple(act.date() <= answer.day for act in acts))


def with_hours_begun(life: Life) -> Answer:
    """Reckon as if an hour were used up as soon as it has begun."""
    answer = by_the_product(life)
    return replace(answer, used=answer.used + 1) if life.limit[0] in IN_HOURS and answer.left else answer


@pytest.mark.parametrize(
    "wrong", [without_stops, an_instant_later, without_local_days, with_the_whole_last_day, with_hours_begun]
)
def test_a_wrong_reckoning_is_found_and_made_small(wrong: Reckoner) -> None:
    blocks = (one_block((SEED, begin, 50), wrong) for begin in range(0, 5000, 250))
    seen = next(block for block in blocks if block.differing)
    found = shown(seen.tapes[0], "a wrong reckoning", wrong)
    assert found.product != found.count
    assert len(found.life.stops) <= 1
    assert len(found.life.extensions) <= 2
    assert str(found.life.start) in str(found)
    assert "the product says" in str(found) or "the product alone has" in str(found)


def test_hypothesis_finds_a_wrong_reckoning() -> None:
    found = by_hypothesis(50, SEED, without_stops)
    assert found is not None
    assert len(found.life.stops) == 1


def test_the_count_is_that_of_the_calendar_on_the_wall() -> None:
    year = Year(notices(), {})
    day = date(2025, 9, 15)
    start = Customs().closing(day) - timedelta(hours=7)
    found = end_of(("working_day", 20), start, [], [], year, Customs())
    assert (found.day, found.at.hour) == (date(2025, 10, 17), 17)
    numbers = [(9, 16, 19), (9, 22, 26), (9, 28, 30), (10, 9, 11), (10, 13, 17)]
    listed = [date(2025, month, day) for month, first, last in numbers for day in range(first, last + 1)]
    assert list(found.counted) == listed
