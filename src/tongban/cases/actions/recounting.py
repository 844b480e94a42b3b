"""Reckon anew what a change of the calendar can move: in pieces, each a transaction, by any number of workers.

A change is noted when its event is handed on (`begin_recount`). `recount_some` does the next piece of it; whatever is
killed in the middle leaves a piece that is still to be done, and the same piece again changes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app

from tongban.calendar.rules import CalendarChange
from tongban.cases.actions import recount_pieces
from tongban.cases.events import ClocksMoved
from tongban.cases.models import Recount, RecountPiece
from tongban.cases.queries.recounts import TOUCHED, touched_by
from tongban.ledger import queries as ledger

RECOUNT = "cases.recount"
"""Name of the job."""
AT_ONCE = 2
"""Jobs that go through the pieces beside each other."""
CASES_IN_A_PIECE = 2000
GRACE = timedelta(minutes=2)
"""After this time no transaction is running any more that has read the calendar of before the change."""

Outcome = Literal["more", "later", "nothing"]
"""Whether there is more to be done at once, or only later, or nothing is left."""


def begin_recount(*, event_id: int, change: CalendarChange, now: datetime) -> bool:
    """Note a change of the calendar; the same event again changes nothing. Returns whether anything can move."""
    if not change:
        return False
    _recount, is_new = Recount.objects.get_or_create(
        event_id=event_id,
        defaults={
            "days": [[first.isoformat(), last.isoformat()] for first, last in change.days],
            "starts": [[first.isoformat(), last.isoformat()] for first, last in change.starts],
            "begun_at": now,
        },
    )
    if is_new:
        defer_recount()
    return True


def defer_recount() -> None:
    """Put a job on its way in the caller's transaction that does the next pieces."""
    app.configure_task(RECOUNT, allow_unknown=True).defer()


def recount_some(*, now: datetime) -> Outcome:
    """Do the next piece of what is to be reckoned anew."""
    left: Outcome = "nothing"
    running = Recount.objects.filter(finished_at__isnull=True).order_by("begun_at")
    for recount_id in running.values_list("id", flat=True):
        with transaction.atomic():
            outcome = _go_on(Recount.objects.get(id=recount_id), now)
        if outcome == "more":
            return "more"
        if outcome == "later":
            left = "later"
    return left


def _go_on(recount: Recount, now: datetime) -> Outcome:
    """Do one thing: make the pieces, reckon one, look again, or finish."""
    if recount.planned_at is None:
        return _plan(recount, now) if _alone(recount, "planned_at") else "later"
    piece = _next_piece(recount)
    if piece is not None:
        return _reckon(recount, piece, now)
    if recount.pieces.filter(done=False).exists():
        return "later"  # others are at the last ones
    if recount.looked_again_at is None:
        if now < recount.planned_at + GRACE:
            return "later"
        return _look_again(recount, now) if _alone(recount, "looked_again_at") else "later"
    Recount.objects.filter(id=recount.id, finished_at__isnull=True).update(finished_at=now)
    return "nothing"


def _alone(recount: Recount, field: str) -> bool:
    """Whether nobody else does this now or has done it."""
    rows = Recount.objects.select_for_update(skip_locked=True, no_key=True).filter(id=recount.id)
    return rows.filter(**{f"{field}__isnull": True}).exists()


def _plan(recount: Recount, now: datetime) -> Outcome:
    recount.looked_at = ledger.last_position()
    with connection.cursor() as cursor:
        cursor.execute(
            _PIECES, {**touched_by(recount_pieces.change_of(recount)), "recount": recount.id, "size": CASES_IN_A_PIECE}
        )
    recount.planned_at = now
    recount.touched = sum(_sizes(recount))
    recount.save(update_fields=["looked_at", "planned_at", "touched"])
    for _job in range(AT_ONCE - 1):  # not earlier: they would find nothing to do yet, and end
        defer_recount()
    return "more"


_PIECES = f"""
    INSERT INTO cases_recountpiece (id, recount_id, place, case_ids, tries, done, to_tell, told, moved, only_marked)
    SELECT gen_random_uuid(), %(recount)s, place, array_agg(case_id ORDER BY case_id), 0, false, '{{}}', true, 0, 0
    FROM (
        SELECT case_id, (row_number() OVER (ORDER BY case_id) - 1) / %(size)s AS place FROM ({TOUCHED}) AS touched
    ) AS placed
    GROUP BY place
"""  # noqa: S608 - our own words only


def _sizes(recount: Recount) -> Iterable[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(case_ids) FROM cases_recountpiece WHERE recount_id = %s", [recount.id])
        return [row[0] for row in cursor.fetchall()]


def _look_again(recount: Recount, now: datetime) -> Outcome:
    """Take in what was acted on while the change came into force: its ends may be those of the calendar of before.

    What only this recount has moved is left out: it saw the calendar with the change.
    """
    ids = ledger.subjects_after("case", recount.looked_at or 0, but_for=ClocksMoved.kind, change_id=recount.event_id)
    RecountPiece.objects.bulk_create(
        RecountPiece(recount=recount, place=1_000_000 + place, case_ids=list(some))
        for place, some in enumerate(_in_pieces(ids))
    )
    recount.looked_again_at = now
    recount.save(update_fields=["looked_again_at"])
    return "more"


def _in_pieces(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[place : place + CASES_IN_A_PIECE] for place in range(0, len(ids), CASES_IN_A_PIECE))


def _next_piece(recount: Recount) -> RecountPiece | None:
    """Lock a piece that nobody is at; those whose rest was being worked on come last."""
    waiting = RecountPiece.objects.select_for_update(skip_locked=True, no_key=True).filter(recount=recount, done=False)
    return waiting.order_by("tries", "place").defer("case_ids").first()


def _reckon(recount: Recount, piece: RecountPiece, now: datetime) -> Outcome:
    result = recount_pieces.reckon(_written_ids(piece), change_id=recount.event_id, now=now)
    piece.case_ids, piece.tries, piece.done = result.left, piece.tries + 1, not result.left
    piece.to_tell += result.to_tell
    piece.told = not piece.to_tell
    piece.moved += result.moved
    piece.only_marked += result.only_marked
    piece.save(update_fields=["case_ids", "tries", "done", "to_tell", "told", "moved", "only_marked"])
    return "later" if result.left and piece.tries > 1 else "more"


def _written_ids(piece: RecountPiece) -> str:
    """Return the cases of a piece as the database writes them: a thousand ids need not become objects."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_ids::text FROM cases_recountpiece WHERE id = %s", [piece.id])
        return str(cursor.fetchone()[0])


def take_to_tell(*, most: int) -> list[int]:
    """Return events of which the people concerned are to be told, and take them off the list.

    They are told in the transaction of the caller, or stay on the list.
    """
    waiting = RecountPiece.objects.select_for_update(skip_locked=True, no_key=True).filter(told=False)
    piece = waiting.order_by("id").first()
    if piece is None:
        return []
    taken, piece.to_tell = piece.to_tell[:most], piece.to_tell[most:]
    piece.told = not piece.to_tell
    piece.save(update_fields=["to_tell", "told"])
    return taken
