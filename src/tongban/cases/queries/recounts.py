"""Which cases a change of the calendar can move, and how far reckoning them anew has come."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Func, IntegerField, Sum
from django.utils.translation import gettext_lazy as _

from tongban.base.clock import OFFICE_ZONE
from tongban.calendar.kinds import Follower
from tongban.calendar.kinds import Recount as Told
from tongban.calendar.rules import CalendarChange
from tongban.cases.models import Recount, RecountPiece

SHOWN = 20


def _runs_over(start: str, end: str) -> str:
    """Return the condition that a limit runs over one of the days, or starts within one of the spans."""
    return f"""(
        EXISTS (
            SELECT FROM unnest(%(days_first)s::date[], %(days_last)s::date[]) AS span (first, last)
            WHERE {end} >= span.first AND {start} < (span.last + 1)::timestamp AT TIME ZONE '{OFFICE_ZONE.key}'
        ) OR EXISTS (
            SELECT FROM unnest(%(starts_first)s::date[], %(starts_last)s::date[]) AS span (first, last)
            WHERE {start} >= span.first::timestamp AT TIME ZONE '{OFFICE_ZONE.key}'
                AND {start} < (span.last + 1)::timestamp AT TIME ZONE '{OFFICE_ZONE.key}'
        )
    )"""  # noqa: S608 - our own words only


TOUCHED = f"""
    SELECT case_id FROM cases_clock AS clock
    WHERE clock.state <> 'ended' AND {_runs_over("clock.started_at", "clock.due_on")}
    UNION
    SELECT case_id FROM cases_supplementrequest AS request JOIN cases_case AS found ON found.id = case_id
    WHERE request.answered_at IS NULL AND found.state = 'supplement'
        AND {_runs_over("request.asked_at", "request.answer_by")}
    UNION
    SELECT case_id FROM cases_suspension AS suspension
    WHERE suspension.ended_at IS NULL AND {_runs_over("suspension.began_at", "suspension.expected_on")}
"""  # noqa: S608 - our own words only
"""Cases of which an open clock, an answer awaited, or a suspension runs over a day that is another now."""


def touched_by(change: CalendarChange) -> dict[str, Any]:
    """Return the parameters of TOUCHED."""
    spans: dict[str, tuple[tuple[date, date], ...]] = {"days": change.days, "starts": change.starts}
    return {
        f"{name}_{end}": [span[place] for span in given]
        for name, given in spans.items()
        for place, end in enumerate(("first", "last"))
    }


def count_touched(change: CalendarChange) -> int:
    """Return how many cases a change can move."""
    if not change:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({TOUCHED}) AS touched", touched_by(change))  # noqa: S608 - see there
        return int(cursor.fetchone()[0])


def recounts() -> list[Told]:
    """Return the last recounts, newest first, each with what is left of it."""
    rows = list(Recount.objects.order_by("-begun_at")[:SHOWN])
    size = Func("case_ids", function="cardinality", output_field=IntegerField())
    waiting = RecountPiece.objects.filter(recount__in=rows, done=False)
    left = dict(waiting.values("recount_id").annotate(left=Sum(size)).values_list("recount_id", "left"))
    pieces = RecountPiece.objects.filter(recount__in=rows)
    counts = pieces.values("recount_id").annotate(moved=Sum("moved"), marked=Sum("only_marked"))
    found = {one["recount_id"]: (int(one["moved"]), int(one["marked"])) for one in counts}
    return [
        Told(row.begun_at, row.finished_at, row.touched, int(left.get(row.id) or 0), *found.get(row.id, (0, 0)))
        for row in rows
    ]


CASES = Follower("cases", _("Open cases"), count_touched, recounts)
"""Cases follow the calendar with their clocks, and with the days by which an answer is awaited."""
