"""How the days of a case's clocks are counted, for programs."""

from datetime import date

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field

from tongban.base.api import SIGNED_IN, Asked, CaseNumber
from tongban.base.clock import now, office_date
from tongban.base.web import actor_of
from tongban.cases import queries
from tongban.cases.api import showing
from tongban.cases.api.clock_shapes import AddedTold, CountsTold, CountTold, DayTold, StandingTold, StopTold
from tongban.cases.models import ClockExtension, ClockInterval
from tongban.cases.queries import Count
from tongban.cases.queries.clocks import ground_words, stop_paper, suspension_words

router = Router(tags=["Cases"])


class AsOf(Asked):
    """As which day it is counted."""

    as_of: date | None = Field(default=None, description="As if today were this day; left out: today.")


@router.get(
    "/cases/{number}/clocks",
    response=CountsTold,
    auth=SIGNED_IN,
    operation_id="read_clocks",
    summary="Read how the days of a case are counted",
)
def read_clocks(request: HttpRequest, number: Path[CaseNumber], search: Query[AsOf]) -> CountsTold:
    """Return each clock with its days and their reasons, stops, extensions and papers, today or as if today were a day.

    For a past day only what had happened by its end counts, by the calendar that was known then. Limits for supervision
    are for officials.
    """
    actor = actor_of(request)
    case = queries.case_for(actor, number)
    counts = queries.counts_of(case, today=office_date(now()), as_of=search.as_of, for_applicant=not actor.is_official)
    standing = queries.standing_suspensions(case) if actor.is_official else []
    return CountsTold(
        number=case.number,
        as_of=counts.as_of,
        is_assumed=counts.is_assumed,
        clocks=[_count(count) for count in counts.counts],
        standing=[StandingTold.model_validate(one) for one in standing],
    )


def _count(count: Count) -> CountTold:
    return CountTold(
        **showing.clock(count.shown).model_dump(),
        started_at=count.started_at,
        first_day=count.first_day,
        total=count.use.total,
        used=count.use.used,
        left=count.use.left,
        stands_since=count.shown.stands_since,
        stops=[_stop(row) for row in count.stops],
        extensions=[_added(row) for row in count.extensions],
        days=[DayTold(day=one.day, number=one.number, reason=one.reason, words=one.words) for one in count.days],
    )


def _stop(row: ClockInterval) -> StopTold:
    paper = stop_paper(row)
    return StopTold(
        since=row.since,
        until=row.until,
        name=suspension_words(row),
        ground=ground_words(row),
        paper=showing.paper(paper) if paper else None,
    )


def _added(row: ClockExtension) -> AddedTold:
    return AddedTold(
        value=row.value,
        unit=row.unit,
        basis=row.basis,
        reasons=row.reasons,
        granted_at=row.granted_at,
        paper=showing.paper(row.paper) if row.paper else None,
    )
