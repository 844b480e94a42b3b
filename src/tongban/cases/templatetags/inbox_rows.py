"""`{% load inbox_rows %}`: the rows of the inbox, drawn in Python: 25 stand on each page (see `base.web.markup`)."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tongban.base.errors import Words
from tongban.base.templatetags.ui_content import ui_tag
from tongban.base.templatetags.ui_matters import ui_clock
from tongban.base.templatetags.words import name_words
from tongban.base.web.addresses import address
from tongban.base.web.markup import joined, markup
from tongban.cases.models import Task
from tongban.cases.providers import Colour
from tongban.cases.queries.inbox import Row
from tongban.cases.rules.urgency import Pressure
from tongban.cases.templatetags.case_words import named, warning

register = Library()

_ROW = """\
<tr role="row" class="govuk-table__row tb-inbox__row tb-inbox__row--{0}">
<td role="cell" class="govuk-table__cell"><div class="govuk-checkboxes govuk-checkboxes--small" \
data-module="govuk-checkboxes">\
<div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" type="checkbox" name="task" value="{1}" \
id="task-{1}"><label class="govuk-label govuk-checkboxes__label" for="task-{1}">\
<span class="govuk-visually-hidden">{2}</span></label></div></div></td>
<td role="cell" class="govuk-table__cell">{3}</td>
<td role="cell" class="govuk-table__cell"><a class="govuk-link" href="{4}">{5}</a><br>\
<span class="tb-quiet tb-inbox__number">{6}</span></td>
<td role="cell" class="govuk-table__cell">{7}</td>
<td role="cell" class="govuk-table__cell">{8}<br><span class="tb-quiet">{9} · {10}{11}</span></td>
<td role="cell" class="govuk-table__cell">{12}</td>
</tr>"""


@register.simple_tag
def inbox_rows(rows: Iterable[Row]) -> SafeString:
    """Show the tasks: a box to tick, when it is due, the matter, the applicant, the step, who holds it."""
    words = _Words()
    return joined([_row(row, words) for row in rows])


@register.simple_tag
def task_kinds() -> Sequence[tuple[str, Words]]:
    """Return the kinds of steps by which the inbox can be narrowed, with their words."""
    return Task.Kind.choices


class _Words:
    """What the rows of a page say again and again, looked up once."""

    __slots__ = ("choose", "deputy", "language", "me", "nobody")

    def __init__(self) -> None:
        self.language = get_language()
        self.choose = _("Choose %(number)s")
        self.deputy = markup(" {}", ui_tag(pgettext("mark", "deputy"), "amber"))
        self.me = ui_tag(_("me"), "teal")
        self.nobody = markup('<span class="tb-quiet">{}</span>', _("nobody yet"))


def _row(row: Row, words: _Words) -> SafeString:
    task, post = row.task, row.post
    case = task.case
    return markup(
        _ROW,
        row.pressure.urgency,
        task.id,
        words.choose % {"number": case.number},
        _due(task.due_on, row.pressure, row.colour, words.language, provisional=task.provisional),
        address("cases:case", case.number),
        named(case),
        case.number,
        case.applicant_name,
        name_words(task),
        post.organisation_name,
        post.name,
        words.deputy if post.as_deputy else "",
        _holder(row, words),
    )


@lru_cache(maxsize=1024)
def _due(
    due_on: date | None, pressure: Pressure, colour: Colour, _language: str | None, *, provisional: bool
) -> SafeString:
    """Show the day with its clock, and the warning: many tasks of one day share them, on page after page.

    "In time" is said only where the date itself does not say otherwise.
    """
    late = colour == "green" and pressure.urgency in {"overdue", "today", "none"}
    clock = ui_clock(due_on, pressure.days, provisional=provisional, small=True)
    return markup("{} {}", clock, "" if late else warning(colour))


def _holder(row: Row, words: _Words) -> str:
    if row.is_mine:
        return words.me
    return words.nobody if row.task.holder is None else row.task.holder.name
