"""`{% load form_steps %}`: the questions of a step as inputs, and the summary of what is wrong with them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.base.templatetags.ui_fields import ui_control, ui_errors
from tongban.forms.rules.checking import (
    check_step,
    depends_on_page,
    follows_at_once,
    in_words,
    label_of,
    visible_fields,
)
from tongban.forms.rules.conditions import Context, SimpleCondition, simple_condition
from tongban.forms.rules.document import FormDocument, FormField, FormStep
from tongban.forms.rules.filled import Filled, with_fixed
from tongban.forms.rules.inputs import inputs_of
from tongban.forms.rules.showing import words_of
from tongban.forms.rules.typed import ASKED, typed_for

register = Library()

_FIRST_INPUT = {"date": "_year", "identity": "_number", "address": "_detail"}


def _step(document: FormDocument, step: FormStep | str) -> FormStep:
    return document.step(step) if isinstance(step, str) else step


def asked_on_page(
    document: FormDocument,
    step: FormStep,
    answers: Mapping[str, Any],
    context: Context,
    fixed: Collection[str] = (),
) -> list[FormField]:
    """Return what stands on the page: what is asked now, and what a choice on the same page would ask.

    A `fixed` answer is no choice: what hangs on it is asked or not.
    """
    visible = {asked.key for asked in visible_fields(document, answers, context)}
    return [
        asked
        for asked in step.fields
        if asked.key in visible or (follows_at_once(step, asked) and _could_follow(step, asked, visible, fixed))
    ]


def _could_follow(step: FormStep, asked: FormField, visible: set[str], fixed: Collection[str]) -> bool:
    """Whether the question that this one hangs on stands on the page itself."""
    condition = simple_condition(asked.condition)
    if condition is None or condition.field in fixed:
        return False
    if condition.field in visible:
        return True
    other = next((field for field in step.fields if field.key == condition.field), None)
    return other is not None and follows_at_once(step, other) and _could_follow(step, other, visible, fixed)


def _follows(step: FormStep, asked: FormField, fixed: Collection[str]) -> dict[str, Any]:
    """Return what the page needs for "if … then": data for the script, and the words that say so without it."""
    condition = simple_condition(asked.condition)
    if condition is None or condition.field in fixed or not follows_at_once(step, asked):
        return {"data": {}, "only_if": ""}
    other = next(field for field in step.fields if field.key == condition.field)
    return {
        "data": {"data-shown-when": condition.field, "data-shown-values": "|".join(condition.values)},
        "only_if": _("Only if “%(question)s” is answered with: %(answers)s")
        % {"question": label_of(other), "answers": _answer_words(other, condition)},
    }


def _answer_words(other: FormField, condition: SimpleCondition) -> str:
    values: Sequence[object] = condition.values
    if other.type == "yes_no":
        values = [value == "yes" for value in condition.values]
    options = {option.value: in_words(option.label, option.label_en) for option in other.options}
    return pgettext("between answers", " or ").join(
        options.get(str(value)) or words_of(other, value) for value in values
    )


def _group(
    step: FormStep,
    asked: FormField,
    values: Mapping[str, Any],
    errors: Mapping[str, Sequence[str]],
    context: Context,
    filled: Mapping[str, Filled],
) -> dict[str, Any]:
    follows = _follows(step, asked, {key for key, one in filled.items() if one.is_fixed})
    wrong = list(errors.get(asked.key, ()))
    known = filled.get(asked.key)
    inputs = [] if known and known.is_fixed else inputs_of(asked, values, context)
    if known and len(inputs) == 1:
        inputs = [{**inputs[0], "hint": _sentences(inputs[0].get("hint", ""), known.words)}]
    last = len(inputs) - 1
    return {
        "field": asked,
        "label": label_of(asked),
        "hint": _sentences(in_words(asked.hint, asked.hint_en), known.words if known and not known.is_fixed else ""),
        "filled": known,
        "filled_words": words_of(asked, known.value, sight="full") if known else "",
        "errors": wrong,
        "controls": [ui_control(**each, errors=wrong if place == last else ()) for place, each in enumerate(inputs)],
        "is_group": len(inputs) > 1,
        "is_late": asked.asks and depends_on_page(step, asked),
        **follows,
    }


def _sentences(*texts: str) -> str:
    return in_words("", " ").join(text for text in texts if text)


def _shown(
    document: FormDocument, step: FormStep, values: Mapping[str, Any], typed: Mapping[str, Any] | None, context: Context
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what stands in the inputs, and the answers by which questions are asked."""
    answers = {**_form(context), **values}
    if typed is None:
        return answers, answers
    checked = check_step(document, step.key, typed, {**context, "form": answers})
    own = {asked.key for asked in step.fields}
    others = {key: value for key, value in answers.items() if key not in own}
    return {**answers, **{asked.key: typed_for(asked, typed) for asked in step.fields}}, {**others, **checked.values}


