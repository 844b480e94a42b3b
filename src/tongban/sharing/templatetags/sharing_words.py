"""`{% load sharing_words %}`: look-ups, corrections, states of requests and conditions in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.template import Library
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.base.templatetags.ui_content import ui_tag
from tongban.base.templatetags.words import either, listed
from tongban.exchange import queries as exchange
from tongban.sharing.rules import own

if TYPE_CHECKING:
    from tongban.exchange.models import LookUp, Resource
    from tongban.sharing.models import DataRequest, Dispute, UnusedFields
    from tongban.sharing.queries import Whose


register = Library()


@register.filter
def name_or_title(case: Any) -> str:  # noqa: ANN401 - a case
    """Return what a case is called, in the reader's language."""
    return either(case.title, case.title_en)


@register.simple_tag
def reference_words(look_up: "LookUp") -> str:
    """Return what a look-up was for where that is no case of the reader's."""
    words = {
        own.REFERENCE: _("Reading of one's own data"),
        own.PRESENT: _("At a window, for the person who was present"),
        "draft": _("For an application that was being written"),
    }
    return words.get(look_up.reference_kind) or exchange.standing_words(look_up.reference_kind)


@register.simple_tag
def correct_address(resource: "Resource", field: str, whose: "Whose", record: int) -> str:
    """Return where a value is said not to be right."""
    asked: dict[str, object] = {} if whose.relation == "self" else {"for": whose.id}
    if record:
        asked["record"] = record
    address = reverse("sharing:correct", args=[resource.slug, field])
    return f"{address}?{urlencode(asked)}" if asked else address


COLOURS = {"granted": "green", "partly": "amber", "refused": "red", "withdrawn": "grey"}


DISPUTED = {"ordered": "green", "stands": "red", "withdrawn": "grey"}


SETTLED = {"open": "amber", "taken_out": "green", "kept": "blue", "overtaken": "grey"}


@register.simple_tag
def request_state(request: "DataRequest") -> SafeString:
    """Show what came of a request."""
    if not request.outcome:
        return ui_tag(pgettext("request", "Waits for its answer"), "blue")
    return ui_tag(request.get_outcome_display(), COLOURS[request.outcome])


@register.simple_tag
def dispute_state(dispute: "Dispute") -> SafeString:
    """Show what the coordinator decided."""
    if not dispute.outcome:
        return ui_tag(pgettext("dispute", "Before the coordinator"), "blue")
    return ui_tag(dispute.get_outcome_display(), DISPUTED[dispute.outcome])


@register.simple_tag
def unused_state(proposal: "UnusedFields") -> SafeString:
    """Show what became of a proposal."""
    return ui_tag(proposal.get_state_display(), SETTLED[proposal.state])


@register.filter
def condition(one: Mapping[str, Any]) -> str:
    """Return a condition of a filter in words."""
    values = {"field": one.get("field", ""), "values": listed([str(value) for value in one.get("values", ())])}
    sentences = {
        "in": _("%(field)s is one of: %(values)s"),
        "not_in": _("%(field)s is none of: %(values)s"),
        "begins_with": _("%(field)s begins with: %(values)s"),
        "at_least": _("%(field)s is at least %(values)s"),
        "at_most": _("%(field)s is at most %(values)s"),
    }
    return sentences.get(str(one.get("operator")), "%(field)s %(values)s") % values
