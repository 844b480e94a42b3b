"""Renewal 延续: asked for in time and not decided by the permit's last day, it is deemed granted (行政许可法 art. 50).

Pure. The clock of a renewal has no limit that could be counted: it ends with the last day of the result that the case
renews, at midnight, whatever happens meanwhile.
"""

from datetime import date, datetime, timedelta

from tongban.base.clock import office_date
from tongban.calendar.rules import fixed
from tongban.cases.kinds import Terms
from tongban.cases.rules.clock_table import LAW, ClockRule, ClockRules
from tongban.cases.rules.clocks import ClockStart

BASIS = f"{LAW}第五十条"
CHANGE = "change"
"""What a guide says of a matter that succeeds a result without renewing it: nothing is deemed of it."""


def rule_of_renewal(rules: ClockRules) -> ClockRule | None:
    """Return the rule by which a renewal has its clock; None where the table knows none."""
    return next((rule for rule in rules.clocks if rule.own == "validity"), None)


def renewal_clock(rules: ClockRules, terms: Terms, last_day: date | None, received: datetime) -> ClockStart | None:
    """Return the clock of a case that succeeds a result valid to `last_day`; None when nothing can be deemed.

    That is so for a result without end, a matter that only changes it, and one asked for later than the law wants
    (thirty days before the last day, or what the table says).
    """
    rule, day = rule_of_renewal(rules), office_date(received)
    if rule is None or last_day is None or terms.result.succeeds == CHANGE:
        return None
    if day + timedelta(days=rules.renewal_days) > last_day:
        return None
    return ClockStart(rule.kind, fixed(last_day, received).value, "fixed_day", BASIS, rule.at_end)
