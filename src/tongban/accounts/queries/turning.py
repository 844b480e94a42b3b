"""Which index keys are wanted, and what still needs which."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from tongban.accounts.kinds import UNNAMED
from tongban.accounts.models import IndexKey, KnownNumber, Person
from tongban.accounts.queries.finding import indexed

PARITIES = frozenset({"identity_index", "identity_index_even"})
_KEY_BYTES = 16
Indexes = Mapping[int, bytes]
"""The keyed index of a number under each index key that is given."""


class NumberKey(NamedTuple):
    """By which key a number is known. Until it is settled, processes that know other index keys may reckon another."""

    key: UUID
    is_settled: bool


def key_made_of(index: bytes) -> UUID:
    """Return the key of a number by its keyed index: the first half of it."""
    return UUID(bytes=index[:_KEY_BYTES])


def keys_of_indexes(indexes: Collection[bytes]) -> set[UUID]:
    """Return the keys by which the numbers of these indexes are known."""
    if max(settings.TONGBAN_INDEX_KEYS) == 1:
        return {key_made_of(one) for one in indexes}
    known = _settled(indexes)
    return {known.get(one) or key_made_of(one) for one in indexes}


def keys_of_numbers(numbers: Sequence[Indexes]) -> list[NumberKey]:
    """Return by which key each number is known, or would be if its key were settled now. One question at most.

    Under the first index key it is made of the index and nothing is asked.
    """
    newest = max(settings.TONGBAN_INDEX_KEYS)
    if newest == 1:
        return [NumberKey(key_made_of(one[1]), is_settled=True) for one in numbers]
    known = _settled(index for one in numbers for index in one.values())
    return [_key_of(one, newest, known) for one in numbers]


def _key_of(indexes: Indexes, newest: int, known: Mapping[bytes, UUID]) -> NumberKey:
    """Return the settled key; else that of before, or what the oldest key that is given makes."""
    if indexes[newest] in known:
        return NumberKey(known[indexes[newest]], is_settled=True)
    before = [known[index] for index in indexes.values() if index in known]
    return NumberKey(before[0] if before else key_made_of(indexes[min(indexes)]), is_settled=False)


def _settled(indexes: Iterable[bytes]) -> dict[bytes, UUID]:
    found = KnownNumber.objects.filter(index__in=set(indexes)).values_list("index", "key")
    return {bytes(index): key for index, key in found}


def wanted_index_keys() -> set[int]:
    """Return the numbers of the index keys by which every person has to be found."""
    return set(IndexKey.objects.values_list("number", flat=True)) or {1}


def is_filled(number: int) -> bool:
    """Whether all persons have been indexed by a key."""
    return number == 1 or IndexKey.objects.filter(number=number, filled_at__isnull=False).exists()


def persons_without(number: int) -> int:
    """Return how many persons are not indexed by a key."""
    column = next(iter(indexed({number: b""})))
    return Person.objects.filter(**{f"{column}__isnull": True}).count()


def left_of_retired() -> int:
    """Return how many indexes are left of keys that are neither given nor wanted."""
    kept = {*settings.TONGBAN_INDEX_KEYS, *wanted_index_keys()}
    columns = PARITIES - indexed(dict.fromkeys(kept, b"")).keys()
    left = sum(Person.objects.filter(**{f"{column}__isnull": False}).count() for column in columns)
    return left + KnownNumber.objects.exclude(number__in=kept).count()


def unnamed() -> int:
    """Return how many numbers stand somewhere by a key that only the index key of before leads to."""
    return sum(count() for count in UNNAMED.values())
