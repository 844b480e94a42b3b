"""How long a result is valid."""

import calendar
from datetime import date, timedelta


def last_day(first: date, months: int | None) -> date | None:
    """Return the last day of a term of whole months; None = no term 长期.

    Counted by months: the term ends the day before the same day of the last month (民法典 art. 202); where that month
    has no such day, on its last day.
    """
    if months is None:
        return None
    index = first.month - 1 + months
    year, month = first.year + index // 12, index % 12 + 1
    days = calendar.monthrange(year, month)[1]
    if first.day > days:
        return date(year, month, days)
    return date(year, month, first.day) - timedelta(days=1)
