"""Names in templates stand for what Django says they stand for, and are shown as Django shows them."""

from datetime import UTC, date, datetime
from functools import partialmethod
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django.template import Context, Template, Variable, VariableDoesNotExist, base
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from tongban.base.web import lookups
from tongban.base.web.lookups import Name


class Row(NamedTuple):
    """A row whose parts have names."""

    label: str
    words: str


class Thing:
    """What pages are given: attributes, properties, methods, none of it a mapping."""

    name = "甲"
    nothing = None
    calls = 0

    @property
    def told(self) -> str:
        """A property."""
        return "told"

    @property
    def broken(self) -> str:
        """A property that is broken must not read like one that is absent."""
        return self.no_such_thing  # type: ignore[attr-defined,no-any-return]

    def called(self) -> str:
        """Is called, once."""
        self.calls += 1
        return f"called {self.calls}"

    def _display(self, field: str) -> str:
        return f"shown {field}"

    get_state_display = partialmethod(_display, field="state")
    """As Django makes it for a field with choices."""

    def wanting(self, more: str) -> str:
        """Cannot be called by a page."""
        return more

    def failing(self) -> str:
        """Fails in a way that must not be taken for a missing argument."""
        return str(int("a" + 1))  # type: ignore[operator]

    def erase(self) -> str:
        """Is never called by a page."""
        message = "called by a page"
        raise AssertionError(message)

    erase.alters_data = True  # type: ignore[attr-defined]


def given() -> dict[str, Any]:
    return {
        "thing": Thing(), "row": {"key": "v", "items": "own", "thing": Thing(), "0": "zero"}, "list": ["a", "b"],
        "text": "x<y", "safe": mark_safe("<b>"), "lazy": gettext_lazy("Inbox"), "day": date(2026, 11, 23), "none": None,
        "at": datetime(2026, 11, 23, 9, 30, tzinfo=UTC), "number": 1234567, "half": 1.5, "made": lambda: "made",
        "class": Thing, "named": Row("l", "w"), "space": SimpleNamespace(a=SimpleNamespace(b="deep")),
    }  # fmt: skip


NAMES = (
    "thing", "thing.name", "thing.told", "thing.broken", "thing.called", "thing.erase",
    "thing.get_state_display", "thing.get_state_display.upper", "thing.wanting", "thing.failing", "named.label",
    "named.0", "named.count", "named.absent", "thing.absent", "thing.nothing",
    "thing.nothing.name", "thing.name.upper", "row.key", "row.items", "row.keys", "row.absent", "row.0", "row.thing.told",
    "list.0", "list.7", "list.x", "text", "text.0", "safe", "lazy", "day", "day.year", "at", "number", "half", "none",
    "none.x", "made", "class.name", "space.a.b", "space.a.c", "absent", "absent.x", "push", "flatten", "True",
)  # fmt: skip


def found(kind: type[Variable], name: str) -> object:
    try:
        value = kind(name).resolve(_context())
    except (VariableDoesNotExist, AttributeError, TypeError) as error:
        return type(error)
    return repr(value) if not isinstance(value, Thing) else "thing"


def _context() -> Context:
    context = Context(given())
    context.template = Template("")
    return context


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_for_what_django_says(name: str) -> None:
    django = Name.__base__
    assert django is not None
    assert _told(found(Name, name)) == _told(found(django, name))


def _told(value: object) -> object:
    return str(value).partition(" at 0x")[0]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("autoescape", [True, False])
def test_a_value_is_shown_as_django_shows_it(language: str, *, autoescape: bool) -> None:
    context = Context(given(), autoescape=autoescape)
    with translation.override(language):
        for value in [*given().values(), "", "甲乙", "<甲>", SafeString("")]:
            if isinstance(value, (Thing, dict, Row)):
                continue
            assert lookups.shown(value, context) == lookups._django_shows(value, context)


def test_templates_look_up_by_it() -> None:
    assert base.Variable is Name
    assert Template("{{ thing.name }}{{ text }}{{ thing.absent }}{{ thing.called }}").render(Context(given())) == (
        "甲x&lt;ycalled 1"
    )
