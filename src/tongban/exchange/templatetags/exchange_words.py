"""`{% load exchange_words %}`: states of grants, classes of sharing, outcomes of look-ups in words."""

from typing import TYPE_CHECKING

from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.base.templatetags.ui_content import ui_tag
from tongban.exchange.errors import TOLD_AS, LookUpRefused

if TYPE_CHECKING:
    from tongban.exchange.models import Grant, LookUp, ResourceItem

register = Library()
STATES = {"active": "green", "suspended": "amber", "withdrawn": "grey"}
CLASSES = {"unconditional": "green", "conditional": "amber", "none": "red"}


@register.simple_tag
def grant_state(grant: "Grant") -> SafeString:
    """Show the state of a grant."""
    return ui_tag(grant.get_state_display(), STATES[grant.state])


@register.simple_tag
def sharing_class(item: "ResourceItem") -> SafeString:
    """Show whether an item is shared."""
    return ui_tag(item.get_sharing_class_display(), CLASSES[item.sharing_class])


@register.simple_tag
def outcome(look_up: "LookUp") -> SafeString:
    """Show what came of a look-up."""
    if look_up.refused:
        return ui_tag(pgettext("look-up", "Refused"), "red")
    answer = getattr(look_up, "answer", None)
    if answer is None:
        return ui_tag(_("Asked, no answer left"), "amber")
    words = {"answered": _("Answered"), "nothing_found": _("Nothing found"), "source_unavailable": _("No answer came")}
    return ui_tag(words[answer.outcome], "green" if answer.outcome == "answered" else "grey")


@register.filter
def why_refused(look_up: "LookUp") -> str:
    """Return why a look-up was refused, in a sentence; empty where it was not."""
    refusal = LookUpRefused.told.get(TOLD_AS.get(look_up.refused, look_up.refused))
    return str(refusal.message) if refusal else ""
