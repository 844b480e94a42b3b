"""The rows that finished cases make, from the cases themselves: used for keeping, for making anew and for verifying."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from tongban.applications import queries as applications
from tongban.base.clock import office_date
from tongban.calendar import queries as calendar
from tongban.calendar.rules import WorkingCalendar
from tongban.cases import queries as cases
from tongban.cases.queries import Finished
from tongban.insight.models import Expectation, FinishedCase
from tongban.insight.rules import days
from tongban.insight.rules.outcomes import DECIDED

AT_ONCE = 2000
_BEFORE_ALL = UUID(int=0)
_MOST_DAYS = 32_767
"""What a narrow column holds: longer than any life."""


def rows_of(case_ids: Sequence[UUID]) -> list[FinishedCase]:
    """Return the rows of those of the cases that have come to their end, not written."""
    return _rows(cases.finished_cases(case_ids), calendar.working_calendar())


def all_rows() -> Iterator[tuple[UUID, list[FinishedCase]]]:
    """Go through all finished cases in the order of their ids: the id before each piece, and its rows, not written."""
    [part] = parts_of_all(1)
    return part


def parts_of_all(number: int) -> list[Iterator[tuple[UUID, list[FinishedCase]]]]:
    """Return the way through all finished cases as so many ways, which may be gone side by side."""
    ends = cases.dividing_ids(number)
    return [_part(after, up_to) for after, up_to in pairwise([_BEFORE_ALL, *ends])]


def _part(after: UUID, up_to: UUID) -> Iterator[tuple[UUID, list[FinishedCase]]]:
    reckoned = calendar.working_calendar()
    while found := cases.finished_after(after, limit=AT_ONCE, up_to=up_to):
        yield after, _rows(found, reckoned)
        after = found[-1].case_id


def _rows(found: Sequence[Finished], reckoned: WorkingCalendar) -> list[FinishedCase]:
    ids = [one.case_id for one in found]
    efforts = applications.efforts_of(ids)
    told = Expectation.objects.in_bulk(ids)
    return [row_of(one, efforts.get(one.case_id), told.get(one.case_id), reckoned) for one in found]


def row_of(
    one: Finished, effort: applications.Effort | None, told: Expectation | None, reckoned: WorkingCalendar
) -> FinishedCase:
    """Return the row of one case, not written, from what its rooms tell of it."""
    ended_on = office_date(one.ended_at)
    row = FinishedCase(
        case_id=one.case_id,
        ended_on=ended_on,
        organisation_id=one.organisation_id,
        post_id=one.post_id,
        item_code=one.item_code,
        catalogue_code=one.catalogue_code,
        situation=effort.situation if effort else "",
        channel=one.channel,
        outcome=one.outcome,
        accepted_on=office_date(one.accepted_at) if one.accepted_at else None,
        acceptance_is_deemed=one.acceptance_is_deemed,
        decision_is_deemed=one.decision_is_deemed,
        supplements=one.supplements,
        visits_made=(one.channel == "window") + (one.outcome in DECIDED and one.delivery_way == "window"),
        visits_asked=effort.visits if effort else None,
        materials_needed=effort.needed if effort else 0,
        materials_brought=effort.brought if effort else 0,
        materials_spared=effort.spared if effort else 0,
        usual_days=told.usual_days if told else None,
        nine_in_ten_days=told.nine_in_ten_days if told else None,
    )
    if one.outcome in DECIDED and one.accepted_at is not None:
        _put_days(row, one, one.accepted_at, reckoned)
    return row


def _put_days(row: FinishedCase, one: Finished, began: datetime, reckoned: WorkingCalendar) -> None:
    """Put the days of a decided case on its row. What the law deems granted because nobody decided was not in time."""
    in_time = not one.decision_is_deemed
    row.days_used = min(days.days_used(began, one.ended_at, reckoned, one.stops), _MOST_DAYS)
    row.promised_days = _limit(one.promised_limit, began, reckoned)
    row.statutory_days = _limit(one.statutory_limit, began, reckoned)
    if one.promised is not None:
        row.kept_promise = in_time and one.promised.met_by(one.ended_at)
    if one.statutory is not None:
        row.kept_law = in_time and one.statutory.met_by(one.ended_at)


def _limit(limit: tuple[int, str] | None, began: datetime, reckoned: WorkingCalendar) -> int | None:
    found = days.limit_in_days(limit, began, reckoned)
    return None if found is None else min(found, _MOST_DAYS)
