"""`{% load supervision_words %}`: watches, colours and thresholds in words."""

from typing import Any

from django.forms import BoundField
from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongban.base.templatetags.ui_content import ui_tag
from tongban.coordination.rules.comparing import threshold_words
from tongban.coordination.rules.table import COLOURS, FOLLOWS, WATCHES, WatchRule

register = Library()
SHADES = {"red": "red", "yellow": "amber", "green": "green"}
STATES = {"waiting": "amber", "answered": "blue", "closed": "green"}


@register.filter
def watch_words(watch: str) -> str:
    """Return what is watched."""
    return str(WATCHES.get(watch, watch))


@register.filter
def colour_words(colour: str) -> str:
    """Return the name of a colour."""
    return str(COLOURS.get(colour, colour))


@register.filter
def follows_words(follows: str) -> str:
    """Return what follows from a rule."""
    return str(FOLLOWS.get(follows, follows))


@register.filter
def threshold(rule: WatchRule) -> str:
    """Return when a rule holds."""
    return threshold_words(rule)


@register.filter
def only_choice(field: BoundField) -> str:
    """Return the words of a hidden field's one choice; "" for a field that is shown."""
    return str(field.field.choices[0][1]) if field.is_hidden else ""  # type: ignore[attr-defined]  # a field of choices


@register.simple_tag
def colour_tag(colour: str) -> SafeString:
    """Show a colour with its name: never by colour alone."""
    return ui_tag(colour_words(colour), SHADES.get(colour, "grey"))


@register.simple_tag
def order_state(order: Any) -> SafeString:  # noqa: ANN401 - an order
    """Show whose turn an order is."""
    if order.is_withdrawn:
        return ui_tag(_("Withdrawn"), "grey")
    return ui_tag(order.get_state_display(), STATES[order.state])
