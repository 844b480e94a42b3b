"""`{% load inbox_rows %}`: the rows of the inbox, drawn in Python: 25 stand on each page (see `base.web.markup`)."""

from collections.abc import Iterable

from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.base.templatetags.ui_content import ui_tag
from tongban.base.templatetags.ui_matters import ui_clock
from tongban.base.templatetags.words import name_words
from tongban.base.web.addresses import address
from tongban.base.web.markup import joined, markup
from tongban.cases.models import Task
from tongban.cases.queries.inbox import Row
from tongban.cases.templatetags.case_words import named, warning

register = Library()


@register.simple_tag
def inbox_rows(rows: Iterable[Row]) -> SafeString:
    """Show the tasks: a box to tick, when it is due, the matter, the applicant, the step, who holds it."""
    return joined(map(_row, rows))


def _row(row: Row) -> SafeString:
    task, case = row.task, row.task.case
    cells = (
        _tick(task),
        markup(
            "{} {}",
            ui_clock(task.due_on, row.pressure.days, provisional=task.provisional, small=True),
            _warning(row),
        ),
        markup(
            '<a class="govuk-link" href="{}">{}</a><br><span class="tb-quiet tb-inbox__number">{}</span>',
            address("cases:case", case.number),
            named(case),
            case.number,
        ),
        case.applicant_name,
        _step(row),
        _holder(row),
    )
    pattern = '<tr class="govuk-table__row tb-inbox__row tb-inbox__row--{}">\n{}</tr>'
    return markup(
        pattern, row.pressure.urgency, joined(markup('<td class="govuk-table__cell">{}</td>\n', cell) for cell in cells)
    )


def _warning(row: Row) -> SafeString:
    """Show the warning; "in time" only where the date itself does not say otherwise."""
    late = row.colour == "green" and row.pressure.urgency in {"overdue", "today", "none"}
    return SafeString("") if late else warning(row.colour)


def _tick(task: Task) -> SafeString:
    return markup(
        '<div class="govuk-checkboxes govuk-checkboxes--small" data-module="govuk-checkboxes">'
        '<div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" type="checkbox" name="task"'
        ' value="{}" id="task-{}"><label class="govuk-label govuk-checkboxes__label" for="task-{}">'
        '<span class="govuk-visually-hidden">{}</span></label></div></div>',
        task.id,
        task.id,
        task.id,
        _("Choose %(number)s") % {"number": task.case.number},
    )


def _step(row: Row) -> SafeString:
    mark = markup(" {}", ui_tag(pgettext("mark", "deputy"), "amber")) if row.as_deputy else ""
    return markup(
        '{}<br><span class="tb-quiet">{} · {}{}</span>',
        name_words(row.task),
        row.post.organisation_name,
        row.post.name,
        mark,
    )


def _holder(row: Row) -> object:
    if row.is_mine:
        return ui_tag(_("me"), "teal")
    if row.task.holder is not None:
        return row.task.holder.name
    return markup('<span class="tb-quiet">{}</span>', _("nobody yet"))
