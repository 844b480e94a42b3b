"""Filters for lists of matters and for guides."""

from collections.abc import Iterable

from django.template import Library
from django.utils.safestring import SafeString

from tongban.base.templatetags.words import limit_words
from tongban.base.web.markup import joined
from tongban.catalogue.queries import Listed
from tongban.catalogue.web import vocabulary
from tongban.catalogue.web.rows import drawn_row

register = Library()


@register.filter
def told(part: object, attribute: str) -> str:
    """Return an attribute in the reader's language: `guide|told:"name"`."""
    return vocabulary.told(part, attribute)


@register.simple_tag
def matter_rows(rows: Iterable[Listed]) -> SafeString:
    """Show the matters of a list, each its row."""
    return joined(map(drawn_row, rows))


@register.filter
def row_limit(row: Listed) -> str:
    """Return the limit of a row in words, empty where none is stated."""
    limit = row.limit
    return "" if limit.value is None and not limit.unit else str(limit_words(limit.value, limit.unit or ""))


@register.filter
def audience_words(code: str) -> str:
    """Return who may apply, in words."""
    return vocabulary.audience(code)


@register.filter
def dial(number: str) -> str:
    """Return a telephone number as a link dials it: digits, + and the first number only."""
    first = number
    for separator in ("、", ",", ",", ";", ";", "/", " "):
        first = first.split(separator)[0] or first
    return "".join(character for character in first if character.isdigit() or character == "+")
