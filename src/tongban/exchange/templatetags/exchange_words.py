"""`{% load exchange_words %}`: states of grants, classes of sharing, outcomes of look-ups in words."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.base.clock import office_date
from tongban.base.errors import Words
from tongban.base.templatetags.ui_content import ui_tag
from tongban.base.templatetags.words import either, listed
from tongban.exchange.errors import TOLD_AS, LookUpRefused, refused_by_source
from tongban.exchange.queries.catalogue import SOON
from tongban.exchange.rules.conditions import OPERATOR_WORDS, as_typed
from tongban.exchange.rules.outside.words import sentence

if TYPE_CHECKING:
    from tongban.exchange.actions import Trial
    from tongban.exchange.models import (
        Grant,
        LeadProposal,
        LookUp,
        Passage,
        Resource,
        ResourceItem,
        ResourceVersion,
        SourceWatch,
        Webhook,
    )
    from tongban.exchange.queries.leads import Datum
    from tongban.exchange.rules.neighbours.watching import LineState

register = Library()
STATES = {"active": "green", "suspended": "amber", "withdrawn": "grey"}
VERSIONS = {"draft": "grey", "in_review": "blue", "published": "green", "replaced": "grey", "withdrawn": "red"}
PROPOSALS = {"open": "blue", "agreed": "green", "declined": "grey"}
GRADES = {"good": "green", "fair": "amber", "poor": "red", "unknown": "grey"}
WEBHOOKS = {"unconfirmed": "amber", "active": "green", "dead": "red", "ended": "grey"}
CLASSES = {"unconditional": "green", "conditional": "amber", "none": "red"}


@register.simple_tag
def grant_state(grant: "Grant") -> SafeString:
    """Show the state of a grant."""
    return ui_tag(grant.get_state_display(), STATES[grant.state])


@register.simple_tag
def grant_end(grant: "Grant", now: datetime) -> SafeString:
    """Show that a grant is over or ends within a month; nothing where it is withdrawn or lasts longer."""
    if grant.state == "withdrawn" or grant.valid_until > now + SOON:
        return SafeString("")
    return ui_tag(pgettext("grant", "Ended"), "grey") if grant.valid_until <= now else ui_tag(_("Ending soon"), "amber")


@register.filter
def last_day(grant: "Grant") -> date:
    """Return the last day on which a grant may be used."""
    return office_date(grant.valid_until - timedelta(microseconds=1))


@register.filter
def condition_words(condition: Mapping[str, Any]) -> str:
    """Return what a condition of a grant wants, in words."""
    operator = OPERATOR_WORDS.get(condition["operator"], condition["operator"])
    return f"{operator} {listed(as_typed(condition['values']).split(chr(10)))}"


@register.simple_tag
def version_state(version: "ResourceVersion") -> SafeString:
    """Show the state of a version of an entry."""
    return ui_tag(version.get_state_display(), VERSIONS[version.state])


@register.simple_tag
def proposal_state(proposal: "LeadProposal") -> SafeString:
    """Show what became of a proposal."""
    return ui_tag(proposal.get_state_display(), PROPOSALS[proposal.state])


@register.simple_tag
def grade(code: str, words: Words) -> SafeString:
    """Show a grade of quality."""
    return ui_tag(words, GRADES[code])


@register.simple_tag
def datum_state(datum: "Datum") -> SafeString:
    """Show whether somebody answers for a datum, and whether that is in dispute."""
    if datum.conflict == "claimed":
        return ui_tag(_("Two offices claim it"), "red")
    if datum.conflict == "nobody":
        return ui_tag(_("Nobody answers for it"), "red")
    return ui_tag(pgettext("data", "Settled"), "green") if datum.lead else ui_tag(_("Held by one office"), "grey")


@register.simple_tag
def expiry_tag(state: str) -> SafeString:
    """Show that something ends soon or is over; nothing while it is good."""
    if state not in {"soon", "over"}:
        return SafeString("")
    return ui_tag(pgettext("grant", "Ended"), "red") if state == "over" else ui_tag(_("Ending soon"), "amber")


@register.simple_tag
def line_tag(line: "LineState") -> SafeString:
    """Show how it goes on a line to a neighbour."""
    words, colour = {
        "unknown": (_("Not called"), "grey"),
        "answers": (pgettext("neighbour", "Answers"), "green"),
        "fails": (_("Did not answer last"), "amber"),
        "resting": (_("Does not answer: left alone for a while"), "red"),
    }[line.state]
    return ui_tag(words, colour)


@register.simple_tag
def passage_outcome(passage: "Passage") -> SafeString:
    """Show whether a message passed."""
    return (
        ui_tag(pgettext("passage", "Refused"), "red")
        if passage.refused
        else ui_tag(pgettext("passage", "Passed"), "green")
    )


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
    words = {
        "answered": _("Answered"),
        "nothing_found": _("Nothing found"),
        "source_unavailable": _("No answer came"),
        "source_refused": _("The source refused"),
    }
    return ui_tag(words[answer.outcome], "green" if answer.outcome == "answered" else "grey")


@register.filter
def why_refused(look_up: "LookUp") -> str:
    """Return why a look-up was refused, here or by its source, in a sentence; empty where it was not."""
    answer = getattr(look_up, "answer", None)
    if answer is not None and answer.outcome == "source_refused":
        return str(refused_by_source(answer.told))
    refusal = LookUpRefused.told.get(TOLD_AS.get(look_up.refused, look_up.refused))
    return str(refusal.message) if refusal else ""


@register.simple_tag
def source_state(watch: "SourceWatch | None") -> SafeString:
    """Show how the source of a resource fares."""
    if watch is None or (watch.state == "well" and watch.succeeded_at is None):
        return ui_tag(_("Not looked at yet"), "grey")
    return ui_tag(watch.get_state_display(), "green" if watch.state == "well" else "red")


@register.simple_tag
def webhook_state(webhook: "Webhook") -> SafeString:
    """Show the state of a receiver of changes."""
    return ui_tag(webhook.get_state_display(), WEBHOOKS[webhook.state])


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
