"""`{% load exchange_words %}`: states of grants, classes of sharing, outcomes of look-ups in words."""

from typing import TYPE_CHECKING

from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.base.templatetags.ui_content import ui_tag
from tongban.base.templatetags.words import either
from tongban.exchange.errors import TOLD_AS, LookUpRefused
from tongban.exchange.rules.outside.words import sentence

if TYPE_CHECKING:
    from tongban.exchange.actions import Trial
    from tongban.exchange.models import Grant, LookUp, Resource, ResourceItem, SourceWatch

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


@register.simple_tag
def source_state(watch: "SourceWatch | None") -> SafeString:
    """Show how the source of a resource fares."""
    if watch is None or (watch.state == "well" and watch.succeeded_at is None):
        return ui_tag(_("Not looked at yet"), "grey")
    return ui_tag(watch.get_state_display(), "green" if watch.state == "well" else "red")


@register.filter
def why_away(seen: "SourceWatch | Trial") -> str:
    """Return what is wrong with a source, in a sentence."""
    return sentence(seen.why, seen.about)


@register.filter
def resource_name(resource: "Resource") -> str:
    """Return the name of a resource; before its first version is in force it has but a short one."""
    return either(resource.name, resource.name_en) or resource.slug


@register.filter
def is_item(name: str) -> bool:
    """Whether a field of the form asks where an information item is found."""
    return name.startswith("item_")
