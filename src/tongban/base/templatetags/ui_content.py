"""Parts of a page that show something: buttons, lists, tables, notices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django.core.paginator import Page
from django.template import Library
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongban.base.templatetags.ui_icons import icon
from tongban.base.templatetags.words import in_chinese

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
    return component("button", **locals())


@register.simple_tag
def ui_link_button(text: Words, href: str, kind: str = "", *, icon: str = "", download: bool = False) -> SafeString:
    """Show a link that looks like a button. `kind`: "" (main), secondary, warning, quiet, inverse, start."""
    return component("link_button", **locals())


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
    return component("summary_list", rows=[_summary_row(row) for row in rows], kind=kind, title=title, level=level)


@register.simple_tag
def ui_tag(text: Words, colour: str = "grey") -> SafeString:
    """Show a status in one of the colours grey, teal, green, amber, red, blue, purple."""
    return format_html(
        '<strong class="tb-tag tb-tag--{}">{}</strong>', colour if colour in TAG_COLOURS else "grey", text
    )


@register.simple_block_tag
def ui_panel(
    content: SafeString, title: Words, *, number: str = "", number_words: Words = "", level: int = 1
) -> SafeString:
    """Show that something was done: a receipt with its number."""
    return component("panel", content=content, title=title, number=number, number_words=number_words, level=level)


@register.simple_block_tag
def ui_inset(content: SafeString, kind: str = "") -> SafeString:
    """Set a passage apart. `kind`: "" or law (a quotation from law)."""
    return component("inset", content=content, kind=kind)


@register.simple_tag
def ui_warning(text: Words) -> SafeString:
    """Warn in one sentence."""
    return component("warning", text=text)


@register.simple_block_tag
def ui_details(content: SafeString, summary: Words, *, is_open: bool = False, element_id: str = "") -> SafeString:
    """Fold a passage away behind its summary."""
    return component("details", content=content, summary=summary, is_open=is_open, element_id=element_id)


@register.simple_block_tag
def ui_notification(content: SafeString, title: Words = "", kind: str = "info") -> SafeString:
    """Tell news at the top of a page. `kind`: info, success, important, problem."""
    titles = {"success": _("Done"), "important": _("Important"), "problem": _("There is a problem")}
    return component("notification", content=content, title=title or titles.get(kind, _("Please note")), kind=kind)


@register.simple_tag
def ui_breadcrumbs(*labels_and_addresses: object) -> SafeString:
    """Show the way here: label, address, label, address …; a last label without address is this page."""
    pairs = [labels_and_addresses[place : place + 2] for place in range(0, len(labels_and_addresses), 2)]
    items = [{"label": pair[0], "href": pair[1] if len(pair) > 1 else ""} for pair in pairs]
    return component("breadcrumbs", items=items)


@register.simple_tag
def ui_back_link(href: str, text: Words = "") -> SafeString:
    """Show a link to the page before."""
    return format_html('<a href="{}" class="govuk-back-link tb-back-link">{}</a>', href, text or _("Back"))


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
    return component("tabs", tabs=tabs, title=title or _("Contents"))


def _page_address(context: Context, number: int, parameter: str) -> str:
    request = context.get("request")
    query = request.GET.copy() if request is not None else None
    if query is None:
        return f"?{parameter}={number}"
    query[parameter] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def ui_pagination(context: Context, page: Page[Any], parameter: str = "page") -> SafeString:
    """Show links to the pages of a list (Django's `Page`), keeping the rest of the address."""
    if page.paginator.num_pages < 2:  # noqa: PLR2004 - one page needs no links
        return SafeString("")
    numbers = [
        {"number": number, "href": _page_address(context, number, parameter), "current": number == page.number}
        if isinstance(number, int)
        else {"number": "", "href": "", "current": False}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    before = _page_address(context, page.previous_page_number(), parameter) if page.has_previous() else ""
    after = _page_address(context, page.next_page_number(), parameter) if page.has_next() else ""
    return component("pagination", numbers=numbers, before=before, after=after)


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
    """Show a table that scrolls sideways on a phone.

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
    """Let a wide table written by hand scroll sideways on a phone; `label` names it for screen readers."""
    return format_html('<div class="tb-scroll" role="region" aria-label="{}" tabindex="0">{}</div>', label, content)


@register.simple_tag
def ui_empty(text: Words, *, hint: Words = "", action: Words = "", href: str = "", icon: str = "inbox") -> SafeString:
    """Say kindly that a list is empty, and what can be done next."""
    return component("empty", **locals())


@register.simple_block_tag
def ui_card(content: SafeString, title: Words = "", *, href: str = "", icon: str = "", level: int = 2) -> SafeString:
    """Show a card; with `href` its title is a link."""
    return component("card", content=content, title=title, href=href, icon=icon, level=level)


@register.simple_tag
def ui_link(text: Words, href: str, *, icon_name: str = "") -> SafeString:
    """Show a link, with an icon if one is named."""
    drawing = icon(icon_name, 20) if icon_name else ""
    return format_html('<a class="govuk-link tb-link" href="{}">{}{}</a>', href, drawing, text)


@register.simple_tag(takes_context=True)
def ui_nav_link(context: Context, text: Words, href: str, *, icon: str = "", exact: bool = False) -> SafeString:
    """Show an entry of the main navigation, marked when the page stands below its address."""
    request = context.get("request")
    path = request.path if request is not None else ""
    current = path == href if exact else path.startswith(href)
    return component("nav_link", text=text, href=href, icon=icon, current=current)


@register.simple_tag(takes_context=True)
def ui_city(context: Context) -> str:
    """Return the city's name in the reader's language, followed by a space where that language has spaces."""
    city = context.get("city")
    name = str(getattr(city, "name", ""))
    return name if in_chinese() else f"{getattr(city, 'name_en', '') or name} ".lstrip()
