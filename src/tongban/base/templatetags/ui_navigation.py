"""The main navigation of residents and of officials.

It stands on every page and is the same for everybody who may open the same pages: so it is made once for each language,
set of entries and current entry, where drawing it anew took a quarter of what a page of officials costs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.template import Library
from django.template.context import Context
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy

from tongban.base.actor import Actor
from tongban.base.errors import Words
from tongban.base.templatetags.ui_icons import icon as drawn
from tongban.base.web.access import actor_of, declared_at
from tongban.base.web.addresses import address
from tongban.base.web.markup import joined, markup

register = Library()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its words, the view it leads to (by name), whether it is current on that very page only."""

    words: Words
    view: str
    icon: str = ""
    exact: bool = False


PUBLIC = (
    Entry(gettext_lazy("Home"), "portal:home", exact=True),
    Entry(gettext_lazy("For persons"), "catalogue:persons"),
    Entry(gettext_lazy("For enterprises"), "catalogue:enterprises"),
    Entry(gettext_lazy("Departments"), "catalogue:departments"),
    Entry(gettext_lazy("My matters"), "cases:mine"),
)
OFFICE = (
    Entry(gettext_lazy("Inbox"), "cases:inbox", "inbox", exact=True),
    Entry(gettext_lazy("Cases"), "cases:search", "document"),
    Entry(gettext_lazy("Window"), "applications:window", "window"),
    Entry(gettext_lazy("Fees"), "cases:fees", "money"),
    Entry(gettext_lazy("Deliveries"), "cases:deliveries", "mail"),
    Entry(gettext_lazy("Supervision"), "coordination:supervision", "eye"),
    Entry(gettext_lazy("Figures"), "insight:figures", "list"),
    Entry(gettext_lazy("Papers"), "cases:register", "stamp"),
    Entry(gettext_lazy("Wording"), "papers:wordings", "document"),
    Entry(gettext_lazy("Clocks"), "cases:clock-tables", "clock"),
    Entry(gettext_lazy("Data"), "exchange:catalogue", "key"),
    Entry(gettext_lazy("Data requests"), "sharing:asked", "list"),
    Entry(gettext_lazy("Registers"), "registers:registers", "list"),
    Entry(gettext_lazy("Leave"), "organisations:leave", "calendar"),
    Entry(gettext_lazy("Calendar"), "calendar:this-year", "calendar"),
    Entry(gettext_lazy("Messages"), "notifications:box", "bell"),
)
ENTRIES = {"public": PUBLIC, "office": OFFICE}


@register.simple_tag(takes_context=True)
def ui_navigation(context: Context, name: str) -> SafeString:
    """Show the entries of a navigation (public, office) that whoever has signed in may open, the current one marked."""
    request: HttpRequest | None = context.get("request")
    place = (name, get_urlconf(), get_script_prefix())
    known = _known(*place)
    actor = None if request is None else actor_of(request)
    shown = tuple(actor is None or actor.is_nobody or may(actor) for _entry, _href, may in known)
    path = "" if request is None else request.path
    current = tuple(path == href if entry.exact else path.startswith(href) for entry, href, _may in known)
    return _drawn(place, shown, current, get_language())


Known = tuple[tuple[Entry, str, Callable[[Actor], bool]], ...]


@lru_cache(maxsize=16)
def _known(name: str, urlconf: str | None, _prefix: str) -> Known:
    """Return the entries whose pages are there, with their addresses and who may open them."""
    found = []
    for entry in ENTRIES[name]:
        try:
            href = address(entry.view)
        except NoReverseMatch:
            continue
        found.append((entry, href, declared_at(href, urlconf)))
    return tuple(found)


@lru_cache(maxsize=1024)
def _drawn(
    place: tuple[str, str | None, str], shown: tuple[bool, ...], current: tuple[bool, ...], _language: str | None
) -> SafeString:
    return joined(
        _link(entry, href, is_current=is_current)
        for (entry, href, _may), is_shown, is_current in zip(_known(*place), shown, current, strict=True)
        if is_shown
    )


def _link(entry: Entry, href: str, *, is_current: bool) -> SafeString:
    return markup(
        '<li class="tb-nav__item"><a class="tb-nav__link" href="{}"{}>{}{}</a></li>\n',
        href,
        SafeString(' aria-current="page"' if is_current else ""),
        drawn(entry.icon, 20) if entry.icon else "",
        entry.words,
    )


@register.simple_tag
def ui_posts(actor: Actor | str) -> SafeString:
    """Show by which posts an official acts; nothing where nobody is known (a page of an error)."""
    posts = actor.posts if isinstance(actor, Actor) else ()
    if not posts:
        return SafeString("")
    deputy = markup(' <strong class="tb-tag tb-tag--amber">{}</strong>', gettext("deputy"))
    return markup(
        '<div class="tb-posts"><div class="tb-width tb-width--wide">'
        '<span class="govuk-visually-hidden">{}</span>{}</div></div>',
        gettext("You act by these posts:"),
        joined(
            markup(
                '<span class="tb-posts__post">{} · {}{}</span>',
                post.organisation_name,
                post.name,
                deputy if post.as_deputy else "",
            )
            for post in posts
        ),
    )
