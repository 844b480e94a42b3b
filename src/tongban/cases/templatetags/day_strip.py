"""`{% load day_strip %}`: the days of a limit as a small calendar, for the eye; the table beside it says the same."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from django.template import Library
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongban.base.templatetags.words import in_chinese
from tongban.base.web.markup import joined, markup
from tongban.cases.rules.counting import CountedDay

register = Library()

LONGEST = 400
"""Longer limits are told in the table only."""
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@register.simple_tag
def day_strip(days: Sequence[CountedDay], today: date) -> SafeString:
    """Show days as calendar months: those that count, those that do not and why, today."""
    if not days or len(days) > LONGEST:
        return SafeString("")
    months = groupby(days, key=lambda one: (one.day.year, one.day.month))
    return markup(
        '<div class="tb-days" aria-hidden="true">{}</div>{}',
        joined(_month(list(some), today, days[-1].day) for _month_, some in months),
        _legend({one.reason for one in days}),
    )


def _month(days: Sequence[CountedDay], today: date, last: date) -> SafeString:
    first = days[0].day
    name = f"{first.year}年{first.month}月" if in_chinese() else formats.date_format(first, "F Y")
    cells = joined(_cell(one, today, last, is_first=one is days[0]) for one in days)
    return markup(
        '<div class="tb-days__month"><p class="tb-days__name">{}</p><div class="tb-days__grid">{}</div></div>',
        name,
        cells,
    )


def _cell(one: CountedDay, today: date, last: date, *, is_first: bool) -> SafeString:
    kind = one.reason or "counted"
    classes = [f"tb-days__day--{kind}"]
    classes += [f"tb-days__day--{NAMES[one.day.weekday()]}"] if is_first else []
    classes += ["tb-days__day--today"] if one.day == today else []
    classes += ["tb-days__day--last"] if one.day == last and one.number is not None else []
    return markup(
        '<span class="tb-days__day {}" title="{}">{}<small>{}</small></span>',
        " ".join(classes),
        one.words or (_("day %(number)d") % {"number": one.number} if one.number else ""),
        one.day.day,
        one.number or "–",
    )


def _legend(reasons: Iterable[str]) -> SafeString:
    words = {
        "": _("counts"),
        "moved_working_day": _("counts: weekend worked for a holiday"),
        "start": _("day of the start"),
        "weekend": _("weekend"),
        "holiday": _("holiday"),
        "local": _("local day"),
        "stopped": _("the clock stood"),
    }
    shown = [reason for reason in words if reason in set(reasons)]
    return markup(
        '<ul class="tb-days__legend" aria-hidden="true">{}</ul>',
        joined(
            markup(
                '<li><span class="tb-days__mark tb-days__day--{}"></span>{}</li>', reason or "counted", words[reason]
            )
            for reason in shown
        ),
    )
