"""A year's days as people write and send them: lines, CSV, iCalendar, JSON; read, and written as lines.

A line names a day or a span of days, the holiday, and whether it is off 休 or worked 班:
`2027-02-05至2027-02-11,春节,休`. JSON is that of the lists that are commonly passed around
(`{"days": [{"name", "date", "isOffDay"}]}`), or `[{"day", "name", "is_working"}]`.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from tongban.calendar.errors import WrongYear
from tongban.calendar.rules.days import NamedDay

ONE_DAY = timedelta(days=1)
MOST_CHARACTERS = 100_000
LONGEST_SPAN = 60
OFF = frozenset({"休", "放假", "假", "off", "holiday", "0", "false", "休息"})
WORKED = frozenset({"班", "上班", "调休上班", "补班", "work", "working", "1", "true"})
_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_ONE = re.compile(_DAY)
_SPAN = re.compile(rf"\s*{_DAY}\s*(?:(?:至|到|~|—|–|\.\.|to)\s*{_DAY})?\s*", re.IGNORECASE)


def read_notice(text: str) -> list[NamedDay]:
    """Return the days that a text in any of the forms names, in order; raises WrongYear, naming wrong lines."""
    text = text.lstrip("\ufeff").strip()
    if len(text) > MOST_CHARACTERS:
        raise WrongYear({"days": [_("This is too long for the notice of a year.")]})
    if text.upper().startswith("BEGIN:VCALENDAR"):
        return sorted(_of_icalendar(text))
    if text.startswith(("{", "[")):
        return sorted(_of_json(text))
    return sorted(_of_lines(text))


def written(days: Iterable[NamedDay]) -> str:
    """Return days as lines that `read_notice` reads; days in a row of one name make one line."""
    lines = []
    for _key, group in groupby(enumerate(sorted(days)), key=lambda one: _run(*one)):
        run = [named for _place, named in group]
        span = run[0].day.isoformat() if len(run) == 1 else f"{run[0].day.isoformat()}至{run[-1].day.isoformat()}"
        lines.append(f"{span},{run[0].name},{'班' if run[0].is_working else '休'}")
    return "\n".join(lines)


def _run(place: int, named: NamedDay) -> tuple[int, str, bool]:
    return named.day.toordinal() - place, named.name, named.is_working


def _of_lines(text: str) -> list[NamedDay]:
    found: list[NamedDay] = []
    problems: list[str] = []
    for number, row in enumerate(csv.reader(io.StringIO(text.replace("，", ",").replace("\t", ","))), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and not _ONE.search(cells[0])):
            continue  # an empty line, or the heads of the columns
        try:
            found += _of_cells(cells)
        except ValueError:
            problems.append(
                _("Line %(number)d is not a day, a name and 休 or 班: “%(line)s”.")
                % {"number": number, "line": ",".join(cells)[:60]}
            )
    if problems:
        raise WrongYear({"days": problems[:20]})
    return found


def _of_cells(cells: list[str]) -> Iterator[NamedDay]:
    span, name, kind = (*cells, "", "")[:3] if len(cells) < 3 else cells[:3]  # noqa: PLR2004 - the three columns
    matched = _SPAN.fullmatch(span)
    if matched is None:
        raise ValueError(span)
    first = date(*(int(part) for part in matched.groups()[:3]))
    last = date(*(int(part) for part in matched.groups()[3:])) if matched[4] else first
    return iter([NamedDay(day, name, _is_working(kind)) for day in _days(first, last)])


def _is_working(kind: str) -> bool:
    word = kind.strip().lower()
    if word in OFF:
        return False
    if word in WORKED:
        return True
    raise ValueError(kind)


def _days(first: date, last: date) -> list[date]:
    if not first <= last <= first + LONGEST_SPAN * ONE_DAY:
        raise ValueError(last)
    return [first + step * ONE_DAY for step in range((last - first).days + 1)]


def _of_json(text: str) -> list[NamedDay]:
    try:
        given: Any = json.loads(text)
        rows = given["days"] if isinstance(given, dict) else given
        return [_of_entry(row) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = _("This JSON does not hold a list of days, each with its date, its name and whether it is off.")
        raise WrongYear({"days": [message]}) from None


def _of_entry(row: dict[str, Any]) -> NamedDay:
    is_working = row["is_working"] if "is_working" in row else not row["isOffDay"]
    if not isinstance(is_working, bool):
        raise TypeError(is_working)
    return NamedDay(date.fromisoformat(row.get("date") or row["day"]), str(row["name"]).strip(), is_working)


def _of_icalendar(text: str) -> list[NamedDay]:
    """Read whole-day events (RFC 5545); the summary ends with 休 or 班, as lists of this kind have it."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    found: list[NamedDay] = []
    for event in re.findall(r"BEGIN:VEVENT(.*?)END:VEVENT", unfolded, re.DOTALL | re.IGNORECASE):
        fields = dict(re.findall(r"^([A-Z-]+)[^:\r\n]*:([^\r\n]*)", event, re.MULTILINE))
        try:
            first = _of_basic(fields["DTSTART"])
            last = _of_basic(fields["DTEND"]) - ONE_DAY if "DTEND" in fields else first
            name, is_working = _of_summary(fields["SUMMARY"])
            found += [NamedDay(day, name, is_working) for day in _days(first, max(first, last))]
        except (KeyError, ValueError):
            message = _("An event of this calendar is not a whole day whose title ends with 休 or 班: “%(title)s”.")
            raise WrongYear({"days": [message % {"title": fields.get("SUMMARY", "")[:60]}]}) from None
    return found


def _of_basic(stamp: str) -> date:
    digits = re.match(r"\d{8}", stamp)
    if digits is None:
        raise ValueError(stamp)
    return date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))


def _of_summary(summary: str) -> tuple[str, bool]:
    matched = re.fullmatch(r"\s*(.+?)[\s(（\[]*(补班|上班|放假|休息|班|休)(?:第[^)）\]]*)?[)）\]\s]*", summary)
    if matched is None:
        raise ValueError(summary)
    return matched[1].strip(), _is_working(matched[2])
