"""`{% load process_pictures %}`: the picture of a process on a page, with the same in words beside it."""

from uuid import UUID

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongban.base.templatetags.words import in_chinese
from tongban.organisations.rules import ROLES
from tongban.processes import queries
from tongban.processes.rules.shapes import StepShape

register = template.Library()


@register.simple_tag
def process_picture_style() -> SafeString:
    """Return the link to the picture's styles, for the block `styles`."""
    return format_html('<link rel="stylesheet" href="{}">', static("processes/picture.css"))


@register.inclusion_tag("processes/picture.html")
def process_picture(process_version_id: UUID) -> dict[str, object]:
    """Show a process: wide screens get it from left to right, telephones downwards, everybody the list of steps."""
    return _context(
        right=queries.picture(process_version_id, "right"),
        down=queries.picture(process_version_id, "down"),
        steps=queries.steps_of_version(process_version_id),
    )


@register.inclusion_tag("processes/picture.html")
def run_picture(run_id: UUID) -> dict[str, object]:
    """Show where a run stands: steps done and waiting are marked."""
    return _context(
        right=queries.picture_of_run(run_id, "right"),
        down=queries.picture_of_run(run_id, "down"),
        steps=queries.steps_of_run(run_id),
    )


def _context(*, right: str, down: str, steps: list[StepShape]) -> dict[str, object]:
    return {
        "right": mark_safe(right),  # noqa: S308 - drawn here; every name in it is escaped
        "down": mark_safe(down),  # noqa: S308 - as above
        "turns": [[_in_words(step) for step in steps if step.turn == turn] for turn in _turns(steps)],
    }


def _turns(steps: list[StepShape]) -> list[int]:
    return sorted({step.turn for step in steps})


def _in_words(step: StepShape) -> dict[str, str]:
    role = str(ROLES[step.role].words) if step.role in ROLES else step.role
    return {
        "name": step.name if in_chinese() or not step.name_en else step.name_en,
        "who": _("%(role)s · another department") % {"role": role} if step.by_another_office else role,
    }
