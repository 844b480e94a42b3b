"""Many lives, on several processes: by dice from a seed, and by hypothesis."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as some

from bench.clock.comparing import Answer, Reckoner, by_counting, by_the_product
from bench.clock.dice import Taped
from bench.clock.drawing import draw_life, draw_life_in
from bench.clock.kinds import kinds_of
from bench.clock.life import Life
from bench.clock.places import draw_place
from bench.clock.shrinking import Tape, shrunk

BLOCK = 100
"""Lives that share a calendar, so that it is made once for them."""
KEPT = 5
"""So many differences are kept of each block; one is shown in full."""


@dataclass
class Lives:
    """What was seen: how many lives of which kind, and the tapes of those that differ."""

    number: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    tapes: list[Tape] = field(default_factory=list)

    def add(self, other: "Lives") -> None:
        """Take in what another has seen."""
        self.number += other.number
        self.kinds += other.kinds
        self.differing += other.differing
        self.tapes += other.tapes


class DifferenceFoundError(Exception):
    """Both answers to one life, and where it came from."""

    def __init__(self, life: Life, product: Answer, count: Answer, origin: str) -> None:
        self.life, self.product, self.count, self.origin = life, product, count, origin
        super().__init__(str(self))

    def __str__(self) -> str:
        """Tell the life and both answers."""
        differing = "\n".join(f"  {words}" for words in self.product.differs_from(self.count))
        return f"Difference ({self.origin}):\n{self.life}\n{differing}"


def by_dice(lives: int, seed_of_all: int, processes: int) -> Iterator[Lives]:
    """Compare so many lives; yield what was seen, block by block."""
    blocks = [(seed_of_all, place, min(BLOCK, lives - place)) for place in range(0, lives, BLOCK)]
    if processes == 1:
        yield from map(one_block, blocks)
        return
    with get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(one_block, blocks)


def one_block(block: tuple[int, int, int], product: Reckoner = by_the_product) -> Lives:
    """Compare the lives of one place."""
    seed_of_all, begin, lives = block
    there = Taped(otherwise=Random(f"{seed_of_all}:{begin}"))
    place = draw_place(there)
    seen = Lives(lives)
    for number in range(lives):
        dice = Taped(otherwise=Random(f"{seed_of_all}:{begin}:{number}"))
        life = draw_life_in(place, dice)
        seen.kinds.update(kinds_of(life, count := by_counting(life)))
        if product(life) != count:
            seen.differing += 1
            seen.tapes += [there.tape + dice.tape] if len(seen.tapes) < KEPT else []
    return seen


def shown(tape: Tape, origin: str, product: Reckoner = by_the_product) -> DifferenceFoundError:
    """Return the simplest life that can be made of a tape that shows a difference."""
    life = shrunk(tape, lambda other: product(other) != by_counting(other))
    return DifferenceFoundError(life, product(life), by_counting(life), origin)


def by_hypothesis(examples: int, seed_of_all: int, product: Reckoner = by_the_product) -> DifferenceFoundError | None:
    """Let hypothesis look for a difference, and make it small."""

    @seed(seed_of_all)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(some.data())
    def compare(data: some.DataObject) -> None:
        life = draw_life(_Drawn(data))
        found, count = product(life), by_counting(life)
        if found != count:
            raise DifferenceFoundError(life, found, count, f"hypothesis, seed {seed_of_all}")

    try:
        compare()
    except DifferenceFoundError as found:
        return found
    return None


class _Drawn:
    """Dice of hypothesis."""

    def __init__(self, data: some.DataObject) -> None:
        self._data = data

    def number(self, low: int, high: int) -> int:
        return self._data.draw(some.integers(low, high))
