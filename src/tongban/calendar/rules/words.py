"""An explanation in sentences, for residents and officials."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongban.base.templatetags.words import date_words, datetime_words, in_chinese, limit_words
from tongban.calendar.rules.explaining import Explanation, LeftOut
from tongban.calendar.rules.limits import DAYS_OF_A_MONTH

SHORTEST_MONTH = 28

NAMES = {
    "元旦": gettext_lazy("New Year's Day"),
    "春节": gettext_lazy("Spring Festival"),
    "清明节": gettext_lazy("Tomb-sweeping Day"),
    "劳动节": gettext_lazy("Labour Day"),
    "端午节": gettext_lazy("Dragon Boat Festival"),
    "中秋节": gettext_lazy("Mid-autumn Festival"),
    "国庆节": gettext_lazy("National Day"),
    "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": gettext_lazy(
        "70th anniversary of the victory in the war against fascism"
    ),
}
"""Names in official notices; a name that is not here is shown as the notice has it."""


def holiday_words(name: str) -> str:
    """Return a holiday's name in the reader's language; joined holidays (国庆节、中秋节) part by part."""
    separator = "、" if in_chinese() else ", "
    return separator.join(str(NAMES.get(part, part)) for part in name.split("、"))


def sentences(explanation: Explanation, *, until: date | None = None) -> list[str]:
    """Return how the due date came about, in the reader's language: start, days left out, end.

    With `until` the clock stands on that day: only days up to it are told, and no end.
    """
    told = explanation if until is None else _told_until(explanation, until)
    found = [_start(told), _counting(told), _extended(told)]
    found += [_left_out(told), _stopped_hours(told), _worked(told)]
    if until is None:
        found += [_last_day_moved(told), _end(told), _provisional(told)]
    return [sentence for sentence in found if sentence]


def _told_until(explanation: Explanation, day: date) -> Explanation:
    return replace(
        explanation,
        left_out=tuple(left for left in explanation.left_out if left.day <= day),
        moved_working_days=tuple(worked for worked in explanation.moved_working_days if worked <= day),
    )


def _start(explanation: Explanation) -> str:
    values = {"day": date_words(explanation.began), "first": date_words(explanation.first)}
    if explanation.moved == "after_closing":
        return (
            _("It came in on %(day)s after closing time, so it counts from the next working day, %(first)s.") % values
        )
    if explanation.moved == "closed_day":
        return _("%(day)s is not a working day, so it counts from the next working day, %(first)s.") % values
    return _("The time begins on %(day)s.") % values


def _counting(explanation: Explanation) -> str:
    number = explanation.limit.value
    values = {"number": number}
    if explanation.first_counts and explanation.limit.unit != "month":
        return _with_the_first_day(explanation)
    match explanation.limit.unit:
        case "working_day":
            text = ngettext(
                "That day itself does not count; from the day after, %(number)d working day is counted.",
                "That day itself does not count; from the day after, %(number)d working days are counted.",
                number,
            )
        case "calendar_day":
            text = ngettext(
                "That day itself does not count; from the day after, %(number)d day is counted, weekends included.",
                "That day itself does not count; from the day after, %(number)d days are counted, weekends included.",
                number,
            )
        case "month":
            return _months(explanation)
        case "hour":
            text = ngettext(
                "%(number)d hour is counted without a break.", "%(number)d hours are counted without a break.", number
            )
        case "working_hour":
            text = ngettext(
                "%(number)d working hour is counted while the office is open.",
                "%(number)d working hours are counted while the office is open.",
                number,
            )
        case "fixed_day":
            return _("It ends on a fixed day, until midnight; weekends and holidays do not move it.")
        case _:
            return _("It is dealt with on the spot, on the same working day.")
    return text % values


def _with_the_first_day(explanation: Explanation) -> str:
    """Say how days are counted where a local rule counts the first one."""
    number = explanation.limit.value
    if explanation.limit.unit == "working_day":
        text = ngettext(
            "That day itself counts, as settled here; with it, %(number)d working day is counted.",
            "That day itself counts, as settled here; with it, %(number)d working days are counted.",
            number,
        )
    else:
        text = ngettext(
            "That day itself counts, as settled here; with it, %(number)d day is counted, weekends included.",
            "That day itself counts, as settled here; with it, %(number)d days are counted, weekends included.",
            number,
        )
    return text % {"number": number}


def _months(explanation: Explanation) -> str:
    """Say how months are counted: to the corresponding day, or as thirty days each; and whether the first counts."""
    number = explanation.limit.value
    values = {"number": number, "days": number * DAYS_OF_A_MONTH}
    if explanation.policy.months == "thirty_days":
        text = ngettext(
            "%(number)d month is counted as %(days)d days, as settled here, weekends included.",
            "%(number)d months are counted as %(days)d days, as settled here, weekends included.",
            number,
        )
    elif explanation.first.day > SHORTEST_MONTH:
        text = ngettext(
            "%(number)d month ends on the same day of the month, or on its last day where it has none.",
            "%(number)d months end on the same day of the month, or on its last day where it has none.",
            number,
        )
    else:
        text = ngettext(
            "%(number)d month ends on the same day of the month.",
            "%(number)d months end on the same day of the month.",
            number,
        )
    earlier = _(" The first day counts, as settled here, so it is a day earlier.") if explanation.first_counts else ""
    return text % values + earlier


def _extended(explanation: Explanation) -> str:
    if not explanation.extensions:
        return ""
    separator = "、" if in_chinese() else ", "
    added = separator.join(limit_words(limit.value, limit.unit) for limit in explanation.extensions)
    return _("The time has been extended by %(added)s.") % {"added": added}


def _stopped_hours(explanation: Explanation) -> str:
    """Say when a clock that counts hours stood; for days, the days themselves are named."""
    if not explanation.limit.in_hours or not explanation.stops:
        return ""
    separator = "；" if in_chinese() else "; "
    spans = separator.join(
        _("%(since)s to %(until)s (%(why)s)")
        % {"since": datetime_words(stop.since), "until": datetime_words(stop.until), "why": _ground(stop.ground)}
        for stop in explanation.stops
    )
    return _("Not counted: %(days)s.") % {"days": spans}


def _ground(ground: str) -> str:
    return ground.rstrip("。.") or _("the clock was stopped")


def _left_out(explanation: Explanation) -> str:
    if not explanation.left_out:
        return ""
    separator = "、" if in_chinese() else "; "
    spans = separator.join(_span_words(span) for span in _spans(explanation.left_out))
    return _("Not counted: %(days)s.") % {"days": spans}


def _worked(explanation: Explanation) -> str:
    if not explanation.moved_working_days or explanation.limit.unit not in ("working_day", "working_hour"):
        return ""
    separator = "、" if in_chinese() else ", "
    days = separator.join(date_words(day) for day in explanation.moved_working_days)
    return _("Counted because offices work on these weekend days: %(days)s.") % {"days": days}


def _last_day_moved(explanation: Explanation) -> str:
    if explanation.counted_last == explanation.due.day:
        return ""
    values = {"day": date_words(explanation.counted_last)}
    if any(left.day == explanation.counted_last for left in explanation.left_out):
        return _("On the last day, %(day)s, the clock was stopped, so the time ends on the next working day.") % values
    return _("The last day, %(day)s, is not a working day, so the time ends on the next working day.") % values


def _end(explanation: Explanation) -> str:
    if explanation.due.instant is not None:
        return _("It ends at %(instant)s.") % {"instant": datetime_words(explanation.due.instant)}
    return _("The last day is %(day)s.") % {"day": date_words(explanation.due.day)}


def _provisional(explanation: Explanation) -> str:
    if not explanation.due.provisional:
        return ""
    return _("The holidays of that time have not been announced yet: the day is provisional and will be reckoned anew.")


def _spans(days: tuple[LeftOut, ...]) -> list[list[LeftOut]]:
    """Group days that follow each other and have the same reason."""
    spans = [[days[0]]]
    for before, day in pairwise(days):
        follows = day.day == before.day + timedelta(days=1) and (day.reason, day.name) == (before.reason, before.name)
        if follows:
            spans[-1].append(day)
        else:
            spans.append([day])
    return spans


def _span_words(span: list[LeftOut]) -> str:
    match span[0].reason:
        case "holiday":
            why = holiday_words(span[0].name)
        case "local":
            why = span[0].name
        case "stopped":
            why = _ground(span[0].name)
        case _:
            why = _("weekend")
    return _("%(days)s (%(why)s)") % {"days": _days_words(span[0].day, span[-1].day), "why": why}


def _days_words(first: date, last: date) -> str:
    if first == last:
        return date_words(first)
    return _("%(first)s to %(last)s") % {"first": date_words(first), "last": date_words(last)}
