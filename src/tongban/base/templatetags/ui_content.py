"""Parts of a page that show something: buttons, lists, tables, notices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django.template import Library
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.base.templatetags.ui_icons import icon as drawn
from tongban.base.templatetags.words import in_chinese
from tongban.base.web.markup import given, in_lines, joined, markup

register = Library()

Words = str | Promise
TAG_COLOURS = ("grey", "teal", "green", "amber", "red", "blue", "purple")


def component(part: str, /, **context: object) -> SafeString:
    """Render `base/components/<part>.html`."""
    return render_to_string(f"base/components/{part}.html", context)


@register.simple_tag
def ui_button(
    text: Words,
    kind: str = "",
    *,
    name: str = "",
    value: object = "",
    button_type: str = "submit",
    icon: str = "",
    form: str = "",
    action: str = "",
    disabled: bool = False,
    novalidate: bool = False,
    described_by: str = "",
) -> SafeString:
    """Show a button. `kind`: "" (main), secondary, warning, quiet, inverse. `action` is its own form action."""
    return markup(
        '<button type="{}" class="govuk-button tb-button{}" data-module="govuk-button"{}{}{}{}{}{}{}>{}{}</button>',
        button_type,
        given(kind, " govuk-button--{}"),
        SafeString(' data-prevent-double-click="true"' if button_type == "submit" else ""),
        given(name, ' name="{}" value="{}"', name, value),
        given(form, ' form="{}"'),
        given(action, ' formaction="{}"'),
        " formnovalidate" if novalidate else "",
        given(described_by, ' aria-describedby="{}"'),
        SafeString(' disabled aria-disabled="true"' if disabled else ""),
        drawn(icon, 20) if icon else "",
        text,
    )


@register.simple_tag
def ui_link_button(text: Words, href: str, kind: str = "", *, icon: str = "", download: bool = False) -> SafeString:
    """Show a link that looks like a button. `kind`: "" (main), secondary, warning, quiet, inverse, start."""
    return markup(
        '<a href="{}" class="govuk-button tb-button{}" draggable="false"{}>{}{}{}</a>',
        href,
        given(kind, " govuk-button--{}"),
        " download" if download else "",
        drawn(icon, 20) if icon else "",
        text,
        drawn("arrow-right", 22, extra="govuk-button__start-icon") if kind == "start" else "",
    )


@register.simple_tag
def ui_print_button(text: Words = "") -> SafeString:
    """Show a button that prints the page; hidden where scripts do not run."""
    return component("print_button", text=text or _("Print this page"))


def _summary_row(row: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
    if isinstance(row, Mapping):
        return dict(row)
    return dict(zip(("key", "value", "href", "action"), row, strict=False))


@register.simple_tag
def ui_summary_list(
    rows: Iterable[Mapping[str, Any] | Sequence[Any]], *, kind: str = "", title: Words = "", level: int = 2
) -> SafeString:
    """Show keys and values.

    A row is (key, value), (key, value, href, action words), or a mapping with
    `key`, `value` or `lines` (a list of texts), `href`, `action`, `note`. `kind`: "" , card, plain.
    """
    shown = markup(
        '<dl class="govuk-summary-list{}">\n{}</dl>\n',
        " govuk-summary-list--no-border" if kind == "plain" else "",
        joined(_summary_line(_summary_row(row)) for row in rows),
    )
    if kind != "card":
        return markup("{}{}", given(title, '<h{} class="govuk-heading-m">{}</h{}>\n', level, title, level), shown)
    return markup(
        '<div class="govuk-summary-card tb-summary-card">{}<div class="govuk-summary-card__content">{}</div></div>',
        given(
            title,
            '<div class="govuk-summary-card__title-wrapper"><h{} class="govuk-summary-card__title">{}</h{}></div>',
            level,
            title,
            level,
        ),
        shown,
    )


def _summary_line(row: Mapping[str, Any]) -> SafeString:
    lines, href = row.get("lines"), row.get("href")
    return markup(
        '<div class="govuk-summary-list__row{}"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}{}</dd>{}</div>\n',
        "" if href else " govuk-summary-list__row--no-actions",
        row.get("key", ""),
        joined(markup("<div>{}</div>", line) for line in lines) if lines else in_lines(row.get("value", "")),
        given(row.get("note"), '<div class="govuk-hint tb-note">{}</div>'),
        given(
            href,
            '<dd class="govuk-summary-list__actions"><a class="govuk-link" href="{}">{}'
            '<span class="govuk-visually-hidden"> {}</span></a></dd>',
            href,
            row.get("action", ""),
            row.get("key", ""),
        ),
    )


@register.simple_tag
def ui_tag(text: Words, colour: str = "grey") -> SafeString:
    """Show a status in one of the colours grey, teal, green, amber, red, blue, purple."""
    return markup('<strong class="tb-tag tb-tag--{}">{}</strong>', colour if colour in TAG_COLOURS else "grey", text)


@register.simple_block_tag
def ui_panel(
    content: SafeString, title: Words, *, number: str = "", number_words: Words = "", level: int = 1
) -> SafeString:
    """Show that something was done: a receipt with its number."""
    return component("panel", content=content, title=title, number=number, number_words=number_words, level=level)


@register.simple_block_tag
def ui_inset(content: SafeString, kind: str = "") -> SafeString:
    """Set a passage apart. `kind`: "" or law (a quotation from law)."""
    return markup('<div class="govuk-inset-text{}">{}</div>', given(kind, " tb-inset--{}"), content)


@register.simple_tag
def ui_warning(text: Words) -> SafeString:
    """Warn in one sentence."""
    return component("warning", text=text)


@register.simple_block_tag
def ui_details(content: SafeString, summary: Words, *, is_open: bool = False, element_id: str = "") -> SafeString:
    """Fold a passage away behind its summary."""
    return details(content, summary, is_open=is_open, element_id=element_id)


def details(content: SafeString, summary: Words, *, is_open: bool = False, element_id: str = "") -> SafeString:
    """Return a passage folded away behind its summary."""
    return markup(
        '<details class="govuk-details"{}{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>\n',
        given(element_id, ' id="{}"'),
        " open" if is_open else "",
        summary,
        content,
    )


@register.simple_block_tag
def ui_narrow(content: SafeString, *, chosen: int = 0) -> SafeString:
    """Fold filters away where there is little room. `chosen`: how many of them are set.

    Wide pages show them unfolded, by style or, in older browsers, by script; without either they open at a click.
    """
    told = ngettext("%(number)d chosen", "%(number)d chosen", chosen) % {"number": chosen}
    return markup(
        '<details class="tb-narrow"><summary class="tb-narrow__summary">{}<span>{}</span>{}{}</summary>{}</details>\n',
        drawn("sliders", 20),
        _("Narrow down"),
        given(chosen and told, '<span class="tb-narrow__chosen">{}</span>'),
        drawn("chevron-down", 20),
        content,
    )


@register.simple_block_tag
def ui_notification(content: SafeString, title: Words = "", kind: str = "info") -> SafeString:
    """Tell news at the top of a page. `kind`: info, success, important, problem."""
    titles = {"success": _("Done"), "important": _("Important"), "problem": _("There is a problem")}
    heading = title or titles.get(kind, _("Please note"))
    alert = SafeString('alert" tabindex="-1" data-focus')
    return markup(
        '<div class="tb-notification tb-notification--{}" role="{}>{}<div><p class="tb-notification__title">{}</p>'
        '<div class="tb-notification__body">{}</div></div></div>\n',
        kind,
        alert if kind in {"success", "problem"} else markup('region" aria-label="{}"', heading),
        drawn({"success": "check-circle", "info": "info"}.get(kind, "warning"), 28),
        heading,
        content,
    )


@register.simple_tag
def ui_breadcrumbs(*labels_and_addresses: object) -> SafeString:
    """Show the way here: label, address, label, address …; a last label without address is this page."""
    pairs = [labels_and_addresses[place : place + 2] for place in range(0, len(labels_and_addresses), 2)]
    items = [{"label": pair[0], "href": pair[1] if len(pair) > 1 else ""} for pair in pairs]
    return markup(
        '<nav class="govuk-breadcrumbs tb-breadcrumbs" aria-label="{}">'
        '<ol class="govuk-breadcrumbs__list">{}</ol></nav>\n',
        _("You are here"),
        joined(_breadcrumb(item["label"], item["href"]) for item in items),
    )


def _breadcrumb(label: object, href: object) -> SafeString:
    if not href:
        return markup('<li class="govuk-breadcrumbs__list-item" aria-current="page">{}</li>', label)
    pattern = '<li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link" href="{}">{}</a></li>'
    return markup(pattern, href, label)


@register.simple_tag
def ui_back_link(href: str, text: Words = "") -> SafeString:
    """Show a link to the page before."""
    return markup('<a href="{}" class="govuk-back-link tb-back-link">{}</a>', href, text or _("Back"))


def _gathered_tabs(context: Context) -> list[dict[str, object]]:
    """Return the tabs rendered so far inside the `ui_tabs` that is being rendered."""
    if "ui_tabs" not in context.render_context:
        context.render_context["ui_tabs"] = []
    return cast("list[dict[str, object]]", context.render_context["ui_tabs"])


@register.simple_block_tag(takes_context=True)
def ui_tab(context: Context, content: SafeString, element_id: str, label: Words, *, count: int | None = None) -> str:
    """Hold one tab inside `ui_tabs`; `count` is shown beside its label."""
    _gathered_tabs(context).append({"id": element_id, "label": label, "content": content, "count": count})
    return ""


@register.simple_block_tag(takes_context=True)
def ui_tabs(context: Context, content: SafeString, title: Words = "") -> SafeString:
    """Show tabs; without script they are sections one after the other with links to each."""
    gathered = _gathered_tabs(context)
    tabs = list(gathered)
    gathered.clear()
    return markup(
        '<div class="govuk-tabs" data-module="govuk-tabs"><h2 class="govuk-tabs__title">{}</h2>\n'
        '<ul class="govuk-tabs__list">{}</ul>\n{}</div>\n',
        title or _("Contents"),
        joined(_tab_link(tab, first=place == 0) for place, tab in enumerate(tabs)),
        joined(
            markup(
                '<div class="govuk-tabs__panel{}" id="{}">{}</div>\n',
                " govuk-tabs__panel--hidden" if place else "",
                tab["id"],
                tab["content"],
            )
            for place, tab in enumerate(tabs)
        ),
    )


def _tab_link(tab: Mapping[str, object], *, first: bool) -> SafeString:
    count = tab["count"]
    return markup(
        '<li class="govuk-tabs__list-item{}"><a class="govuk-tabs__tab" href="#{}">{}{}</a></li>',
        " govuk-tabs__list-item--selected" if first else "",
        tab["id"],
        tab["label"],
        "" if count is None else markup(' <span class="tb-count">{}</span>', count),
    )


def _cell(cell: object) -> dict[str, Any]:
    return dict(cell) if isinstance(cell, Mapping) else {"text": cell}


@register.simple_tag
def ui_table(
    head: Sequence[object],
    rows: Iterable[Sequence[object]],
    caption: Words,
    *,
    caption_hidden: bool = False,
    first_is_header: bool = False,
) -> SafeString:
    """Show a table, of whose rows a phone makes cards; without script it scrolls sideways there.

    A cell is a text or a mapping with `text`, `href`, `numeric`, `tag` (a colour) or `note`.
    """
    return component(
        "table",
        head=[_cell(cell) for cell in head],
        rows=[[_cell(cell) for cell in row] for row in rows],
        caption=caption,
        caption_hidden=caption_hidden,
        first_is_header=first_is_header,
    )


@register.simple_block_tag
def ui_scroll(content: SafeString, label: Words) -> SafeString:
    """Let a wide table written by hand be cards on a phone, or scroll; `label` names it for screen readers."""
    return markup('<div class="tb-scroll" role="region" aria-label="{}" tabindex="0">{}</div>', label, content)


@register.simple_tag
def ui_empty(text: Words, *, hint: Words = "", action: Words = "", href: str = "", icon: str = "inbox") -> SafeString:
    """Say kindly that a list is empty, and what can be done next."""
    return component("empty", **locals())


@register.simple_block_tag
def ui_card(content: SafeString, title: Words = "", *, href: str = "", icon: str = "", level: int = 2) -> SafeString:
    """Show a card; with `href` its title is a link."""
    named = markup('<a class="tb-card__link" href="{}">{}</a>', href, title) if href else title
    heading = '<h{} class="tb-card__title">{}{}</h{}>'
    return markup(
        '<section class="tb-card{}">{}<div class="tb-card__body">{}</div></section>\n',
        " tb-card--link" if href else "",
        given(title, heading, level, drawn(icon, 24) if icon else "", named, level),
        content,
    )


@register.simple_tag
def ui_link(text: Words, href: str, *, icon_name: str = "") -> SafeString:
    """Show a link, with an icon if one is named."""
    drawing = drawn(icon_name, 20) if icon_name else ""
    return markup('<a class="govuk-link tb-link" href="{}">{}{}</a>', href, drawing, text)


@register.simple_tag(takes_context=True)
def ui_city(context: Context) -> str:
    """Return the city's name in the reader's language, followed by a space where that language has spaces."""
    city = context.get("city")
    name = str(getattr(city, "name", ""))
    return name if in_chinese() else f"{getattr(city, 'name_en', '') or name} ".lstrip()
