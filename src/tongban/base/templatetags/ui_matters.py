"""Parts that speak of matters and cases: tiles, facts, steps, timeline, clock, rating."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongban.base.templatetags.ui_content import Words, component
from tongban.base.templatetags.ui_icons import face
from tongban.base.templatetags.ui_icons import icon as drawn
from tongban.base.templatetags.words import date_words, datetime_words, limit_words, machine_time
from tongban.base.web.markup import given, in_lines, joined, markup

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
    return markup(
        '<div class="tb-fact"><dt class="tb-fact__label">{}{}</dt><dd class="tb-fact__value">{}{}</dd></div>\n',
        drawn(icon, 20) if icon else "",
        label,
        value,
        given(note, '<span class="tb-fact__note">{}</span>'),
    )


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
    return markup('<ol class="tb-timeline">{}</ol>\n', joined(_entry(entry, level) for entry in entries))


_MARKS = {"problem": "warning", "current": "clock", "todo": ""}


def _entry(entry: Mapping[str, Any], level: int) -> SafeString:
    state = entry.get("state") or "done"
    mark = _MARKS.get(state, "check")
    day = date_words(entry["until"]) if entry.get("until") else ""
    return markup(
        '<li class="tb-timeline__entry tb-timeline__entry--{}"{}><span class="tb-timeline__mark">{}</span>'
        '<div class="tb-timeline__words"><h{} class="tb-timeline__title">{}</h{}>{}{}{}{}</div></li>\n',
        state,
        SafeString(' aria-current="step"' if state == "current" else ""),
        drawn(mark, 18) if mark else "",
        level,
        entry["title"],
        level,
        _when_and_who(entry.get("when"), entry.get("who")),
        given(entry.get("text"), '<p class="tb-timeline__text">{}</p>', in_lines(entry.get("text") or "")),
        given(day, '<p class="tb-timeline__until">{}</p>', _("by %(day)s at the latest") % {"day": day}),
        given(
            entry.get("href"),
            '<p class="tb-timeline__action"><a class="govuk-link" href="{}">{}</a></p>',
            entry.get("href"),
            entry.get("action", ""),
        ),
    )


def _when_and_who(when: date | datetime | None, who: object) -> SafeString:
    if not when and not who:
        return SafeString("")
    told = datetime_words(when) if isinstance(when, datetime) else date_words(when)
    return markup(
        '<p class="tb-timeline__when">{}{}</p>',
        given(when, '<time datetime="{}">{}</time>', machine_time(when), told),
        given(who, ' <span class="tb-timeline__who">{}</span>'),
    )


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


def _standing_words(days_left: int, unit: str) -> str:
    return _("%(left)s when it runs on") % {"left": limit_words(days_left, unit)}


_STATES: Mapping[str, Words] = {
    "stopped": gettext_lazy("the clock stands still"),
    "met": gettext_lazy("done in time"),
    "missed": gettext_lazy("done late"),
    "deemed_accepted": gettext_lazy("nobody was told in time: deemed accepted"),
    "deemed_renewed": gettext_lazy("not decided in time: deemed renewed"),
}
_COLOURS = {"met": "green", "missed": "red", "deemed_accepted": "amber", "deemed_renewed": "amber"}


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
    since: date | datetime | None = None,
    note: Words = "",
    small: bool = False,
) -> SafeString:
    """Show when something is due, how many days are left, and whether that may still move.

    `unit` of `days_left` is working_day or calendar_day; `state` is running, stopped or, at its end, one of `_STATES`:
    in time, late, or what the law made of it. One that stands `since` a day has no date: what is told is how many days
    are left when it runs on. `small` fits a table cell.
    """
    left = _STATES.get(state) or (_left_words(days_left, unit) if days_left is not None else "")
    colour = _COLOURS.get(state) or _clock_colour(days_left, state)
    told = date_words(due) if due else _("no date yet")
    if since is not None:
        told, provisional = _("stands since %(day)s") % {"day": date_words(since)}, False
        left = _standing_words(days_left, unit) if days_left is not None else left
    unsure = given(provisional, '<span class="tb-clock__provisional">{}</span>', _("provisional"))
    if small:
        return markup(
            '<span class="tb-due tb-due--{}"><span class="tb-due__date">{}</span>{}{}</span>',
            colour,
            told,
            given(left, '<span class="tb-due__left">{}</span>'),
            unsure,
        )
    return markup(
        '<div class="tb-clock tb-clock--{}">{}<div>{}<p class="tb-clock__due">{}{}</p>{}{}</div></div>\n',
        colour,
        drawn("clock", 24),
        given(label, '<p class="tb-clock__label">{}</p>'),
        told,
        given(unsure, " {}"),
        given(left, '<p class="tb-clock__left">{}</p>'),
        given(note, '<p class="tb-clock__note">{}</p>'),
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
    choices = joined(
        _level(name, code, words, is_chosen=str(code) == str(selected or "")) for code, words in rating_levels()
    )
    return markup(
        '<div class="govuk-form-group{}"><fieldset class="govuk-fieldset"{}>'
        '<legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{}</legend>{}'
        '<div class="tb-rating">{}</div></fieldset></div>',
        " govuk-form-group--error" if error else "",
        given(error, ' aria-describedby="{}-error"', name),
        legend or _("How was it?"),
        given(error, '<p id="{}-error" class="govuk-error-message">{}</p>', name, error),
        choices,
    )


def _level(name: str, code: int, words: str, *, is_chosen: bool) -> SafeString:
    element_id = f"id_{name}" if code == 1 else f"id_{name}-{code}"
    return markup(
        '<div class="tb-rating__level"><input class="tb-rating__input" type="radio" name="{}" value="{}" id="{}"{}>'
        '<label class="tb-rating__label" for="{}">{}<span>{}</span></label></div>',
        name,
        code,
        element_id,
        " checked" if is_chosen else "",
        element_id,
        face(6 - code, 44),
        words,
    )


@register.simple_tag
def ui_rating_shown(level: int) -> SafeString:
    """Show a level that was given."""
    shown = 6 - int(level)
    words = dict(rating_levels()).get(int(level), "")
    return markup('<span class="tb-rating-shown tb-rating-shown--{}">{}{}</span>', shown, face(shown, 28), words)


@register.simple_tag
def ui_viewer(files: Iterable[Mapping[str, Any]], *, title: Words = "", element_id: str = "viewer") -> SafeString:
    """Show files beside a page for officials: a list, and the chosen one large beside it.

    A file has `name` and `url`, and may have `kind` (image, pdf or other), `note` and `download_url`.
    """
    shown = list(files)
    first = next((file for file in shown if file.get("kind") in {"image", "pdf"}), None)
    return markup(
        '<section class="tb-viewer" data-viewer aria-label="{}"><ul class="tb-viewer__list">{}</ul>{}</section>\n',
        title or _("Materials"),
        joined(_file(file, element_id, is_first=file is first) for file in shown),
        ""
        if first is None
        else markup(
            '<iframe class="tb-viewer__frame" name="{}" src="{}" title="{}" loading="lazy"></iframe>',
            element_id,
            _framed(first),
            _("The chosen file"),
        ),
    )


def _framed(file: Mapping[str, Any]) -> str:
    return f"{file['url']}#navpanes=0&view=FitH" if file.get("kind") == "pdf" else str(file["url"])


def _file(file: Mapping[str, Any], element_id: str, *, is_first: bool) -> SafeString:
    name = file["name"]
    if file.get("kind") in {"image", "pdf"}:
        link = markup(
            '<a class="tb-viewer__link" href="{}" target="{}" data-viewer-link{}>{}<span>{}</span></a>',
            _framed(file),
            element_id,
            SafeString(' aria-current="true"' if is_first else ""),
            drawn("document", 20),
            name,
        )
    else:
        pattern = '<a class="tb-viewer__link" href="{}" download>{}<span>{}</span></a>'
        link = markup(pattern, file.get("download_url") or file["url"], drawn("download", 20), name)
    return markup(
        '<li class="tb-viewer__item">{}{}{}</li>',
        link,
        given(file.get("note"), '<span class="tb-viewer__note">{}</span>'),
        given(
            file.get("download_url"),
            '<a class="govuk-link tb-viewer__download" href="{}" download>{}'
            '<span class="govuk-visually-hidden"> {}</span></a>',
            file.get("download_url"),
            _("Download"),
            name,
        ),
    )
