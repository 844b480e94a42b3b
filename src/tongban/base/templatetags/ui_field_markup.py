"""The HTML of one question of a form: its frame, label, hint, errors and control."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongban.base.web.markup import attributes, escaped, given, joined, markup

Field = Mapping[str, Any]
NOTHING = SafeString("")


def field(shown: Field) -> SafeString:
    """Return one question. What it is made of: see `ui_fields.ui_field`."""
    kind = shown["kind"]
    draw = _DRAWN.get(kind, _plain)
    return markup(
        '<div class="govuk-form-group{}{}{}"{}{}>\n{}\n</div>\n',
        " govuk-form-group--error" if shown["errors"] else "",
        " govuk-password-input" if kind == "password" else "",
        " govuk-character-count" if shown.get("limit") else "",
        _module(kind, shown.get("limit")),
        joined(markup(' {}="{}"', name, value) for name, value in shown["data"].items()),
        draw(shown),
    )


def _module(kind: str, limit: object) -> SafeString:
    """Return the script module of the frame, with its words in the reader's language."""
    if kind == "password":
        words = {
            "data-module": "govuk-password-input",
            "data-i18n.show-password": _("Show"),
            "data-i18n.hide-password": _("Hide"),
            "data-i18n.show-password-aria-label": _("Show password"),
            "data-i18n.hide-password-aria-label": _("Hide password"),
            "data-i18n.password-shown-announcement": _("Your password is shown"),
            "data-i18n.password-hidden-announcement": _("Your password is hidden"),
        }
        return attributes(words)
    if not limit:
        return NOTHING
    return attributes(
        {
            "data-module": "govuk-character-count",
            "data-maxlength": limit,
            "data-i18n.characters-under-limit.one": _counting(_("You have %%{count} character left")),
            "data-i18n.characters-under-limit.other": _counting(_("You have %%{count} characters left")),
            "data-i18n.characters-at-limit": _("You have no characters left"),
            "data-i18n.characters-over-limit.one": _counting(_("You have %%{count} character too many")),
            "data-i18n.characters-over-limit.other": _counting(_("You have %%{count} characters too many")),
        }
    )


def _counting(words: str) -> str:
    """Return words for the script, which puts in its own count: gettext has its percent signs doubled."""
    return words.replace("%%", "%")


def _head(shown: Field, *, hint: bool = True) -> SafeString:
    errors = SafeString("<br>".join(map(escaped, shown["errors"])))
    return markup(
        "{}{}",
        given(hint and shown["hint"], '<div id="{}-hint" class="govuk-hint">{}</div>', shown["id"], shown["hint"]),
        given(
            errors,
            '<p id="{}-error" class="govuk-error-message"><span class="govuk-visually-hidden">{}: </span>{}</p>',
            shown["id"],
            _("Error"),
            errors,
        ),
    )


def _optional(shown: Field) -> SafeString:
    return given(shown["optional"], ' <span class="tb-optional">{}</span>', _("(optional)"))


def _group(shown: Field) -> SafeString:
    """Several controls under one legend: radios, checkboxes, the parts of a date."""
    dated = shown["kind"] == "date_parts"
    return markup(
        '<fieldset class="govuk-fieldset"{}{}><legend class="govuk-fieldset__legend govuk-fieldset__legend--{}">{}{}'
        "</legend>{}\n{}</fieldset>",
        SafeString(' role="group"' if dated else ""),
        given(shown["described"], ' aria-describedby="{}"'),
        shown["label_size"] or "s",
        shown["label"],
        _optional(shown),
        _head(shown),
        _date_parts(shown) if dated else _choices(shown),
    )


def _date_parts(shown: Field) -> SafeString:
    wrong = " govuk-input--error" if shown["errors"] else ""
    return markup(
        '<div class="govuk-date-input" id="{}">{}</div>',
        shown["id"],
        joined(_date_part(part, wrong) for part in shown["parts"]),
    )


def _date_part(part: Mapping[str, str], wrong: str) -> SafeString:
    return markup(
        '<div class="govuk-date-input__item"><div class="govuk-form-group">'
        '<label class="govuk-label govuk-date-input__label" for="{}">{}</label>'
        '<input class="govuk-input govuk-date-input__input govuk-input--width-{}{}" id="{}" name="{}" type="text"'
        ' inputmode="numeric" maxlength="8" value="{}"{}></div></div>',
        part["id"],
        part["label"],
        part["width"],
        wrong,
        part["id"],
        part["name"],
        part["value"],
        given(part["autocomplete"], ' autocomplete="{}"'),
    )


def _choices(shown: Field) -> SafeString:
    kind = shown["kind"]
    return markup(
        '<div class="govuk-{}{}" data-module="govuk-{}">{}</div>',
        kind,
        " govuk-radios--inline" if shown.get("inline") else "",
        kind,
        joined(_choice(kind, choice) for choice in shown["choices"]),
    )


