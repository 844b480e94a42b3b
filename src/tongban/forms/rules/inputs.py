"""Which inputs a question has on a page, in the words of `base`'s `ui_control`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.base.identifiers import IDENTITY_KINDS
from tongban.forms.rules.checking import in_words, label_of, typed_again
from tongban.forms.rules.conditions import Context
from tongban.forms.rules.document import FormField
from tongban.forms.rules.reading import LONGEST, open_options
from tongban.forms.rules.typed import typed_for

_ATTRIBUTES: dict[str, dict[str, str]] = {
    "integer": {"inputmode": "numeric"},
    "decimal": {"inputmode": "decimal"},
    "money": {"inputmode": "decimal"},
    "resident_id": {"autocapitalize": "characters", "spellcheck": "false", "maxlength": "40"},
    "credit_code": {"autocapitalize": "characters", "spellcheck": "false", "maxlength": "40"},
    "mobile": {"inputmode": "tel", "autocomplete": "tel"},
    "phone": {"inputmode": "tel", "autocomplete": "tel"},
    "email": {"inputmode": "email", "autocomplete": "email", "spellcheck": "false"},
    "name": {"spellcheck": "false"},
    "postal_code": {"inputmode": "numeric", "autocomplete": "postal-code"},
}
_WIDTHS = {"integer": "10", "decimal": "10", "money": "10", "postal_code": "10", "mobile": "20", "phone": "20",
           "resident_id": "20", "credit_code": "20", "name": "20"}  # fmt: skip
_INPUT_TYPES = {"mobile": "tel", "phone": "tel"}
_OWN_AUTOCOMPLETE = {"applicant.name": "name", "submitter.name": "name"}
_FEW = 7
"""More answers than this are offered in a list to choose from, not as radio buttons."""


def _line(asked: FormField, typed: Any) -> dict[str, Any]:  # noqa: ANN401 - text, list or parts
    attributes = dict(_ATTRIBUTES.get(asked.type, {}))
    if asked.type == "name" and asked.source in _OWN_AUTOCOMPLETE:
        attributes["autocomplete"] = _OWN_AUTOCOMPLETE[asked.source]
    if asked.format in {"digits", "year", "bank_account"}:
        attributes["inputmode"] = "numeric"
    suffix = pgettext("unit behind an input", "yuan") if asked.type == "money" else in_words(asked.unit, asked.unit_en)
    return {
        "kind": "input",
        "name": asked.key,
        "value": typed,
        "attributes": attributes,
        "width": _WIDTHS.get(asked.type, "10" if asked.format == "year" else ""),
        "input_type": _INPUT_TYPES.get(asked.type, "text"),
        "suffix": suffix,
    }


def _long(asked: FormField, typed: Any) -> dict[str, Any]:  # noqa: ANN401 - see above
    longest = asked.max_length or LONGEST["long_text"]
    return {"kind": "textarea", "name": asked.key, "value": typed, "limit": longest, "rows": 5}


def _chosen(asked: FormField, typed: Any, context: Context) -> dict[str, Any]:  # noqa: ANN401 - see above
    form = context.get("form")
    options = [
        {"value": option.value, "label": in_words(option.label, option.label_en),
         "hint": in_words(option.hint, option.hint_en)}
        for option in open_options(asked, form if isinstance(form, Mapping) else {}, context)
    ]  # fmt: skip
    if asked.type == "choices":
        return {"kind": "checkboxes", "name": asked.key, "value": typed, "choices": options}
    if len(options) > _FEW:
        first = {"value": "", "label": _("Please choose")}
        return {"kind": "select", "name": asked.key, "value": typed, "choices": [first, *options]}
    return {"kind": "radios", "name": asked.key, "value": typed, "choices": options}


def _yes_no(asked: FormField, typed: Any) -> dict[str, Any]:  # noqa: ANN401 - see above
    choices = [{"value": "yes", "label": _("Yes")}, {"value": "no", "label": _("No")}]
    return {"kind": "radios", "name": asked.key, "value": typed, "choices": choices}


def _date(asked: FormField, typed: Any) -> dict[str, Any]:  # noqa: ANN401 - see above
    if isinstance(typed, dict):
        shown: object = "-".join(typed.get(part, "") for part in ("year", "month", "day"))
        shown = "" if shown == "--" else shown
    else:
        shown = _as_date(typed)
    return {"kind": "date_parts", "name": asked.key, "value": shown}


def _as_date(text: str) -> object:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _identity(asked: FormField, typed: dict[str, str]) -> list[dict[str, Any]]:
    kinds = [{"value": name, "label": words} for name, (_code, words) in IDENTITY_KINDS.items()]
    kind = typed.get("kind") or "resident_identity_card"
    return [
        {"kind": "select", "name": f"{asked.key}_kind", "label": _("Kind of identity paper"), "value": kind,
         "choices": kinds},
        {"kind": "input", "name": f"{asked.key}_number", "label": pgettext("of an identity paper", "Number"),
         "value": typed.get("number", ""), "width": "20", "attributes": _ATTRIBUTES["resident_id"]},
    ]  # fmt: skip


def _address(asked: FormField, typed: dict[str, str]) -> list[dict[str, Any]]:
    region: dict[str, Any] = {
        "kind": "input", "name": f"{asked.key}_region", "label": _("City and district"),
        "value": typed.get("region", ""), "attributes": {},
    }  # fmt: skip
    if asked.options:
        options = [{"value": one.value, "label": in_words(one.label, one.label_en)} for one in asked.options]
        region |= {"kind": "select", "choices": [{"value": "", "label": _("Please choose")}, *options]}
    detail = {
        "kind": "input", "name": f"{asked.key}_detail", "label": _("Street, house and room"),
        "value": typed.get("detail", ""), "attributes": {},
    }  # fmt: skip
    return [region, detail]


def inputs_of(asked: FormField, values: Mapping[str, Any], context: Context) -> list[dict[str, Any]]:
    """Return the arguments of `ui_control` for each input of a question; none for a static text."""
    if not asked.asks:
        return []
    source = {asked.key: typed_again(asked, values[asked.key])} if asked.key in values else {}
    typed: Any = typed_for(asked, source)
    if asked.type in {"identity", "address"}:
        parts = typed if isinstance(typed, dict) else {}
        return _identity(asked, parts) if asked.type == "identity" else _address(asked, parts)
    whole = _single(asked, typed, context)
    whole |= {"label": label_of(asked), "hint": in_words(asked.hint, asked.hint_en), "optional": not asked.required}
    return [{**whole, "label_size": "s"}]


def _single(asked: FormField, typed: Any, context: Context) -> dict[str, Any]:  # noqa: ANN401 - see above
    match asked.type:
        case "long_text":
            return _long(asked, typed)
        case "choice" | "choices":
            return _chosen(asked, typed, context)
        case "yes_no":
            return _yes_no(asked, typed)
        case "date":
            return _date(asked, typed)
        case _:
            return _line(asked, typed)
