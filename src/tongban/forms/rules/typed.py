"""What was typed, however hostile, in one shape for each question: a text, a list of texts, or named parts.

Nothing in here raises. What is kept can be stored and shown again: no NUL, no half characters.
"""

from collections.abc import Callable, Iterable, Mapping

from tongban.forms.rules.document import FormField, FormStep

Typed = str | list[str] | dict[str, str]

PARTS: dict[str, tuple[str, ...]] = {
    "date": ("year", "month", "day"),
    "identity": ("kind", "number"),
    "address": ("region", "detail"),
}
"""Questions with several inputs: the input of a part is called `<key>_<part>`."""

ASKED = "asked"
"""Hidden input of a page: the keys of the late questions that stood on it, with spaces between them."""

LONGEST_KEPT = 50_000
MOST_CHOSEN = 200


def keepable(value: object) -> str:
    """Return a value as text that can be stored and shown: no NUL, no half of a surrogate pair, not without end."""
    if value is None or isinstance(value, (Mapping, list, tuple, set)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        text = str(value)
    except ValueError:  # an integer of more digits than Python prints
        return ""
    return text[:LONGEST_KEPT].replace("\x00", "").encode("utf-8", "replace").decode()


def _texts(value: object) -> list[str]:
    if isinstance(value, (list, tuple, set, frozenset)):
        return [keepable(one) for one in list(value)[:MOST_CHOSEN]]
    text = keepable(value)
    return [text] if text else []


def _first(value: object) -> str:
    texts = _texts(value)
    return texts[0] if texts else ""


def _parts(field: FormField, typed: Mapping[str, object]) -> Typed:
    names = PARTS[field.type]
    whole = typed.get(field.key)
    if isinstance(whole, Mapping):
        return {name: _first(whole.get(name)) for name in names}
    given = {name: _first(typed.get(f"{field.key}_{name}")) for name in names}
    if field.type == "date" and not any(given.values()):
        return _first(whole)
    return given


def typed_for(field: FormField, typed: Mapping[str, object]) -> Typed:
    """Return what was typed for a question, from inputs or from a document of answers."""
    if field.type in PARTS:
        return _parts(field, typed)
    value = typed.get(field.key)
    return _texts(value) if field.type == "choices" else _first(value)


def was_sent(field: FormField, typed: Mapping[str, object]) -> bool:
    """Whether the question stood on the page, or was answered over the API."""
    if field.key in typed or field.key in _first(typed.get(ASKED)).split():
        return True
    return any(f"{field.key}_{part}" in typed for part in PARTS.get(field.type, ()))


def input_names(field: FormField) -> tuple[str, ...]:
    """Return the names of a question's inputs on a page."""
    if field.type in PARTS:
        return tuple(f"{field.key}_{part}" for part in PARTS[field.type])
    return (field.key,) if field.asks else ()


def typed_from(step: FormStep, getlist: Callable[[str], Iterable[str]]) -> dict[str, str | list[str]]:
    """Return what a page sent for the questions of a step; `getlist` is the one of Django's `request.POST`."""
    found: dict[str, str | list[str]] = {ASKED: " ".join(list(getlist(ASKED))[:MOST_CHOSEN])}
    for field in step.fields:
        for name in input_names(field):
            if values := list(getlist(name))[:MOST_CHOSEN]:
                found[name] = values if field.type == "choices" else values[0]
    return found