def _form(context: Context) -> Mapping[str, object]:
    form = context.get("form")
    return form if isinstance(form, Mapping) else {}


def _render(groups: list[dict[str, Any]], hint: str = "") -> SafeString:
    late = " ".join(group["field"].key for group in groups if group["is_late"])
    return render_to_string("forms/step.html", {"groups": groups, "hint": hint, "asked_name": ASKED, "asked": late})


@register.simple_tag
def form_step(
    document: FormDocument,
    step: FormStep | str,
    values: Mapping[str, Any],
    errors: Mapping[str, Sequence[str]] | None,
    context: Context,
    typed: Mapping[str, Any] | None = None,
    filled: Mapping[str, Filled] | None = None,
) -> SafeString:
    """Show all questions of a step.

    `values` are stored answers (or `StepChecked.shown`); `typed`, where given, is what was just sent and stands in the
    inputs instead. `errors` are the sentences by question, `context` is that of `rules.check_step`. `filled` are
    answers that another office gave: their source stands beside them, fixed ones are told and not asked.
    """
    shown_step, filled = _step(document, step), filled or {}
    typed = None if typed is None else with_fixed(document, typed, filled)
    shown, answers = _shown(document, shown_step, values, typed, context)
    seen = {**context, "form": answers}
    fixed = {key for key, one in filled.items() if one.is_fixed}
    groups = [
        _group(shown_step, asked, shown, errors or {}, seen, filled)
        for asked in asked_on_page(document, shown_step, answers, context, fixed)
    ]
    return _render(groups, in_words(shown_step.hint, shown_step.hint_en))


@register.simple_tag
def form_fields(
    document: FormDocument,
    keys: Collection[str],
    values: Mapping[str, Any],
    errors: Mapping[str, Sequence[str]] | None,
    context: Context,
    typed: Mapping[str, Any] | None = None,
) -> SafeString:
    """Show just these questions, as for a supplement, each by itself: what it hangs on stands already."""
    groups = []
    for step in document.steps:
        own = [asked for asked in step.fields if asked.key in keys]
        if own:
            shown, answers = _shown(document, step, values, typed, context)
            alone = step.model_copy(update={"fields": tuple(own)})
            groups += [_group(alone, asked, shown, errors or {}, {**context, "form": answers}, {}) for asked in own]
    return _render(groups)


def _named(asked: FormField, text: str) -> str:
    """Say which question a sentence belongs to, where it does not say so itself."""
    label = label_of(asked)
    return (
        text if label in text else pgettext("summary of errors", "%(label)s: %(text)s") % {"label": label, "text": text}
    )


@register.simple_tag
def form_error_summary(
    document: FormDocument, step: FormStep | str, errors: Mapping[str, Sequence[str]] | None
) -> SafeString:
    """List what is wrong in a step, each a link to its input; nothing when all is well."""
    listed: list[dict[str, object]] = [
        {"href": f"#id_{asked.key}{_FIRST_INPUT.get(asked.type, '')}", "text": _named(asked, text)}
        for asked in _step(document, step).fields
        for text in (errors or {}).get(asked.key, ())
    ]
    return ui_errors(listed)
