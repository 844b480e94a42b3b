"""Figures in words, and the address of the cases behind them."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from tongban.insight.queries import Selection
from tongban.insight.rules.figures import PERCENT, Counted
from tongban.insight.rules.outcomes import CHANNELS, OUTCOMES

register = template.Library()


@register.filter
def value_words(counted: Counted) -> str:
    """Return what a figure came to: 97.5%, 5 days, 1.3, 12,000; a dash when there is nothing to count."""
    value = counted.value
    if value is None:
        return "—"
    match counted.figure.kind:
        case "share" | "saving":
            return f"{PERCENT * value:.1f}%"
        case "mean":
            return f"{value:.2f}"
        case "count":
            return f"{value:,.0f}"
    return ngettext("%(number)d day", "%(number)d days", int(value)) % {"number": int(value)}


@register.simple_tag
def behind(counted: Counted, selection: Selection, group: str = "", key: object = None) -> SafeString:
    """Show a figure as a link to the cases behind it; what counts nothing is no link."""
    words = value_words(counted)
    if not counted.among:
        return format_html('<span class="tb-quiet">{}</span>', words)
    part = selection.narrowed(group, key) if group else selection
    address = f"{reverse('insight:behind', args=[counted.figure.key])}?{part.address()}"
    return format_html('<a class="govuk-link" href="{}">{}</a>', address, words)


@register.simple_tag
def address(selection: Selection, **instead: object) -> str:
    """Return a selection as the part of an address after the question mark, with something else in it."""
    return selection.address(**{{"first": "from", "last": "to"}.get(key, key): value for key, value in instead.items()})


@register.filter
def outcome_words(outcome: str) -> str:
    """Return how a case ended."""
    return str(OUTCOMES.get(outcome, outcome))


@register.filter
def channel_words(channel: str) -> str:
    """Return how a case came in."""
    return str(CHANNELS.get(channel, channel))
