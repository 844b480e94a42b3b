"""What the pages of a draft share: the frame for residents or officials, the steps above, what was typed."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from tongban.applications import queries
from tongban.applications.models import Draft
from tongban.base.web import actor_of
from tongban.catalogue import queries as catalogue

MOST_ALIKE = 3
"""So many cases of the same matter are named that are under way already."""


def frame(request: HttpRequest) -> str:
    """Return the page template: officials at a window see the office's frame."""
    return "base/office.html" if actor_of(request).is_official else "base/page.html"


def english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def item_name(draft: Draft) -> str:
    """Return the name of the matter in the reader's language, as far as there is one."""
    item = draft.handling_version.handling_item
    return (item.name_en if english() else "") or item.name


def part_address(draft: Draft, key: str) -> str:
    """Return the address of a part of a draft."""
    if key in {queries.MATERIALS, queries.DELIVERY, queries.REVIEW}:
        return reverse(f"applications:{key}", args=[draft.id])
    return reverse("applications:step", args=[draft.id, key])


def draft_context(request: HttpRequest, draft: Draft, current: str) -> dict[str, Any]:
    """Return what every page of a draft shows."""
    parts = queries.parts_of(draft)
    steps = [
        {
            "label": part.title,
            "href": part_address(draft, part.key) if part.done else "",
            "state": "current" if part.key == current else ("done" if part.done else "coming"),
        }
        for part in parts
    ]
    at_an_end = current in {parts[0].key, queries.REVIEW}
    return {
        "frame": frame(request),
        "draft": draft,
        "item": draft.handling_version.handling_item,
        "item_name": item_name(draft),
        "guide": catalogue.guide_of(draft.handling_version_id),
        "steps": steps,
        "alike": queries.under_way_alike(actor_of(request), draft)[:MOST_ALIKE] if at_an_end else [],
        "current": [part.key for part in parts].index(current) + 1,
        "subject_name": draft.enterprise.name if draft.enterprise else (draft.ward or draft.person).name,
    }
