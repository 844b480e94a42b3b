"""What is filled into a mould for one life: new ids, days moved by whole weeks, numbers in order, other people."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from tongban.calendar.rules import Due
from tongban.papers import rules as paper_rules
from tongban.site.demo.bulk import figures
from tongban.site.demo.bulk.cutting import Slot
from tongban.site.demo.bulk.dues import due_of
from tongban.site.demo.bulk.moulds import Mould

WEEK_MILLISECONDS = 7 * 24 * 3600 * 1000
RANDOM_BITS = 48
"""The last group of a UUIDv7: nothing of its time, version or variant is touched by changing it."""
NUMBER_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Counters:
    """Numbers that go up without a gap: events, marks of handlers, papers of each series and year."""

    def __init__(
        self, events: int, positions: int, handled: int, rows: int, papers: Mapping[tuple[str, int], int]
    ) -> None:
        """Begin after what has been given."""
        self.events, self.positions, self.handled, self.rows = events, positions, handled, rows
        self.papers = dict(papers)

    def copy(self) -> "Counters":
        """Return the same, to be counted on by itself."""
        return Counters(self.events, self.positions, self.handled, self.rows, self.papers)

    def next_paper(self, series: str, year: int) -> int:
        """Return the next number of a series in a year."""
        number = self.papers.get((series, year), 0) + 1
        self.papers[series, year] = number
        return number


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _flag(whether: bool, true: str, false: str) -> str:  # noqa: FBT001 - the one thing it is about
    return true if whether else false


def _nearest(origins: tuple[Slot, ...], weeks: int) -> Due:
    return min((due_of(origin, weeks) for origin in origins), key=lambda found: found.day)


def _moved(day: Any, weeks: int) -> date:  # noqa: ANN401 - a slot holds what its kind says
    moved: date = day - timedelta(weeks=weeks)
    return moved


_TIMES: Mapping[str, Callable[[Any, int], str]] = {
    "day": lambda day, weeks: _moved(day, weeks).isoformat(),
    "cn_day": lambda day, weeks: _chinese(_moved(day, weeks)),
    "due": lambda origin, weeks: due_of(origin, weeks).day.isoformat(),
    "due_at": lambda origin, weeks: due_of(origin, weeks).at.isoformat(sep=" "),
    "cn_due": lambda origin, weeks: _chinese(due_of(origin, weeks).day),
    "provisional": lambda origin, weeks: _flag(due_of(origin, weeks).provisional, "t", "f"),
    "json_provisional": lambda origin, weeks: _flag(due_of(origin, weeks).provisional, "true", "false"),
    "nearest": lambda origins, weeks: _nearest(origins, weeks).day.isoformat(),
    "figure": figures.value,
    "nearest_provisional": lambda origins, weeks: _flag(_nearest(origins, weeks).provisional, "t", "f"),
}


def times(mould: Mould, weeks: int) -> list[str]:
    """Return the days of a life that was lived so many weeks earlier; kept for the next one."""
    found = mould.times.get(weeks)
    if found is None:
        found = mould.times[weeks] = [_TIMES[str(slot[0])](slot[1], weeks) for slot in mould.groups[1]]
    return found


def ids(mould: Mould, weeks: int, random: Random) -> list[str]:
    """Return new ids: as much earlier as the life is, the random bits changed alike in all of them."""
    if mould.heads[0] != weeks:
        mould.heads = (weeks, [_head(int(str(number)), weeks) for _kind, number in mould.groups[0]])
    change = random.getrandbits(RANDOM_BITS)
    return [f"{head}{tail ^ change:012x}" for head, tail in mould.heads[1]]


def _head(number: int, weeks: int) -> tuple[str, int]:
    moved = (number - (weeks * WEEK_MILLISECONDS << 80)) % (1 << 128)  # a key that is all chance may begin with zeros
    text = f"{moved:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-", moved & (1 << RANDOM_BITS) - 1


def years_of_papers(mould: Mould, weeks: int) -> list[tuple[str, int]]:
    """Return series and year of each paper of a life that was lived so many weeks earlier; kept for the next one."""
    found = mould.years.get(weeks)
    if found is None:
        issued = zip(mould.facts["series"], mould.facts["issued"], strict=True)
        found = mould.years[weeks] = [(series, _moved(day, weeks).year) for series, day in issued]
    return found


def paper_numbers(mould: Mould, weeks: int, counters: Counters) -> list[str]:
    """Return numbers, serials and years of the papers of a life, in the order of its slots."""
    given: list[tuple[str, str, str]] = []
    for series, year in years_of_papers(mould, weeks):
        serial = counters.next_paper(series, year)
        given.append((paper_rules.number(series, year, serial), str(serial), str(year)))
    column = {"paper": 0, "serial": 1, "year": 2}
    return [given[slot[1]][column[str(slot[0])]] for slot in mould.groups[2]]  # type: ignore[call-overload]


def places(mould: Mould, counters: Counters) -> list[str]:
    """Return the numbers of events and marks; `count_on` counts them."""
    base = {
        "event": counters.events + 1,
        "position": counters.positions + 1,
        "handled": counters.handled + 1,
        "row": counters.rows + 1,
    }
    return [str(base[str(slot[0])] + slot[1]) for slot in mould.groups[3]]  # type: ignore[operator]


def count_on(mould: Mould, counters: Counters) -> None:
    """Count what a life has used up, beside its papers."""
    counters.events += len(mould.events)
    counters.positions += len(mould.events)
    counters.handled += mould.handled
    counters.rows += int(mould.facts.get("rows", 0))


def pass_over(mould: Mould, weeks: int, counters: Counters) -> None:
    """Count all that a life uses up which somebody else fills."""
    for series, year in years_of_papers(mould, weeks):
        counters.next_paper(series, year)
    count_on(mould, counters)


def case_number(submitted: date, weeks: int, random: Random) -> str:
    """Return a number as `cases.rules.numbers` makes it, from a generator that gives the same city again."""
    day = submitted - timedelta(weeks=weeks)
    return f"{day:%Y%m%d}-{''.join(random.choices(NUMBER_LETTERS, k=8))}"
