"""Who looked at my data, as Estonia's data tracker and GovStack ask: `findUsage`, `usagePeriod`, `heartbeat`.

Facts: API v2 of the data tracker: names and shapes are its own, so that what reads one reads the other.
"""

from datetime import date, datetime, timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from tongban.base import identifiers
from tongban.base.actor import Actor
from tongban.base.api import ANYBODY, RESIDENT, Asked, Told
from tongban.base.clock import midnight, now
from tongban.base.errors import NotFound
from tongban.base.templatetags.words import either, listed
from tongban.base.web import actor_of
from tongban.exchange.queries import subject_of
from tongban.exchange.rules.calls import About
from tongban.sharing import actions, queries
from tongban.sharing.rules.periods import Period

router = Router(tags=["My data"])
MOST = 1000
A_DAY = timedelta(days=1)


class UsageSearch(Asked):
    """Whose look-ups, of which days, which of them."""

    userCode: str = Field(  # noqa: N815 - the interface's own name
        default="", max_length=40, description="Identity number or credit code; empty: one's own."
    )
    periodStart: date | None = Field(default=None, description="First day; empty: from the beginning.")  # noqa: N815
    periodEnd: date | None = Field(default=None, description="Last day; empty: until now.")  # noqa: N815
    offset: int = Field(default=0, ge=0, le=10_000_000, description="How many to skip.")
    limit: int = Field(default=100, ge=1, le=MOST, description="How many at most.")


class Usage(Told):
    """A look-up."""

    logtime: datetime = Field(description="When.")
    action: str = Field(description="For what, and what was looked at.")
    receiverCode: str = Field(description="Short name of the office that asked.")  # noqa: N815
    receiverName: str = Field(description="Its name.")  # noqa: N815
    receiverSystem: str = Field(description="The system that asked; empty: an official did.")  # noqa: N815


class UsagesTold(Told):
    """Look-ups, the newest first."""

    totalUsages: int = Field(description="How many there are in the period.")  # noqa: N815
    usages: list[Usage] = Field(description="The newest first.")


class UsagePeriodTold(Told):
    """From when until when there is a log."""

    periodStart: datetime | None = Field(description="The first look-up; null: there is none.")  # noqa: N815
    periodEnd: datetime = Field(description="Now: a look-up stands here at once.")  # noqa: N815


class HeartbeatTold(Told):
    """That the log answers."""

    status: str = Field(description="Always ok; else there is no answer.")
    time: datetime = Field(description="The clock of the log.")


@router.get(
    "/my-data/findUsage",
    response=UsagesTold,
    auth=RESIDENT,
    operation_id="find_usage",
    summary="Who looked at my data",
)
def find_usage(request: HttpRequest, search: Query[UsageSearch]) -> UsagesTold:
    """Return the look-ups by offices of oneself, a ward, or an enterprise for which one may act."""
    actor, at = actor_of(request), now()
    whose = _whose(actor, search.userCode)
    actions.note_reading(actor=actor, whose=whose, now=at)
    since = midnight(search.periodStart) if search.periodStart else None
    until = midnight(search.periodEnd + A_DAY) if search.periodEnd and search.periodEnd < date.max else None
    found = queries.look_ups_on(whose, queries.Wanted(period=Period(since, until)), at)
    lines = queries.lines_of(list(found[search.offset : search.offset + search.limit]), actor)
    return UsagesTold(totalUsages=found.count(), usages=[_told(line) for line in lines])


def _told(line: queries.Line) -> Usage:
    look_up = line.look_up
    resource = either(look_up.resource.name, look_up.resource.name_en) if look_up.resource else ""
    refused = _("Refused: nothing was given out") if look_up.refused else ""
    parts = [part for part in (line.purpose, line.basis, resource, str(listed(line.fields)), refused) if part]
    return Usage(
        logtime=look_up.at,
        action=" · ".join(parts),
        receiverCode=look_up.consumer.slug if look_up.consumer else "",
        receiverName=line.office,
        receiverSystem=look_up.system,
    )


def _whose(actor: Actor, code: str) -> queries.Whose:
    """Return whose log is meant; raises NotFound for everybody whose log the reader may not read."""
    if not code:
        return queries.whose_for(actor, None)
    keys = {subject.key for about in _abouts(code) if (subject := subject_of(about)) is not None}
    found = next((one for one in queries.all_whose(actor) if one.subject.key in keys), None)
    if found is None:
        raise NotFound
    return found


def _abouts(code: str) -> list[About]:
    """Return all that a code can name: a credit code, or the number of any kind of identity document."""
    persons = [About(kind="person", number=code, identity_kind=kind) for kind in identifiers.IDENTITY_KINDS]
    return [*persons, About(kind="enterprise", number=code)]


@router.get(
    "/my-data/usagePeriod",
    response=UsagePeriodTold,
    auth=RESIDENT,
    operation_id="usage_period",
    summary="Of which time there is a log",
)
def usage_period(request: HttpRequest) -> UsagePeriodTold:
    """Return when one was looked up first, by an office."""
    actor, at = actor_of(request), now()
    whose = queries.whose_for(actor, None)
    actions.note_reading(actor=actor, whose=whose, now=at)
    return UsagePeriodTold(periodStart=queries.counted(whose, Period(), at).first_at, periodEnd=at)


@router.get(
    "/my-data/heartbeat",
    response=HeartbeatTold,
    auth=ANYBODY,
    operation_id="usage_heartbeat",
    summary="Whether the log answers",
)
def heartbeat(request: HttpRequest) -> HeartbeatTold:
    """Answer, as long as the log can be read."""
    at = now()
    queries.log_answers(at)
    return HeartbeatTold(status="ok", time=at)
