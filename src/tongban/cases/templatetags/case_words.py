"""`{% load case_words %}`: names in the reader's language, states as tags, urgency in words."""

from collections.abc import Iterable
from typing import Any

from django.forms import BaseForm
from django.template import Library
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.base.errors import Words
from tongban.base.templatetags.ui_content import details, ui_tag
from tongban.base.templatetags.words import in_chinese
from tongban.cases.kinds import Panel
from tongban.cases.models import Case
from tongban.cases.providers import Colour
from tongban.cases.rules.outcome import DECIDED, Standing, standing
from tongban.cases.rules.urgency import Pressure
from tongban.papers.kinds import row_of

register = Library()

OUTCOMES: dict[str, Words] = {
    "accepted": gettext_lazy("Accepted"),
    "supplement": gettext_lazy("Asked for a supplement"),
    "not_accepted": gettext_lazy("Not accepted"),
    "passed_on": gettext_lazy("Passed on to the competent office"),
    "granted": gettext_lazy("Granted"),
    "refused": gettext_lazy("Refused"),
    "window": gettext_lazy("Handed over at a window"),
    "post": gettext_lazy("Sent by post"),
    "done": gettext_lazy("Done"),
}
"""Outcomes of the legal steps; those of review steps have the words of their process."""


@register.filter
def named(thing: Any) -> str:  # noqa: ANN401 - a case, a task, an office, or a mapping of a choice
    """Return the name or title of something in the reader's language."""
    for field in ("title", "name", "label"):
        own = _part(thing, field)
        if own:
            return own if in_chinese() else _part(thing, f"{field}_en") or own
    return ""


def _part(thing: Any, field: str) -> str:  # noqa: ANN401 - see above
    return str(thing.get(field, "") if isinstance(thing, dict) else getattr(thing, field, "") or "")


@register.simple_tag
def case_state(case: Case) -> SafeString:
    """Show how a case came out, or where it is in its legal life."""
    shown = _standing(case)
    return ui_tag(shown.words, shown.colour)


@register.filter
def state_words(case: Case) -> str:
    """Return in a word how a case came out, or where it is."""
    return str(_standing(case).words)


def _standing(case: Case) -> Standing:
    decision = getattr(case, "decision", None) if case.state in DECIDED else None
    return standing(
        case.state,
        case.get_state_display(),
        outcome=decision.outcome if decision else "",
        item_type=_item_type(case) if decision else "",
        owes=getattr(case, "has_fee", False),
    )


def _item_type(case: Case) -> str:
    """Return the type of item; a row of a list brings it along, without the terms."""
    return str(getattr(case, "item_type", None) or case.terms.get("item_type", ""))


WARNINGS: dict[str, tuple[Words, str]] = {
    "green": (gettext_lazy("In time"), "green"),
    "yellow": (gettext_lazy("Yellow warning"), "amber"),
    "red": (gettext_lazy("Red warning"), "red"),
}


@register.simple_tag
def warning(colour: Colour) -> SafeString:
    """Show the warning that stands against a case: in words and a colour, never by colour alone."""
    words, shade = WARNINGS[colour]
    return ui_tag(words, shade)


@register.simple_tag
def urgency(pressure: Pressure) -> SafeString:
    """Show that something is due soon; what is late or due today the date itself says."""
    return ui_tag(_("Due soon"), "amber") if pressure.urgency == "soon" else SafeString("")


@register.filter
def choice_words(task: Any) -> str:  # noqa: ANN401 - a finished task
    """Return what was chosen at a finished step, in the reader's language."""
    for choice in task.choices:
        if choice["value"] == task.outcome:
            return named(choice)
    return str(OUTCOMES.get(task.outcome, task.outcome))


@register.filter
def outcome_colour(task: Any) -> str:  # noqa: ANN401 - a finished task
    """Return the colour of an outcome: red for what stands against the application."""
    against = {"refused", "not_accepted"}
    first = task.choices[0]["value"] if task.choices else task.outcome
    return "red" if task.outcome in against or task.outcome != first else "green"


@register.simple_block_tag
def fold(content: SafeString, summary: Words, form: BaseForm) -> SafeString:
    """Fold a form away behind its summary; one that comes back with errors stands open."""
    return details(content, summary, is_open=form.is_bound)


@register.simple_tag
def paper_words(paper: Any) -> str:  # noqa: ANN401 - a paper
    """Return what kind of paper it is, in the reader's language."""
    return str(row_of(paper).words)


@register.filter
def paragraph(sentences: Iterable[str]) -> str:
    """Return sentences as one paragraph; in English with spaces between them."""
    return ("" if in_chinese() else " ").join(sentences)


@register.simple_tag
def suspension_words(suspension: Any) -> str:  # noqa: ANN401 - a suspension
    """Return which special procedure it is, or that a law has ordered it."""
    return str(suspension.get_procedure_display() or suspension.get_kind_display())


@register.simple_tag(takes_context=True)
def case_panel(context: Context, panel: Panel) -> SafeString:
    """Show a part of the page that the kind of the case fills."""
    shown = {key: value for key, value in context.flatten().items() if isinstance(key, str)}
    return render_to_string(panel.template, {**shown, **panel.context})
