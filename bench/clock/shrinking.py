"""Makes a life that shows a difference as simple as it can be while it still shows one.

A life is a tape of whole numbers (`dice`), low ones being simple: so numbers are left out and made lower as long
as a difference remains. hypothesis does the same for what it finds itself; this is for what the dice found.
"""

from collections.abc import Callable, Iterator

from bench.clock.dice import Taped
from bench.clock.drawing import draw_life
from bench.clock.life import Life

Tape = list[int]


def shrunk(tape: Tape, differs: Callable[[Life], bool], tries: int = 4000) -> Life:
    """Return the simplest life found in so many tries, beginning with that of the tape."""
    best, left = tape, tries
    while left > 0:
        found = None
        for simpler in _simpler(best):
            again = Taped(simpler)
            life = draw_life(again)
            left -= 1
            if _order(again.tape) < _order(best) and differs(life):
                found = again.tape
            if found or left <= 0:
                break
        if not found:
            break
        best = found
    return draw_life(Taped(best))


def _order(tape: Tape) -> tuple[int, Tape]:
    return len(tape), tape


def _simpler(tape: Tape) -> Iterator[Tape]:
    """Return tapes that are simpler: shorter ones first, then those with one lower number."""
    for length in (8, 4, 3, 2, 1):
        for place in range(len(tape) - length, -1, -1):
            yield tape[:place] + tape[place + length :]
    for place, number in enumerate(tape):
        for lower in sorted({0, number // 2, number - 1}):
            if lower < number:
                yield [*tape[:place], lower, *tape[place + 1 :]]
