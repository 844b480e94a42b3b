"""Keep the rows of finished cases: by reading the ledger on, after a change of the calendar, and all of them anew."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from tongban.calendar.events import CalendarChanged, CalendarYearPublished, LocalDaysChanged, PoliciesChanged
from tongban.insight.actions import expecting
from tongban.insight.models import FinishedCase, Place, Renewal
from tongban.insight.queries import gathering
from tongban.ledger import queries as ledger
from tongban.ledger.queries import Passed

READER = "finished_cases"
AT_ONCE = 2000
"""Events that are read in one transaction."""
CALENDAR_EVENTS = (CalendarYearPublished, LocalDaysChanged, PoliciesChanged)
SUBJECTS = ["case", *(event.subject_kind for event in CALENDAR_EVENTS)]
_COLUMNS = [field.name for field in FinishedCase._meta.fields if not field.primary_key]  # noqa: SLF001 - Django's public name


def read_on(*, now: datetime) -> bool:
    """Take in what has happened since the last time; returns whether there may be more. One transaction a call.

    Of what happened only the cases matter: a row says what a case is now, so that reading twice does no harm.
    """
    with transaction.atomic():
        Place.objects.get_or_create(reader=READER)
        place = Place.objects.select_for_update().get(reader=READER)
        passed = ledger.passed_after(place.position, SUBJECTS, limit=AT_ONCE)
        if passed:
            _take_in(passed, now)
            place.position = passed[-1].position
        is_done = len(passed) < AT_ONCE
        if is_done:
            place.caught_up_at = now
        place.save()
    return not is_done


def _take_in(passed: Sequence[Passed], now: datetime) -> None:
    expecting.tell_accepted(passed, now=now)
    case_ids = {one.subject_id for one in passed if one.kind not in _CALENDAR_KINDS}
    keep(gathering.rows_of(sorted(case_ids)))
    changes = [one.event_id for one in passed if one.kind in _CALENDAR_KINDS]
    for recorded in ledger.events_by_id(changes):
        change = recorded.event
        if isinstance(change, CalendarChanged) and change.change:
            spans = {"days": _written(change.days), "starts": _written(change.starts)}
            Renewal.objects.get_or_create(event_id=recorded.id, defaults=spans)


_CALENDAR_KINDS = frozenset(event.kind for event in CALENDAR_EVENTS)


def _written(spans: Sequence[tuple[object, object]]) -> list[list[str]]:
    return [[str(first), str(last)] for first, last in spans]


def keep(rows: Sequence[FinishedCase]) -> None:
    """Write rows over those that are there."""
    FinishedCase.objects.bulk_create(rows, update_conflicts=True, unique_fields=["case"], update_fields=_COLUMNS)


def renew_some(*, now: datetime) -> bool:
    """Count some cases anew over whose days a change of the calendar went; returns whether there are more."""
    with transaction.atomic():
        renewal = Renewal.objects.select_for_update(skip_locked=True).filter(done_at=None).order_by("event_id").first()
        if renewal is None:
            return False
        touched = FinishedCase.objects.filter(_touched(renewal)).order_by("case_id")
        if renewal.after is not None:
            touched = touched.filter(case_id__gt=renewal.after)
        ids = list(touched.values_list("case_id", flat=True)[:AT_ONCE])
        keep(gathering.rows_of(ids))
        renewal.after = ids[-1] if ids else renewal.after
        renewal.done_at = now if len(ids) < AT_ONCE else None
        renewal.save()
    return True


def _touched(renewal: Renewal) -> Q:
    """Cases whose counted time a change may reach: limits end later than decisions, so the end is left open."""
    found = Q(pk__in=[])
    for _first, last in renewal.days:
        found |= Q(accepted_on__lte=last)
    for first, last in renewal.starts:
        found |= Q(accepted_on__range=(first, last))
    return found


def rebuild(*, now: datetime, side_by_side: int = 1) -> int:
    """Make all rows anew from the cases, piece by piece, and read on from here; returns how many there are.

    Rows of erased cases stay as they are: their cases cannot tell any more. With `side_by_side` so many parts are made
    at once, each by a connection of its own: a million cases take minutes.
    """
    position = ledger.last_position()
    parts = gathering.parts_of_all(side_by_side)
    if len(parts) == 1:
        made = _make_anew(parts[0])
    else:
        with ThreadPoolExecutor(len(parts)) as workers:
            made = sum(workers.map(_make_aside, parts))
    with transaction.atomic():
        Place.objects.get_or_create(reader=READER)
        place = Place.objects.select_for_update().get(reader=READER)
        place.position = max(place.position, position)
        place.save()
    return made


def _make_aside(part: Iterator[tuple[UUID, list[FinishedCase]]]) -> int:
    try:
        return _make_anew(part)
    finally:
        connection.close()


def _make_anew(part: Iterator[tuple[UUID, list[FinishedCase]]]) -> int:
    made = 0
    for _after, rows in part:
        with transaction.atomic():
            _replace(rows)
        made += len(rows)
    return made


def _replace(rows: Sequence[FinishedCase]) -> None:
    """Write rows instead of those of the same cases: by COPY, which costs a fifth of what statements cost."""
    fields = FinishedCase._meta.fields  # noqa: SLF001 - Django's public name
    columns = ", ".join(f'"{field.column}"' for field in fields)
    names = [field.attname for field in fields]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM insight_finishedcase WHERE case_id = ANY(%s)", [[row.case_id for row in rows]])
        with cursor.copy(f"COPY insight_finishedcase ({columns}) FROM STDIN") as copied:
            for row in rows:
                copied.write_row([getattr(row, name) for name in names])
