"""Settling by which key a number is known, before that key is written down in a book that nobody changes.

After the index key was turned over, processes that have been told of different index keys would reckon different keys
of a number that nobody has written down yet. Whoever only reads may go by what would be; whoever writes may not.
"""

from collections.abc import Sequence
from dataclasses import replace

from tongban.accounts import actions as accounts
from tongban.exchange.queries.looking import indexes_of, subjects_of
from tongban.exchange.rules.calls import About
from tongban.exchange.rules.subjects import Subject


def settled(subjects: Sequence[Subject]) -> list[Subject]:
    """Return the subjects by the keys by which they are known from now on, in their order."""
    unsettled = [one for one in subjects if not one.is_settled]
    if not unsettled:
        return list(subjects)
    keys = accounts.settle_keys([indexes_of(one.kind, one.identity_kind, one.number) for one in unsettled])
    known = iter(replace(one, key=key, is_settled=True) for one, key in zip(unsettled, keys, strict=True))
    return [one if one.is_settled else next(known) for one in subjects]


def settled_subjects(abouts: Sequence[About]) -> list[Subject | None]:
    """Return the subjects of numbers as they were typed, settled; None for each that there cannot be."""
    found = subjects_of(abouts)
    known = iter(settled([one for one in found if one is not None]))
    return [None if one is None else next(known) for one in found]
