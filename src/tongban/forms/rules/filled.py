"""Questions that somebody else has answered: by whom, and whether the answer may be changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tongban.forms.rules.checking import for_reckoning, typed_again
from tongban.forms.rules.conditions import Answers, Context
from tongban.forms.rules.document import FormDocument, FormField
from tongban.forms.rules.reading import answer_of, is_empty
from tongban.forms.rules.typed import input_names, typed_for
from tongban.forms.rules.wrong import WrongAnswer


@dataclass(frozen=True, slots=True)
class Filled:
    """An answer in its normal form, and in words who gave it. `correct_url`: where to say that it is not right."""

    value: object
    words: str = ""
    is_fixed: bool = False
    correct_url: str = ""


def fitting(document: FormDocument, asked: FormField, value: object, values: Answers, context: Context) -> object:
    """Return what another system says as an answer to a question, in its normal form; None when it does not fit.

    Only the shape is judged, and the bounds: checks are judged with the whole step.
    """
    typed = typed_for(asked, {asked.key: typed_again(asked, value)})
    if is_empty(typed):
        return None
    try:
        today = context.get("today")
        day = date.fromisoformat(str(today)) if today else None
        answer = answer_of(asked, typed, for_reckoning(document, values), context, day)
    except (WrongAnswer, ValueError):
        return None
    return None if answer in ("", []) else answer


def with_fixed(document: FormDocument, typed: Mapping[str, object], filled: Mapping[str, Filled]) -> dict[str, object]:
    """Return what was typed with the fixed answers in place of whatever was sent for them."""
    given = dict(typed)
    for key, one in filled.items():
        if one.is_fixed:
            asked = document.field(key)
            for name in input_names(asked):
                given.pop(name, None)
            given[key] = typed_again(asked, one.value)
    return given
