"""Pours moulds: fills the slots of a life, and gathers the rows of many lives by table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from random import Random

from tongban.site.demo.bulk import filling
from tongban.site.demo.bulk.moulds import Mould

Words = Mapping[str, str]


class Pourer:
    """Gathers rows; `taken` gives them away, to be copied."""

    def __init__(self, counters: filling.Counters, random: Random) -> None:
        """Begin with nothing gathered."""
        self.counters, self.random = counters, random
        self.rows: dict[str, list[str]] = defaultdict(list)
        self.lives = 0

    def pour(
        self,
        mould: Mould,
        *,
        weeks: int,
        words: Mapping[str, Words],
        without: frozenset[str] = frozenset(),
    ) -> None:
        """Pour one life that began so many weeks before the one that the mould was cast from."""
        values = filling.ids(mould, weeks, self.random)
        values += filling.times(mould, weeks)
        values += filling.paper_numbers(mould, weeks, self.counters)
        values += filling.places(mould, self.counters)
        for slot in mould.groups[4]:
            kind = str(slot[0])
            if kind == "number":
                values.append(filling.case_number(mould.facts["submitted"], weeks, self.random))
            else:
                values.append(words[kind][str(slot[1])])
        for table, text in mould.poured(values, without=without):
            self.rows[table].append(text)
        self.lives += 1

    def taken(self) -> dict[str, Sequence[str]]:
        """Return what was gathered since the last time."""
        rows, self.rows = self.rows, defaultdict(list)
        return dict(rows)
