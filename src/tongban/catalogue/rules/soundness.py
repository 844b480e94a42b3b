"""Whether a guide may be published: its conditions can be read, its themes are known, its choices can be chosen."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.base import expressions
from tongban.catalogue.guide import Guide
from tongban.catalogue.rules.themes import THEMES

Fault = tuple[str, str | Promise]
"""Place in the guide, and what is wrong there."""


def faults(guide: Guide) -> dict[str, list[str | Promise]]:
    """Return place → sentences; empty when the guide may be published."""
    found: dict[str, list[str | Promise]] = {}
    for place, words in _all_faults(guide):
        found.setdefault(place, []).append(words)
    return found


def _all_faults(guide: Guide) -> Iterator[Fault]:
    if not guide.name.strip():
        yield "name", _("A matter needs a name.")
    for theme in guide.themes:
        if theme not in THEMES:
            yield f"themes.{theme}", _("This theme is not known here.")
    for place, condition in _conditions(guide):
        if not condition.strip():
            continue
        try:
            expressions.check(condition)
        except expressions.WrongExpression:
            yield place, _("This condition cannot be read.")
    for question in guide.situations:
        values = [option.value for option in question.options]
        if not values or len(set(values)) != len(values):
            yield f"situations.{question.key}", _("A question needs answers to choose from, each of them once.")


def _conditions(guide: Guide) -> Iterator[tuple[str, str]]:
    for question in guide.situations:
        yield f"situations.{question.key}.condition", question.condition
    for material in guide.materials:
        yield f"materials.{material.key}.condition", material.condition
    for position, step in enumerate(guide.steps):
        yield f"steps.{position}.condition", step.condition
    for position, fee in enumerate(guide.fees):
        for item in fee.items:
            yield f"fees.{position}.condition", item.condition
