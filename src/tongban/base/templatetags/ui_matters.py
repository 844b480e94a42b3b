"""Parts that speak of matters and cases: tiles, facts, steps, timeline, clock, rating."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.base.templatetags.ui_content import Words, component
from tongban.base.templatetags.words import date_words

register = Library()

NEAR_DAYS = 1
"""Days left at which a clock turns amber (a reminder one working day before is usual)."""


@register.simple_tag
def ui_tile(text: Words, href: str, *, icon: str = "", hint: Words = "", count: int | None = None) -> SafeString:
    """Show a tile that leads to a theme, a life event or a department; `count` is the number of matters in it."""
    return component("tile", **locals())


@register.simple_tag
def ui_fact(label: Words, value: Words, *, icon: str = "", note: Words = "") -> SafeString:
    """Show one fact at a glance; put several into `<dl class="tb-facts">`."""
    return component("fact", **locals())


def _step_states(steps: Iterable[object], current: int) -> list[dict[str, Any]]:
    shown = []
    for place, step in enumerate(steps, start=1):
        known = dict(step) if isinstance(step, Mapping) else {"label": step}
        state = "done" if place < current else "current" if place == current else "todo"
        shown.append({"state": state, "number": place} | known)
    return shown


@register.simple_tag
def ui_steps(steps: Sequence[object], current: int = 1) -> SafeString:
    """Show how far a form in steps is; `current` counts from 1.

    A step is a text or a mapping with `label`, `href` and, if it differs from its place, `state` (done, current, todo).
    """
    shown = _step_states(steps, current)
    label = next((step["label"] for step in shown if step["state"] == "current"), "")
    return component("steps", steps=shown, current=current, total=len(shown), current_label=label)


@register.simple_tag
def ui_timeline(entries: Iterable[Mapping[str, Any]], *, level: int = 3) -> SafeString:
    """Show the life of a case.

    An entry has `title`, and may have `when` (a date or an instant), `who`, `text`, `state` (done, current, todo,
    problem), `href` with `action`, and `until` (a date).
    """
    shown = [{**entry, "is_instant": isinstance(entry.get("when"), datetime)} for entry in entries]
    return component("timeline", entries=shown, level=level)


def _left_words(days_left: int, unit: str) -> str:
    if days_left < 0:
        late = -days_left
        if unit == "calendar_day":
            return ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late}
        return ngettext("%(days)d working day late", "%(days)d working days late", late) % {"days": late}
    if days_left == 0:
        return _("due today")
    if unit == "calendar_day":
        return ngettext("%(days)d day left", "%(days)d days left", days_left) % {"days": days_left}
    return ngettext("%(days)d working day left", "%(days)d working days left", days_left) % {"days": days_left}


def _clock_colour(days_left: int | None, state: str) -> str:
    if state != "running" or days_left is None:
        return "grey"
    if days_left < 0:
        return "red"
    return "amber" if days_left <= NEAR_DAYS else "green"


@register.simple_tag
def ui_clock(
    due: date | datetime | None,
    days_left: int | None = None,
    *,
    label: Words = "",
    unit: str = "working_day",
    provisional: bool = False,
    state: str = "running",
    note: Words = "",
    small: bool = False,
) -> SafeString:
    """Show when something is due, how many days are left, and whether that may still move.

    `unit` of `days_left` is working_day or calendar_day; `state` is running, stopped or met. `small` fits a table cell.
    """
    states = {"stopped": _("the clock stands still"), "met": _("done in time"), "missed": _("done late")}
    left = states.get(state) or (_left_words(days_left, unit) if days_left is not None else "")
    return component(
        "clock_small" if small else "clock",
        due=date_words(due) if due else _("no date yet"),
        left=left,
        colour="green" if state == "met" else "red" if state == "missed" else _clock_colour(days_left, state),
        label=label,
        provisional=provisional,
        note=note,
    )


def rating_levels() -> list[tuple[int, str]]:
    """Return the five levels of the national rating, 1 the best (the code runs opposite to stars)."""
    return [
        (1, _("Very satisfied")),
        (2, _("Satisfied")),
        (3, _("Mostly satisfied")),
        (4, _("Dissatisfied")),
        (5, _("Very dissatisfied")),
    ]


@register.simple_tag
def ui_rating(
    name: str = "level", selected: int | str | None = None, *, legend: Words = "", error: Words = ""
) -> SafeString:
    """Ask for one of the five levels; the value sent is the national code, 1 the best."""
    levels = [
        {"code": code, "words": words, "face": 6 - code, "checked": str(code) == str(selected or "")}
        for code, words in rating_levels()
    ]
    return component("rating", name=name, levels=levels, legend=legend or _("How was it?"), error=error)


@register.simple_tag
def ui_rating_shown(level: int) -> SafeString:
    """Show a level that was given."""
    words = dict(rating_levels()).get(int(level), "")
    return component("rating_shown", words=words, face=6 - int(level))


@register.simple_tag
def ui_viewer(files: Iterable[Mapping[str, Any]], *, title: Words = "", element_id: str = "viewer") -> SafeString:
    """Show files beside a page for officials: a list, and the chosen one large beside it.

    A file has `name` and `url`, and may have `kind` (image, pdf or other), `note` and `download_url`.
    """
    shown = list(files)
    first = next((file for file in shown if file.get("kind") in {"image", "pdf"}), None)
    return component("viewer", files=shown, first=first, title=title or _("Materials"), element_id=element_id)
