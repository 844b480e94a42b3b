"""The lives of a large city in their order. Any portion of them can be filled by itself, beside others."""

from array import array
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from random import Random

from tongban.base.clock import office_date
from tongban.site.demo.bulk import filling
from tongban.site.demo.bulk.dues import due_of
from tongban.site.demo.bulk.filling import Counters
from tongban.site.demo.bulk.moulds import Mould
from tongban.site.demo.bulk.pouring import Pourer
from tongban.site.demo.bulk.shapes import ARCHIVED_DAYS, Shapes
from tongban.site.demo.bulk.world import Official

PORTION = 5000
"""Lives that are filled before they are handed over to be copied, 120 MB: each COPY leaves some empty pages behind."""
OLDEST_WEEKS = 312
LETTERS_DAYS = 25
"""Letters of older cases have been forgotten."""
ITEM_OF_ITS_OWN = 0.35
"""How often a case is about one of the items that lives were played for, and not about one of their variants."""
_NO_LETTERS = frozenset({"notifications_carriage"})


@dataclass(frozen=True)
class Town:
    """Who lives there and what can be applied for, as words that go into moulds."""

    residents: list[dict[str, str]]
    enterprises: list[dict[str, str]]
    own_items: dict[str, dict[str, str]]
    variants: dict[str, list[dict[str, str]]]
    colleagues: dict[str, list[Official]]


@dataclass(frozen=True)
class Poured:
    """What a portion has become: rows by table as COPY reads them, hashes of leaves, how often each item was taken."""

    rows: dict[str, bytes]
    leaf_hashes: list[bytes]
    applied: Counter[str]


class Lives:
    """Which life is poured when: its mould, and how many weeks earlier than that one it was lived."""

    def __init__(self, shapes: Shapes, random: Random, *, ended: int, going_on: int, now: datetime) -> None:
        """Draw them: the oldest first, those that are still going on last."""
        self._shapes, self._random, self._now = shapes, random, now
        self._moulds = [mould for pair in shapes.ended for mould in pair] + shapes.open
        self._which, self._weeks = array("H"), array("H")
        ages = sorted((self._age() for _life in range(ended)), reverse=True)
        for age in ages:
            self._draw_ended(age)
        for _life in range(going_on):
            self._draw_open()

    def _age(self) -> int:
        """Return weeks since a case ended: the younger, the more there are."""
        return int(OLDEST_WEEKS * (1 - (1 - self._random.random()) ** 0.5))

    def _draw_ended(self, age: int) -> None:
        which = self._random.randrange(len(self._shapes.ended))
        last = self._shapes.ended[which][0].facts["last"]
        own = (self._now - last).days
        weeks = max(age - own // 7, 0)
        self._which.append(2 * which + (own + 7 * weeks >= ARCHIVED_DAYS))
        self._weeks.append(weeks)

    def _draw_open(self) -> None:
        which = self._random.randrange(len(self._shapes.open))
        weeks = min(int(self._random.expovariate(0.7)), 9)
        for origin in self._shapes.open[which].facts["answers"]:
            while weeks and due_of(origin, weeks).day < office_date(self._now):
                weeks -= 1
        self._which.append(2 * len(self._shapes.ended) + which)
        self._weeks.append(weeks)

    def _portion(self, number: int) -> list[tuple[Mould, int]]:
        part = slice(number * PORTION, (number + 1) * PORTION)
        return [(self._moulds[which], weeks) for which, weeks in zip(self._which[part], self._weeks[part], strict=True)]

    def beginnings(self, counters: Counters) -> list[Counters]:
        """Return where the numbers of each portion begin; `counters` are counted on to the end of all."""
        found = []
        for number in range(-(-len(self._which) // PORTION)):
            found.append(counters.copy())
            for mould, weeks in self._portion(number):
                filling.pass_over(mould, weeks, counters)
        return found

    def pour(self, number: int, counters: Counters, town: Town, *, seed: int) -> Poured:
        """Fill one portion, whose numbers begin there. Of the same seed come the same lives."""
        random = Random(f"{seed} {number}")  # noqa: S311 - invented lives, not secrets
        pourer, applied = Pourer(counters, random), Counter[str]()
        for mould, weeks in self._portion(number):
            item = _drawn_item(mould, town, random)
            applied[item["item_id"]] += 1
            parties = town.enterprises if mould.facts["enterprise"] else town.residents
            officials = {slot[1]: random.choice(town.colleagues[slot[1]]) for slot in mould.facts["officials"]}
            age = (self._now - mould.facts["last"]).days + 7 * weeks
            pourer.pour(
                mould,
                weeks=weeks,
                words={
                    "person": parties[int(len(parties) * random.random() ** 1.6)],
                    "item": item,
                    "official": {key: one.official_id for key, one in officials.items()},
                    "official_account": {key: one.account_id for key, one in officials.items()},
                },
                without=_NO_LETTERS if age > LETTERS_DAYS else frozenset(),
            )
        return Poured(*pourer.taken(), applied)


def _drawn_item(mould: Mould, town: Town, random: Random) -> dict[str, str]:
    version = mould.facts["item"]
    variants = town.variants.get(version)
    if variants and random.random() > ITEM_OF_ITS_OWN:
        return variants[int(len(variants) * random.random() ** 4)]
    return town.own_items[version]
