"""Trying an action for a form: what is refused stands beside the field, and nothing typed is lost."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from tongban.base.errors import Conflict, Invalid

Done = TypeVar("Done")
UNPROCESSABLE = 422


def tried(form: forms.Form, action: Callable[[], Done]) -> Done | None:
    """Do the action; when fields are wrong or somebody was faster, note it on the form and return None."""
    try:
        return action()
    except Invalid as refusal:
        for name, sentences in refusal.fields.items():
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)
    except Conflict as refusal:
        form.add_error(None, str(refusal))
    return None
