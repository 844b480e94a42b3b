"""The city's home page, and the resident's own."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.applications import queries as applications
from tongban.base.actor import Actor
from tongban.base.templatetags.words import in_chinese, limit_words
from tongban.base.web import actor_of, anybody, signed_in
from tongban.base.web.kept_pages import kept_for_strangers
from tongban.cases import queries as cases
from tongban.catalogue import queries as catalogue
from tongban.notifications import queries as notifications

if TYPE_CHECKING:
    from tongban.applications.models import Draft

FEW = 3
MOST_DEPARTMENTS = 12
MESSAGES_SHOWN = 5
CASES_SHOWN = 5


@anybody
@kept_for_strangers(catalogue.catalogue_revision)
def home(request: HttpRequest) -> HttpResponse:
    """Show the city's home page: search, persons and enterprises, life events, themes, departments, most used."""
    groups = catalogue.themes()
    context = {
        "audiences": _audiences(),
        "tries": _tries(),
        "life_events": [_group(group) for group in groups if group.theme.kind == "life_event"],
        "themes": [_group(group) for group in groups if group.theme.kind == "theme"],
        "departments": [_department(one) for one in catalogue.departments()[:MOST_DEPARTMENTS]],
        "most_used": [_row(row) for row in catalogue.most_used()],
        "drafts": _drafts(actor_of(request))[:FEW],
    }
    return render(request, "portal/home.html", context)


@signed_in
def my(request: HttpRequest) -> HttpResponse:
    """Show the resident's own home: what is wanted of them, drafts, matters, messages. Officials go to their inbox."""
    actor = actor_of(request)
    if actor.is_official:
        return redirect("cases:inbox")
    context = {
        "wanting": list(cases.cases_wanting(actor)),
        "drafts": _drafts(actor),
        "cases": list(cases.cases_of(actor)[:CASES_SHOWN]),
        "messages_shown": list(notifications.box_of(actor)[:MESSAGES_SHOWN]),
        "unread": notifications.unread_count(actor),
    }
    return render(request, "portal/my.html", context)


def _audiences() -> list[dict[str, str]]:
    return [
        {
            "name": _("Matters for persons"),
            "url": reverse("catalogue:persons"),
            "icon": "person",
            "hint": _("Birth, household, housing, health, retirement"),
        },
        {
            "name": _("Matters for enterprises"),
            "url": reverse("catalogue:enterprises"),
            "icon": "enterprise",
            "hint": _("Founding, licences, changes, closing"),
        },
    ]


def _tries() -> list[str]:
    """Words that people often search for, in the reader's language."""
    if in_chinese():
        return ["开饭店", "上户口", "居住证", "老人补贴", "换驾照"]
    return ["restaurant", "residence", "birth", "allowance"]


def _group(group: catalogue.Group) -> dict[str, Any]:
    shape = group.theme
    return {
        "name": shape.name if in_chinese() else shape.name_en,
        "code": shape.code,
        "icon": shape.icon,
        "url": reverse("catalogue:theme", args=[shape.code]),
        "count": group.count,
    }


def _department(one: catalogue.Department) -> dict[str, Any]:
    return {
        "name": one.name if in_chinese() or not one.name_en else one.name_en,
        "url": _department_url(one),
        "count": one.count,
    }


def _department_url(one: catalogue.Department) -> str:
    if one.slug:
        return reverse("catalogue:department", args=[one.slug])
    return reverse("catalogue:named-department", args=[one.name])


def _row(row: catalogue.Listed) -> dict[str, str]:
    limit = row.limit
    stated = limit.value is not None or limit.unit
    return {
        "name": row.name if in_chinese() or not row.name_en else row.name_en,
        "url": reverse("catalogue:item", args=[row.code]),
        "department": row.office if in_chinese() or not row.office_en else row.office_en,
        "limit": str(limit_words(limit.value, limit.unit or "")) if stated else "",
    }


def _drafts(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "name": _draft_name(draft),
            "url": reverse("applications:draft", args=[draft.id]),
            "step": "",
            "saved_at": draft.changed_at,
        }
        for draft in applications.drafts_of(actor)
    ]


def _draft_name(draft: "Draft") -> str:
    item = draft.handling_version.handling_item
    return item.name if in_chinese() or not item.name_en else item.name_en
