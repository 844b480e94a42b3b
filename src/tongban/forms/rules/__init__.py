"""Forms as pure reckoning: the document, what is asked when, whether an answer is right, answers in words."""

from tongban.forms.rules.checking import (
    StepChecked,
    check_all,
    check_step,
    for_reckoning,
    in_words,
    typed_again,
    visible_fields,
    visible_steps,
)
from tongban.forms.rules.defaults import default_document
from tongban.forms.rules.document import Check, Choice, FormDocument, FormField, FormStep
from tongban.forms.rules.easing import without_duty_of_contact
from tongban.forms.rules.filled import Filled, fitting, with_fixed
from tongban.forms.rules.showing import ShownRow, ShownStep, Sight, prefilled, shown, words_of
from tongban.forms.rules.typed import typed_from

__all__ = [
    "Check",
    "Choice",
    "Filled",
    "FormDocument",
    "FormField",
    "FormStep",
    "ShownRow",
    "ShownStep",
    "Sight",
    "StepChecked",
    "check_all",
    "check_step",
    "default_document",
    "fitting",
    "for_reckoning",
    "in_words",
    "prefilled",
    "shown",
    "typed_again",
    "typed_from",
    "visible_fields",
    "visible_steps",
    "with_fixed",
    "without_duty_of_contact",
    "words_of",
]
