"""Draws the widgets of forms without templates where they are simple; Django's templates draw the rest."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString

from tongban.base.web.markup import attributes, given, joined, markup

Widget = Mapping[str, Any]


class FormRenderer(DjangoTemplates):
    """Writes what Django's own templates of these widgets write."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        """Return the HTML of a widget or form."""
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else SafeString(super().render(template_name, context, request))


def _input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else markup(' value="{}"', widget["value"])
    return markup('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attributes(widget["attrs"]))


def _textarea(widget: Widget) -> SafeString:
    value = widget["value"] or ""
    return markup('<textarea name="{}"{}>\n{}</textarea>', widget["name"], attributes(widget["attrs"]), value)


def _select(widget: Widget) -> SafeString:
    groups = joined(_group(name, options) for name, options, _index in widget["optgroups"])
    return markup('<select name="{}"{}>{}\n</select>', widget["name"], attributes(widget["attrs"]), groups)


def _group(name: object, options: list[Widget]) -> SafeString:
    drawn = joined(map(_option, options))
    opened = given(name, '\n  <optgroup label="{}">')
    return markup("{}{}{}", opened, drawn, SafeString("\n  </optgroup>") if name else "")


def _option(option: Widget) -> SafeString:
    pattern = '\n  <option value="{}"{}>{}</option>'
    return markup(pattern, option["value"], attributes(option["attrs"]), option["label"])


_DRAWN: Mapping[str, Callable[[Widget], SafeString]] = {
    f"django/forms/widgets/{name}.html": draw
    for name, draw in {
        "input": _input, "text": _input, "hidden": _input, "number": _input, "email": _input, "url": _input,
        "password": _input, "date": _input, "datetime": _input, "time": _input, "checkbox": _input,
        "textarea": _textarea, "select": _select,
    }.items()
}  # fmt: skip
"""Name of Django's template → what draws the same."""
