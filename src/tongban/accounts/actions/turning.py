"""Turning over the index key: persons are indexed by the new one, numbers keep the key by which they are known.

While it lasts every process is given both keys. Whoever writes a person writes both indexes, each of which is unique:
two who write the same number at once meet in at least one of them, also when one of the two knows only one key. The
database takes no person in without every index that is wanted (trigger of migration 0007): a process that has not been
told of the new key, or no longer of the old one, is refused, instead of letting a second person of one number in.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from tongban.accounts import queries
from tongban.accounts.errors import KeyNotTurned, PersonsKeptLocked
from tongban.accounts.kinds import NUMBERED
from tongban.accounts.models import IndexKey, KnownNumber, Person
from tongban.accounts.queries.turning import Indexes
from tongban.base.postgres.errors import GAVE_WAY

BATCH = 200
PATIENCE, PATIENCE_OF_ROWS = "5s", "200ms"
"""So long a lock is waited for: on all persons, during which nobody can write any, and on a few of them."""
_TRIES = 50


def settle_keys(numbers: Sequence[Indexes]) -> list[UUID]:
    """Return the key by which each number is known from now on, by its indexes under the keys that are given.

    Whoever writes a key down settles it before: the first who does settles it for all processes, whichever index keys
    they have been told. Under the first index key there is nothing to settle.
    """
    newest = max(settings.TONGBAN_INDEX_KEYS)
    found = queries.keys_of_numbers(numbers)
    missing = [(one[newest], known.key) for one, known in zip(numbers, found, strict=True) if not known.is_settled]
    if not missing:
        return [known.key for known in found]
    rows = [KnownNumber(index=index, number=newest, key=key) for index, key in sorted(missing)]
    KnownNumber.objects.bulk_create(rows, ignore_conflicts=True)
    return [known.key for known in queries.keys_of_numbers(numbers)]


def begin_turn(*, now: datetime) -> bool:
    """Want the new index of every new person from now on, and the old one still. Returns whether it began just now.

    Raises PersonsKeptLocked, and KeyNotTurned unless two keys are given, the older of which is wanted now.
    """
    keys = settings.TONGBAN_INDEX_KEYS
    old, new = min(keys), max(keys)
    wanted = queries.wanted_index_keys()
    if new in wanted and old in wanted and old != new:
        return False
    if old == new or wanted != {old}:
        raise KeyNotTurned
    with transaction.atomic():
        _writers_have_ended()
        for number in (old, new):
            IndexKey.objects.get_or_create(number=number, defaults={"began_at": now})
    return True


def _writers_have_ended() -> None:
    """Wait for whoever writes a person just now, shortly; who comes after sees what this transaction says.

    Raises PersonsKeptLocked.
    """
    with _waiting_no_longer_than(PATIENCE) as cursor:
        cursor.execute("LOCK TABLE accounts_person IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def _waiting_no_longer_than(patience: str) -> Iterator[CursorWrapper]:
    """Give a cursor that waits for each lock of this transaction so long. Raises PersonsKeptLocked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
        try:
            yield cursor
        except OperationalError as fault:
            if isinstance(fault.__cause__, GAVE_WAY):
                raise PersonsKeptLocked from fault
            raise


def index_anew() -> Iterator[int]:
    """Give all persons the new index and settle all numbers that rooms hold; gives how many after each batch.

    Raises PersonsKeptLocked: what was done until then is kept.
    """
    new = max(settings.TONGBAN_INDEX_KEYS)
    column = next(iter(queries.indexed({new: b""})))
    after: UUID | None = None
    while rows := list(_persons(after)):
        after = rows[-1].id
        _patiently(rows, column)
        yield len(rows)
    for numbers in NUMBERED.values():
        found = iter(numbers())
        while some := list(islice(found, BATCH)):
            settle_keys(some)
            yield len(some)


def _persons(after: UUID | None) -> Iterator[Person]:
    rows = Person.objects.order_by("id") if after is None else Person.objects.filter(id__gt=after).order_by("id")
    return iter(rows.only("identity_kind", "identity_number", "identity_index", "identity_index_even")[:BATCH])


def _patiently(rows: Sequence[Person], column: str) -> None:
    """Wait for no row longer than a moment while holding others: nobody else shall wait in a circle."""
    for again in range(_TRIES):
        try:
            with transaction.atomic():
                _index(rows, column)
        except PersonsKeptLocked:
            if again == _TRIES - 1:
                raise
        else:
            return


def _index(rows: Sequence[Person], column: str) -> None:
    indexes = [queries.identity_indexes(row.identity_kind, row.identity_number) for row in rows]
    with _waiting_no_longer_than(PATIENCE_OF_ROWS):
        for row, one in zip(rows, indexes, strict=True):
            index = one[max(one)]
            if getattr(row, column) is None or bytes(getattr(row, column)) != index:
                Person.objects.filter(id=row.id).update(**{column: index})
        settle_keys(indexes)


def end_filling(*, now: datetime) -> None:
    """Note that all who were there have the new index."""
    IndexKey.objects.filter(number=max(settings.TONGBAN_INDEX_KEYS), filled_at__isnull=True).update(filled_at=now)


def retire_index_key(*, leave_unnamed: bool = False) -> int:
    """Want the old index no more. Returns its number.

    Raises KeyNotTurned while something still needs the old key, PersonsKeptLocked.

    `leave_unnamed`: give up numbers that stand in the log of look-ups and that nobody holds: their owners will not find
    these look-ups.
    """
    wanted = queries.wanted_index_keys()
    old, new = min(wanted), max(wanted)
    if queries.unnamed() and not leave_unnamed:  # reads the whole log of look-ups: nobody shall wait for that
        raise KeyNotTurned
    with transaction.atomic():
        _writers_have_ended()
        filled = IndexKey.objects.filter(number=new, filled_at__isnull=False).exists()
        if old == new or not filled or queries.persons_without(new):
            raise KeyNotTurned
        IndexKey.objects.filter(number=old).delete()
    return old


def clear_retired() -> Iterator[int]:
    """Take away what was indexed by keys that are neither given nor wanted; gives how many after each batch."""
    kept = {*settings.TONGBAN_INDEX_KEYS, *queries.wanted_index_keys()}
    for column in queries.PARITIES - queries.indexed(dict.fromkeys(kept, b"")).keys():
        while ids := list(Person.objects.filter(**{f"{column}__isnull": False}).values_list("id", flat=True)[:BATCH]):
            yield Person.objects.filter(id__in=ids).update(**{column: None})
    while gone := list(KnownNumber.objects.exclude(number__in=kept).values_list("pk", flat=True)[:BATCH]):
        yield KnownNumber.objects.filter(pk__in=gone).delete()[0]
