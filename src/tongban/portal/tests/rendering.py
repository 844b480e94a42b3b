"""Renders pages as a browser would get them, without a server."""

from typing import Any

from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation

from tongban.base.actor import NOBODY, Actor


def rendered(
    template: str,
    context: dict[str, Any] | None = None,
    *,
    path: str = "/",
    actor: Actor = NOBODY,
    language: str = "zh-hans",
    large: bool = False,
) -> str:
    request = RequestFactory().get(path)
    request.actor = actor  # type: ignore[attr-defined]
    request.request_id = "7K3Q9Z"  # type: ignore[attr-defined]
    if large:
        request.COOKIES["type"] = "large"
    with translation.override(language), override_settings(TONGBAN_DEMO=True):
        return render_to_string(template, context or {}, request=request)


def home_context() -> dict[str, Any]:
    """Return what the home page gets, invented."""
    tiles = [("户籍身份", "person"), ("教育", "school"), ("住房", "home"), ("就业", "briefcase"), ("交通", "car")]
    named = [{"name": name, "code": icon, "icon": icon, "url": f"/themes/{icon}", "count": 4} for name, icon in tiles]
    return {
        "audiences": [
            {"name": "个人办事", "url": "/persons", "icon": "person", "hint": "身份、生育、住房"},
            {"name": "法人办事", "url": "/enterprises", "icon": "enterprise", "hint": "开办、许可、注销"},
        ],
        "themes": named,
        "life_events": named,
        "departments": [
            {"name": f"市第{number}局", "url": f"/departments/{number}", "count": 3} for number in range(9)
        ],
        "most_used": [
            {"name": f"事项{n}", "url": f"/items/{n}", "department": "市局", "limit": "5 个工作日"} for n in range(6)
        ],
        "drafts": [],
        "tries": ["开饭店", "补身份证"],
    }
