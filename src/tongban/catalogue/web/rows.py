"""Rows of a list of matters, made in Python and kept: a page of results shows twenty of them, the same again and again.

A row shows nothing but what stands in its `Listed`, in one language; that is its key, so that none can be out of date.
"""

from functools import lru_cache

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongban.base.templatetags.ui_content import ui_tag
from tongban.base.templatetags.ui_icons import icon
from tongban.base.templatetags.words import limit_words
from tongban.base.web.markup import given, joined, markup
from tongban.catalogue.queries import Listed
from tongban.catalogue.web.addresses import office_address
from tongban.catalogue.web.vocabulary import told

KEPT = 8192
"""Rows, of about 2.7 kB each, what they were made of included, in each language."""
LONGEST_SUMMARY = 90
ICON_SIZE = 18


def drawn_row(row: Listed) -> SafeString:
    """Return a row in the reader's language."""
    return SafeString(_drawn(row, get_language() or "").decode())


@lru_cache(maxsize=KEPT)
def _drawn(row: Listed, _language: str) -> bytes:
    """Keep it as bytes: as a text with Chinese in it each letter of its icons, too, takes two."""
    return _draw(row).encode()


def _draw(row: Listed) -> SafeString:
    return markup(
        '\n<li class="tb-matter{}">\n<h3 class="tb-matter__name"><a class="tb-matter__link" href="{}">{}</a>{}</h3>\n'
        '{}\n<p class="tb-matter__facts">{}{}</p>\n</li>',
        "" if row.has_guide else " tb-matter--to-come",
        reverse("catalogue:item", args=[row.code]),
        told(row, "name"),
        _tag(row),
        given(
            row.summary,
            '<p class="tb-matter__summary">{}</p>',
            Truncator(told(row, "summary")).chars(LONGEST_SUMMARY),
        ),
        _office(row),
        _facts(row) if row.has_guide else "",
    )


def _tag(row: Listed) -> SafeString:
    if row.state == "suspended":
        return markup(" {}", ui_tag(_("Suspended for now"), "amber"))
    if not row.has_guide:
        return markup(" {}", ui_tag(_("Guide to come"), "grey"))
    if row.applicable and row.online:
        return markup(" {}", ui_tag(_("Can be done online"), "teal"))
    return SafeString("")


def _office(row: Listed) -> SafeString:
    address = office_address(row.office_slug, row.office)
    name = told(row, "office")
    shown = markup('<a class="tb-matter__office" href="{}">{}</a>', address, name) if address else row.office
    return given(row.office, "<span>{}{}</span>", icon("building", ICON_SIZE), shown)


def _facts(row: Listed) -> SafeString:
    facts = []
    if row.limit.value is not None or row.limit.unit:
        limit = {"limit": limit_words(row.limit.value, row.limit.unit or "")}
        words = _("promised: %(limit)s") if row.limit_is_promise else _("by law: %(limit)s")
        facts.append(("clock", words % limit))
    if row.visits == 0:
        facts.append(("route", _("no visit")))
    elif row.visits:
        visits = ngettext("%(counter)s visit", "%(counter)s visits", row.visits)
        facts.append(("route", visits % {"counter": row.visits}))
    if row.charges is False:
        facts.append(("coin", _("free")))
    return joined(markup("<span>{}{}</span>", icon(name, ICON_SIZE), words) for name, words in facts)
