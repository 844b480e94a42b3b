"""Parts of forms: fields with their label, hint and error, the summary of errors, uploads."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongban.base.templatetags.ui_content import Words, component
from tongban.base.templatetags.ui_field_markup import control, errors_listed
from tongban.base.templatetags.ui_field_markup import field as field_markup
from tongban.base.web.widgets import DatePartsInput

register = Library()

_INPUT_WIDTHS = {"tel": "20", "email": "30"}
_AUTOCOMPLETE_INPUTMODE = {"tel": "tel", "email": "email", "one-time-code": "numeric"}


def _described_by(field: BoundField) -> str:
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}-hint")
    if field.errors:
        ids.append(f"{field.auto_id}-error")
    return " ".join(ids)


def _control_attributes(field: BoundField, css_class: str) -> dict[str, Any]:
    known = field.field.widget.attrs
    classes = [css_class, str(known.get("class", ""))]
    if field.errors:
        classes.append(f"{css_class.split(maxsplit=1)[0]}--error")
    attributes: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    if described := _described_by(field):
        attributes["aria-describedby"] = described
    mode = _AUTOCOMPLETE_INPUTMODE.get(str(known.get("autocomplete", "")))
    if mode and "inputmode" not in known:
        attributes["inputmode"] = mode
    return attributes


def _kind_of(widget: forms.Widget) -> str:  # noqa: PLR0911 - one line for each kind of control
    match widget:
        case DatePartsInput():
            return "date_parts"
        case forms.CheckboxSelectMultiple():
            return "checkboxes"
        case forms.RadioSelect():
            return "radios"
        case forms.CheckboxInput():
            return "checkbox"
        case forms.Select():
            return "select"
        case forms.Textarea():
            return "textarea"
        case forms.FileInput():
            return "file"
        case forms.PasswordInput():
            return "password"
        case _:
            return "input"


_CLASSES = {
    "input": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload tb-file-input",
}


def _choices(field: BoundField, kind: str) -> list[dict[str, Any]]:
    hints: Mapping[str, Words] = getattr(field.field, "option_hints", {})
    shown = []
    for place, choice in enumerate(field.subwidgets):
        data = choice.data
        value = str(data["value"])
        shown.append(
            {
                "id": field.auto_id if place == 0 else f"{field.auto_id}-{place}",
                "name": field.html_name,
                "value": value,
                "label": data["label"],
                "checked": bool(data["selected"]),
                "hint": hints.get(value, ""),
            }
        )
    if kind == "radios" and shown and not field.field.required:
        return [choice for choice in shown if choice["value"] or choice["label"] not in {"", "---------"}]
    return shown


def _shown_when(field: BoundField) -> dict[str, str]:
    """Return the data attributes of a question that is asked only after certain answers."""
    condition = getattr(field.field, "shown_when", None)
    if not condition:
        return {}
    other, values = condition
    return {"data-shown-when": field.form.add_prefix(other), "data-shown-values": "|".join(map(str, values))}


@register.simple_tag
def ui_field(
    field: BoundField, *, label_size: str = "", width: str = "", prefix: Words = "", suffix: Words = ""
) -> SafeString:
    """Show one field of a Django form with its label, hint and error.

    `label_size` is "", s, m or l; `width` is a count of characters (2, 3, 4, 5, 10, 20, 30) or "half";
    `prefix` and `suffix` stand in front of and behind the input (¥, 平方米). What the form's field may carry:
    `option_hints` (value → hint) and `shown_when` ((name of another field, (values, …))).
    """
    widget = field.field.widget
    if widget.is_hidden:
        return SafeString(field.as_widget())
    field.form.use_required_attribute = False  # the server says what is missing, in the reader's language
    kind = _kind_of(widget)
    context: dict[str, Any] = {
        "kind": kind,
        "id": field.auto_id,
        "html_name": field.html_name,
        "label": field.label,
        "hint": field.help_text,
        "errors": field.errors,
        "described": _described_by(field),
        "data": _shown_when(field),
        "optional": not field.field.required and kind != "checkbox",
    }
    if kind in {"radios", "checkboxes"}:
        choices = _choices(field, kind)
        context |= {"choices": choices, "inline": _fits_a_line(kind, choices)}
    elif kind == "date_parts":
        context["parts"] = widget.parts(field.html_name, field.auto_id, field.value())
    elif kind == "checkbox":
        context["checked"] = bool(field.value())
    else:
        context["control"] = _control(field, kind, width)
        context["limit"] = widget.attrs.get("data-max-length") if kind == "textarea" else None
    return field_markup(context | {"label_size": label_size, "prefix": prefix, "suffix": suffix})


def _fits_a_line(kind: str, choices: list[dict[str, Any]]) -> bool:
    """Whether there are just two short answers, such as yes and no."""
    return kind == "radios" and len(choices) == 2 and not any(choice.get("hint") for choice in choices)  # noqa: PLR2004


@register.simple_tag
def ui_control(  # noqa: PLR0913 - what a control of HTML can say
    kind: str,
    name: str,
    label: Words,
    value: object = "",
    *,
    hint: Words = "",
    errors: Iterable[Words] = (),
    choices: Iterable[Mapping[str, Any]] = (),
    optional: bool = False,
    width: str = "",
    prefix: Words = "",
    suffix: Words = "",
    label_size: str = "",
    attributes: Mapping[str, object] | None = None,
    data: Mapping[str, object] | None = None,
    input_type: str = "text",
    limit: int | None = None,
    rows: int = 5,
    element_id: str = "",
) -> SafeString:
    """Show one question from plain data, for forms that are not Django's.

    `kind`: input, textarea, select, radios, checkboxes, checkbox, date_parts, password, file. `value` is a text, or a
    list of texts for checkboxes. A choice has `value`, `label` and may have `hint`. `attributes` go to the control
    (autocomplete, inputmode, …), `data` to the whole group (data-shown-when and data-shown-values, see README).
    """
    found, element = list(errors), element_id or f"id_{name}"
    described = " ".join([f"{element}-hint"] * bool(hint) + [f"{element}-error"] * bool(found))
    context: dict[str, Any] = {
        "kind": kind, "id": element, "html_name": name, "label": label, "hint": hint, "errors": found,
        "described": described, "data": data or {}, "optional": optional, "prefix": prefix, "suffix": suffix,
        "label_size": label_size, "limit": limit, "attributes": attributes or {}, "value": value, "rows": rows,
        "input_type": "password" if kind == "password" else "file" if kind == "file" else input_type,
        "css_class": _css_class(kind, width, wrong=bool(found), limit=limit), "checked": bool(value),
        "choices": _plain_choices(element, name, choices, value),
    }  # fmt: skip
    context["inline"] = _fits_a_line(kind, context["choices"])
    if kind == "date_parts":
        context["parts"] = DatePartsInput(attrs=dict(attributes or {})).parts(name, element, value)
    elif kind in _CLASSES:
        context["control"] = control(context)
    return field_markup(context)


def _css_class(kind: str, width: str, *, wrong: bool, limit: int | None) -> str:
    base = _CLASSES.get(kind, "")
    classes = [base]
    if wrong and base:
        classes.append(f"{base.split()[0]}--error")
    if width:
        classes.append(f"govuk-input--width-{width}" if width.isdigit() else "govuk-!-width-one-half")
    if limit:
        classes.append("govuk-js-character-count")
    return " ".join(classes)


def _plain_choices(
    element: str, name: str, choices: Iterable[Mapping[str, Any]], value: object
) -> list[dict[str, Any]]:
    chosen = {str(one) for one in value} if isinstance(value, (list, tuple, set)) else {str(value)}
    return [
        {
            **choice,
            "id": element if place == 0 else f"{element}-{place}",
            "name": name,
            "checked": str(choice["value"]) in chosen,
        }
        for place, choice in enumerate(choices)
    ]


def _control(field: BoundField, kind: str, width: str) -> SafeString:
    widget = field.field.widget
    attributes = _control_attributes(field, _CLASSES[kind])
    chosen = width or _INPUT_WIDTHS.get(str(getattr(widget, "input_type", "")), "")
    if chosen and kind in {"input", "password"}:
        style = f"govuk-input--width-{chosen}" if chosen.isdigit() else "govuk-!-width-one-half"
        attributes["class"] += f" {style}"
    if kind == "password":
        attributes |= {"spellcheck": "false"}
    if kind == "textarea":
        attributes["rows"] = str(widget.attrs.get("rows", "")).replace("10", "5")  # Django's own default is ten
        if "data-max-length" in widget.attrs:
            attributes["class"] += " govuk-js-character-count"
    return SafeString(field.as_widget(attrs=attributes))


@register.simple_tag
def ui_form(form: forms.BaseForm) -> SafeString:
    """Show all fields of a form, hidden ones too; the summary of errors is `ui_error_summary`."""
    fields = [ui_field(field) for field in form]
    return component("form", fields=fields)


def _first_control(field: BoundField) -> str:
    if _kind_of(field.field.widget) == "date_parts":
        return f"{field.auto_id}_year"
    return str(field.auto_id)


def _named(field: BoundField, text: str) -> str:
    """Return a general sentence of Django's with the field's label before it; our own sentences name their field."""
    known = [*field.field.default_error_messages.values(), forms.Field.default_error_messages["required"]]
    general = {str(words) for words in known}
    return _("%(label)s: %(text)s") % {"label": field.label, "text": text} if text in general else text


def _form_errors(form: forms.BaseForm) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [{"href": "", "text": text} for text in form.non_field_errors()]
    for field in form:
        href = "" if field.is_hidden else f"#{_first_control(field)}"
        found.extend({"href": href, "text": _named(field, str(text))} for text in field.errors)
    return found


@register.simple_tag
def ui_error_summary(*forms_shown: forms.BaseForm | Iterable[forms.BaseForm] | None, title: Words = "") -> SafeString:
    """List the errors of one or several forms (or formsets), each a link to its field; nothing when there are none."""
    errors: list[dict[str, object]] = []
    for shown in forms_shown:
        if isinstance(shown, forms.BaseForm):
            errors += _form_errors(shown) if shown.is_bound else []
        elif shown is not None:
            for form in shown:
                errors += _form_errors(form) if form.is_bound else []
    return ui_errors(errors, title=title)


@register.simple_tag
def ui_errors(errors: Iterable[Mapping[str, object]], *, title: Words = "") -> SafeString:
    """List errors that are not a form's: mappings with `text` and, where there is a place to go, `href`."""
    shown = list(errors)
    return errors_listed(shown, title or _("There is a problem")) if shown else SafeString("")


