"""Which index keys are wanted, and what still needs which."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from tongban.accounts.kinds import UNNAMED
from tongban.accounts.models import IndexKey, KnownNumber, Person
from tongban.accounts.queries.finding import indexed

PARITIES = frozenset({"identity_index", "identity_index_even"})
_KEY_BYTES = 16


def key_made_of(index: bytes) -> UUID:
    """Return the key of a number by its keyed index: the first half of it."""
    return UUID(bytes=index[:_KEY_BYTES])


def keys_of_indexes(indexes: Collection[bytes]) -> set[UUID]:
    """Return the keys by which the numbers of these indexes are known."""
    if max(settings.TONGBAN_INDEX_KEYS) == 1:
        return {key_made_of(one) for one in indexes}
    found = KnownNumber.objects.filter(index__in=indexes).values_list("index", "key")
    known = {bytes(index): key for index, key in found}
    return {known.get(one) or key_made_of(one) for one in indexes}


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
