"""The year at a glance, a notice published or corrected after a look at what it changes, and the history."""

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base import clock
from tongban.base.clock import OFFICE_ZONE, office_date
from tongban.base.errors import Invalid, NotFound
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.calendar import actions, queries
from tongban.calendar.kinds import FOLLOWERS
from tongban.calendar.rules import written
from tongban.calendar.rules.days import FIRST_DAY, LAST_DAY
from tongban.calendar.web.forms import NoticeForm
from tongban.calendar.web.months import months_of, weekdays
from tongban.calendar.web.previews import Preview, is_confirmed, preview

KEEPERS = ("item_manager", "operator")
UNPROCESSABLE = 422
VERSIONS_ON_A_PAGE = 20


@official_with(*KEEPERS)
@require_safe
def year(request: HttpRequest, of_year: int | None = None) -> HttpResponse:
    """Show a year, as it is known now or as it was known on a day."""
    today = office_date(clock.now())
    shown = today.year if of_year is None else _known(of_year)
    as_of = _day(request.GET.get("as_of", ""))
    calendar = queries.calendar_as_of(_end_of(as_of)) if as_of else queries.working_calendar()
    context = {
        "number": shown,
        "before": shown - 1 if shown > FIRST_DAY.year else None,
        "after": shown + 1 if shown < LAST_DAY.year else None,
        "months": months_of(calendar, shown, today),
        "weekdays": weekdays(),
        "version": None if as_of else queries.newest(shown),
        "provisional": shown not in calendar.published_years,
        "as_of": as_of,
        "local_days": [local for local in queries.local_days() if local.day.year == shown],
        "policy": calendar.policy_on(max(today, date(shown, 1, 1)) if shown >= today.year else date(shown, 12, 31)),
        "shipped": queries.SHIPPED,
    }
    return render(request, "calendar/year.html", context)


def _known(number: int) -> int:
    if not FIRST_DAY.year <= number <= LAST_DAY.year:
        raise NotFound
    return number


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, OFFICE_ZONE)


@official_with(*KEEPERS)
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, of_year: int) -> HttpResponseBase:
    """Show what a notice would change; publish it once that was seen."""
    number = _known(of_year)
    initial: dict[str, Any] = {"days": written(queries.notice_of(number))}
    form = NoticeForm(request.POST or kept(request), request.FILES or None, initial=initial)
    shown = None
    if request.method == "POST" and form.is_valid():
        shown = _tried(request, form, number)
        if shown is None and not form.errors:
            return redirect("calendar:year", number)
    context = {"form": form, "number": number, "preview": shown, "version": queries.newest(number)}
    return render(request, "calendar/publish.html", context, status=UNPROCESSABLE if form.errors else 200)


def _tried(request: HttpRequest, form: NoticeForm, number: int) -> Preview | None:
    """Publish what was seen; else return what there is to be seen."""
    try:
        days, source = form.named, form.cleaned_data["source"]
        if not is_confirmed(request, days, source):
            form.data = {**form.data, "source": source, "days": written(days)}
            return preview(actions.preview_of_year(number, days), days, source)
        actions.publish_year(year=number, days=days, source=source, actor=actor_of(request), now=clock.now())
        told = _("The calendar of %(year)d is published. Open dates are being reckoned anew.")
        messages.success(request, told % {"year": number})
    except Invalid as refusal:
        for sentences in refusal.fields.values():
            for sentence in sentences:
                form.add_error("days", sentence)
    return None


@official_with(*KEEPERS)
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Show all that was published and settled, and how far reckoning anew has come."""
    page = Paginator(queries.history(limit=500), VERSIONS_ON_A_PAGE).get_page(request.GET.get("page", 1))
    recounts = [(one.words, recount) for one in FOLLOWERS.values() for recount in one.recounts()]
    context = {"page": page, "recounts": recounts, "local": queries.LOCAL_DAYS, "policies": queries.POLICIES}
    return render(request, "calendar/history.html", {**context, "shipped": queries.SHIPPED})