@register.simple_tag
def ui_file_upload(
    name: str,
    label: Words,
    *,
    upload_url: str,
    files: Iterable[Mapping[str, Any]] = (),
    hint: Words = "",
    error: Words = "",
    element_id: str = "",
    accept: str = ".pdf,.jpg,.jpeg,.png,.ofd",
    max_megabytes: int = 20,
    multiple: bool = True,
    key: str = "",
    label_size: str = "s",
) -> SafeString:
    """Ask for files: by choosing, by dragging, by camera; with preview and progress.

    Stands inside a form that carries the CSRF token. Without script its button sends the whole form to `upload_url`
    (multipart). With script each file goes there alone. Both send the files as field `name` and `upload=<key>` (the
    name when there is no key). A script asks for JSON: 2xx with `{id, name, size, view_url, preview_url, remove_url}`
    (and `revision`, put into the form's field of that name), else problem+json whose first field error or `title` is
    shown. Entries of `files` carry the same names. Removing posts to `remove_url`.
    """
    return component(
        "file_upload",
        name=name,
        label=label,
        upload_url=upload_url,
        files=list(files),
        hint=hint,
        error=error,
        id=element_id or f"upload-{name}",
        accept=accept,
        max_megabytes=max_megabytes,
        multiple=multiple,
        key=key,
        label_size=label_size,
    )
