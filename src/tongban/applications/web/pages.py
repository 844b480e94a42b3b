"""What the pages of a draft share: the frame for residents or officials, the steps above, what was typed."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import get_language

from tongban.applications import actions, queries
from tongban.applications.models import Draft
from tongban.base.clock import now
from tongban.base.web import actor_of
from tongban.catalogue import queries as catalogue

HIDDEN = frozenset({"csrfmiddlewaretoken", "revision"})
HELD = "held"


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
    return {
        "frame": frame(request),
        "draft": draft,
        "item": draft.handling_version.handling_item,
        "item_name": item_name(draft),
        "guide": catalogue.guide_of(draft.handling_version_id),
        "steps": steps,
        "current": [part.key for part in parts].index(current) + 1,
        "subject_name": draft.enterprise.name if draft.enterprise else (draft.ward or draft.person).name,
    }


def typed_values(post: QueryDict) -> dict[str, str | list[str]]:
    """Return what was typed: a list where a name was sent several times."""
    return {
        key: (post.getlist(key) if len(post.getlist(key)) > 1 else str(post.get(key, "")))
        for key in post
        if key not in HIDDEN
    }


def keep_typed(request: HttpRequest) -> str:
    """Keep what was posted after the session had expired; return where to go on after signing in."""
    token = actions.hold_input(path=request.path, values=typed_values(request.POST), now=now())
    return f"{request.path}?{urlencode({HELD: token})}" if token else request.path


def _token(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get(HELD, ""))
    except ValueError:
        return None


def held(request: HttpRequest) -> dict[str, Any] | None:
    """Return what was kept for this page when the session had expired."""
    token = _token(request)
    values = queries.held_input(token, request.path, now()) if token else None
    return None if values is None else dict(values)


def release_held(request: HttpRequest) -> None:
    """Forget what was kept for this page: it has been saved, or is shown again."""
    token = _token(request)
    if token:
        actions.release_input(token=token, path=request.path)
