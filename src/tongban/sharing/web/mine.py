"""The pages of "my data": what registers hold on me, who looked at it, how I can prove it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.clock import now
from tongban.base.errors import NotFound
from tongban.base.templatetags.words import either
from tongban.base.web import actor_of, resident
from tongban.sharing import actions, queries
from tongban.sharing.rules import periods
from tongban.sharing.rules.values import MASK, words_of

PAGE_SIZE = 20
FEW = 3
FOR = "for"


def whose_of(request: HttpRequest) -> queries.Whose:
    """Return whose data are meant: `?for=<id>`, the reader's own without it; raises NotFound."""
    asked = request.GET.get(FOR, "")
    try:
        whose_id = UUID(asked) if asked else None
    except ValueError:
        raise NotFound from None
    return queries.whose_for(actor_of(request), whose_id)


def about(whose: queries.Whose) -> str:
    """Return what is added to addresses for somebody else's data."""
    return "" if whose.relation == "self" else f"?{FOR}={whose.id}"


@resident
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show which registers hold something, and the newest look-ups."""
    actor, at = actor_of(request), now()
    whose = whose_of(request)
    context: dict[str, Any] = {"whose": whose, "about": about(whose), "everybody": queries.all_whose(actor)}
    if whose.is_sure:
        actions.note_reading(actor=actor, whose=whose, now=at)
        newest = queries.look_ups_on(whose, queries.Wanted(), at)[:FEW]
        context |= {
            "held": queries.resources_on(whose, at),
            "counted": queries.counted(whose, periods.back("365", at), at),
            "lines": queries.lines_of(list(newest), actor),
        }
    return render(request, "sharing/mine.html", context)


@resident
@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest, resource: str) -> HttpResponse:
    """Show what one register holds; sensitive values only when asked for, and then they are read. Each is logged."""
    actor, at, whose = actor_of(request), now(), whose_of(request)
    found = queries.held_for(whose, resource, at)
    shown = found.items if request.method == "POST" else found.plain
    records: list[dict[str, Any]] = []
    if shown:
        answer = actions.read_held(actor=actor, whose=whose, held=found, fields=[one.code for one in shown], now=at)
        records = records_shown(found, answer.records, queries.outlines_of(found, whose, at), shown=shown)
    context = {
        "whose": whose,
        "about": about(whose),
        "held": found,
        "records": records,
        "masked": request.method != "POST" and bool(found.sensitive) and bool(records or not shown),
    }
    return render(request, "sharing/held.html", context)


def records_shown(
    found: queries.Held,
    records: Sequence[Mapping[str, Any]],
    outlines: Sequence[Any],
    *,
    shown: Sequence[Any],
) -> list[dict[str, Any]]:
    """Return records with their values in words. Of an outside source nobody knows since when."""
    read = {one.code for one in shown}
    matched = outlines if len(outlines) == len(records) else [None] * len(records)
    return [
        {
            "since": outline.valid_from if outline else None,
            "known": outline.recorded_from if outline else None,
            "values": [
                {
                    "item": item,
                    "name": either(item.name, item.name_en),
                    "words": words_of(item, record.get(item.code)) if item.code in read else MASK,
                    "is_masked": item.code not in read,
                    "record": place,
                }
                for item in found.items
            ],
        }
        for place, (record, outline) in enumerate(zip(records, matched, strict=True))
    ]


@resident
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Show who looked, the newest first; the reader's own readings folded into a count."""
    actor, at, whose = actor_of(request), now(), whose_of(request)
    actions.note_reading(actor=actor, whose=whose, now=at)
    days, own = request.GET.get("days", ""), request.GET.get("own") == "1"
    period = periods.back(days, at)
    resources = queries.resources_on(whose, at)
    slugs = {one.resource.slug for one in resources}
    asked = request.GET.get("register", "")
    wanted = queries.Wanted(period=period, resource=asked if asked in slugs else "", own_readings=own)
    page = Paginator(queries.look_ups_on(whose, wanted, at), PAGE_SIZE).get_page(request.GET.get("page", 1))
    context = {
        "whose": whose,
        "about": about(whose),
        "page": page,
        "lines": queries.lines_of(list(page), actor),
        "counted": queries.counted(whose, period, at),
        "readings": queries.readings_of(whose, actor),
        "resources": [one.resource for one in resources],
        "wanted": wanted,
        "days": days if days in periods.CHOICES else "",
        "periods": _periods(),
    }
    return render(request, "sharing/looks.html", context)


def _periods() -> list[tuple[str, str]]:
    return [("", _("All time")), ("30", _("Last 30 days")), ("90", _("Last 90 days")), ("365", _("Last 12 months"))]


@resident
@require_safe
def look(request: HttpRequest, look_up_id: UUID) -> HttpResponse:
    """Show one look-up, and what can be done about it."""
    whose = whose_of(request)
    line = line_of(request, whose, look_up_id)
    return render(request, "sharing/look.html", {"whose": whose, "about": about(whose), "line": line})


def line_of(request: HttpRequest, whose: queries.Whose, look_up_id: UUID) -> queries.Line:
    """Return a look-up on somebody, and note that it was read. Raises NotFound, IdentityNotSeen."""
    actor, at = actor_of(request), now()
    found = queries.look_up_for(actor, whose, look_up_id, at)
    actions.note_reading(actor=actor, whose=whose, now=at)
    return found


@resident
@require_safe
def proof(request: HttpRequest, look_up_id: UUID) -> HttpResponse:
    """Hand out the proof of one look-up."""
    whose = whose_of(request)
    line = line_of(request, whose, look_up_id)
    return _download(queries.proof_of_look_up(line.look_up.id), f"look-up-{line.look_up.at:%Y-%m-%d}-{look_up_id}")


@resident
@require_safe
def chain(request: HttpRequest) -> HttpResponse:
    """Hand out the whole chain with its daily count: one left out would show."""
    whose, at = whose_of(request), now()
    actions.note_reading(actor=actor_of(request), whose=whose, now=at)
    return _download(queries.proof_of_all(whose), f"all-look-ups-{at:%Y-%m-%d}")


def _download(bundle: dict[str, Any], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"', "Cache-Control": "no-store"}
    return JsonResponse(bundle, headers=headers, json_dumps_params={"indent": 1, "ensure_ascii": False})
