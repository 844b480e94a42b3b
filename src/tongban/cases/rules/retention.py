"""How long a case is kept (个人信息保护法 art. 19: no longer than its purpose needs)."""

from datetime import date, datetime

from tongban.base.clock import office_date
from tongban.cases.kinds import Terms


def retain_until(ended_at: datetime, terms: Terms) -> date:
    """Return the last day on which the content of an ended case is kept: the same day so many years later."""
    day = office_date(ended_at)
    try:
        return day.replace(year=day.year + terms.retention_years)
    except ValueError:  # 29 February
        return date(day.year + terms.retention_years, 3, 1)
