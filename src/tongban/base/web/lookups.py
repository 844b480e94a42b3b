"""Names in templates, looked up by the shortest way; whatever is not plain is left to Django.

A page looks three hundred names up. Django tries each part as a key, and learns from an exception that an object has
none; and it asks of each text that it shows whether it is an instant, a number, or a translation that was put off.
"""

from functools import partial
from types import MethodType
from typing import Any

from django.template import base
from django.template.context import BaseContext
from django.utils.safestring import SafeString

from tongban.base.web.markup import escaped

_django_shows = base.render_value_in_context


class Name(base.Variable):
    """A name in a template. What it stands for is what Django says."""

    def _resolve_lookup(self, context: Any) -> Any:  # noqa: ANN401 - Django's method, on whatever a page is given
        current: Any = context
        try:
            for part in self.lookups:  # type: ignore[union-attr]  # Django calls this for names only
                if isinstance(current, (dict, BaseContext)):
                    current = current[part]
                elif hasattr(type(current), "__getitem__") and not _is_named_part(current, part):
                    return self._as_django(context)
                else:
                    current = getattr(current, part)
                if callable(current):
                    if not isinstance(current, _PLAIN_CALLS) or any(map(partial(hasattr, current), _SAID_OF_CALLS)):
                        return self._as_django(context)
                    current = current()
        except (KeyError, AttributeError, TypeError):
            return self._as_django(context)
        return current

    def _as_django(self, context: Any) -> Any:  # noqa: ANN401 - see above
        """Look it up from the beginning as Django does: what is missing, what is called, what is counted."""
        return super()._resolve_lookup(context)  # type: ignore[misc]  # not in the stubs


_PLAIN_CALLS = (MethodType, partial)
"""A method of an object, or one that Django makes for a field with choices: called without arguments if it can be."""


_SAID_OF_CALLS = ("alters_data", "do_not_call_in_templates")


def _is_named_part(thing: Any, part: str) -> bool:  # noqa: ANN401 - whatever a page is given
    """Whether it is a row whose parts have names (a NamedTuple), asked for one of them."""
    return isinstance(thing, tuple) and not part.isdigit()


def shown(value: Any, context: Any) -> str:  # noqa: ANN401 - Django's function, of any value
    """Return a value as it stands on a page; texts at once, all else as Django says."""
    if type(value) is SafeString:
        return value
    if type(value) is str and context.autoescape:
        return escaped(value)
    return _django_shows(value, context)


def look_up_quickly() -> None:
    """Take the places of Django's own. To be called before any template is read."""
    base.Variable = Name  # type: ignore[misc]
    base.render_value_in_context = shown
