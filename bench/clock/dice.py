"""Whole numbers, from a seed, from hypothesis or from a tape: all that lives are drawn from.

Written down, the numbers of a life are a tape from which the same life is drawn again (`shrinking`).
"""

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

One = TypeVar("One")


class Dice(Protocol):
    """Whatever gives whole numbers: simple ones are low."""

    def number(self, low: int, high: int) -> int:
        """Return a number between the two, both included."""


class Taped:
    """Dice that begin with what is written on a tape and write down what they gave."""

    def __init__(self, tape: Sequence[int] = (), otherwise: Random | None = None) -> None:
        self._given, self._otherwise = list(tape), otherwise
        self.tape: list[int] = []

    def number(self, low: int, high: int) -> int:
        """Return the next number of the tape, as far as it fits; beyond the end a random or the lowest one."""
        if len(self.tape) < len(self._given):
            found = min(max(self._given[len(self.tape)], low), high)
        else:
            found = self._otherwise.randint(low, high) if self._otherwise else low
        self.tape.append(found)
        return found


def one_of(dice: Dice, them: Sequence[One]) -> One:
    """Return one of them, the first being the simplest."""
    return them[dice.number(0, len(them) - 1)]


def by_weight(dice: Dice, weights: Sequence[int]) -> int:
    """Return the place of one of them, heavier ones oftener."""
    left = dice.number(0, sum(weights) - 1)
    for place, weight in enumerate(weights):
        if left < weight:
            return place
        left -= weight
    raise AssertionError