def _choice(kind: str, choice: Mapping[str, Any]) -> SafeString:
    hint = choice.get("hint", "")
    return markup(
        '<div class="govuk-{}__item"><input class="govuk-{}__input" id="{}" name="{}" type="{}" value="{}"{}{}>'
        '<label class="govuk-label govuk-{}__label" for="{}">{}</label>{}</div>',
        kind,
        kind,
        choice["id"],
        choice["name"],
        "radio" if kind == "radios" else "checkbox",
        choice["value"],
        " checked" if choice["checked"] else "",
        given(hint, ' aria-describedby="{}-hint"', choice["id"]),
        kind,
        choice["id"],
        choice["label"],
        given(hint, '<div class="govuk-hint govuk-{}__hint" id="{}-hint">{}</div>', kind, choice["id"], hint),
    )


def _checkbox(shown: Field) -> SafeString:
    return markup(
        '{}<div class="govuk-checkboxes" data-module="govuk-checkboxes"><div class="govuk-checkboxes__item">'
        '<input class="govuk-checkboxes__input" id="{}" name="{}" type="checkbox" value="on"{}{}>'
        '<label class="govuk-label govuk-checkboxes__label" for="{}">{}</label>{}</div></div>',
        _head(shown, hint=False),
        shown["id"],
        shown["html_name"],
        " checked" if shown["checked"] else "",
        given(shown["described"], ' aria-describedby="{}"'),
        shown["id"],
        shown["label"],
        given(
            shown["hint"],
            '<div class="govuk-hint govuk-checkboxes__hint" id="{}-hint">{}</div>',
            shown["id"],
            shown["hint"],
        ),
    )


def _plain(shown: Field) -> SafeString:
    """One control under its label."""
    limit = shown.get("limit")
    return markup(
        '<label class="govuk-label{}" for="{}">{}{}</label>{}\n{}{}',
        given(shown["label_size"], " govuk-label--{}"),
        shown["id"],
        shown["label"],
        _optional(shown),
        _head(shown),
        _wrapped(shown),
        given(
            limit,
            '<div id="{}-info" class="govuk-hint govuk-character-count__message">{}</div>',
            shown["id"],
            _("You can enter up to %(limit)s characters") % {"limit": limit},
        ),
    )


def _wrapped(shown: Field) -> SafeString:
    control, prefix, suffix = shown["control"], shown["prefix"], shown["suffix"]
    if shown["kind"] == "password":
        return markup(
            '<div class="govuk-input__wrapper govuk-password-input__wrapper">{}<button type="button"'
            ' class="govuk-button govuk-button--secondary govuk-password-input__toggle govuk-js-password-input-toggle"'
            ' data-module="govuk-button" aria-controls="{}" aria-label="{}" hidden>{}</button></div>\n',
            control,
            shown["id"],
            _("Show password"),
            _("Show"),
        )
    if not prefix and not suffix:
        return markup("{}", control)
    return markup(
        '<div class="govuk-input__wrapper">{}{}{}</div>\n',
        given(prefix, '<div class="govuk-input__prefix" aria-hidden="true">{}</div>'),
        control,
        given(suffix, '<div class="govuk-input__suffix" aria-hidden="true">{}</div>'),
    )


_DRAWN: Mapping[str, Callable[[Field], SafeString]] = {
    "radios": _group,
    "checkboxes": _group,
    "date_parts": _group,
    "checkbox": _checkbox,
}
"""Kind of question → what draws it; all others have one control under their label."""


def control(shown: Field) -> SafeString:
    """Return the control of a question from plain data: an input, a text of several lines, a list to choose from."""
    own = markup(
        "{}{}",
        given(shown["described"], ' aria-describedby="{}"'),
        joined(markup(' {}="{}"', name, value) for name, value in shown["attributes"].items()),
    )
    named = markup('class="{}" id="{}" name="{}"', shown["css_class"], shown["id"], shown["html_name"])
    if shown["kind"] == "textarea":
        return markup('<textarea {} rows="{}"{}>\n{}</textarea>', named, shown["rows"], own, shown["value"])
    if shown["kind"] == "select":
        return markup("<select {}{}>{}</select>", named, own, joined(map(_option, shown["choices"])))
    return markup('<input {} type="{}" value="{}"{}>', named, shown["input_type"], shown["value"], own)


def _option(choice: Mapping[str, Any]) -> SafeString:
    chosen = " selected" if choice["checked"] else ""
    return markup('<option value="{}"{}>{}</option>', choice["value"], chosen, choice["label"])


def errors_listed(errors: Iterable[Mapping[str, object]], title: object) -> SafeString:
    """Return the summary of errors, each a link to its field where it has one."""
    return markup(
        '<div class="govuk-error-summary" data-module="govuk-error-summary"><div role="alert">'
        '<h2 class="govuk-error-summary__title">{}</h2><div class="govuk-error-summary__body">'
        '<ul class="govuk-list govuk-error-summary__list">{}</ul></div></div></div>\n',
        title,
        joined(
            markup('<li><a href="{}">{}</a></li>', error["href"], error["text"])
            if error.get("href")
            else markup("<li>{}</li>", error["text"])
            for error in errors
        ),
    )
