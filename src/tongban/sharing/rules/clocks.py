"""The clocks of questions, objections and corrections: shipped as tables, changed at `/office/clocks`.

政务数据共享条例 (Order 809) demands a check and an answer to who says that data are wrong; each place lays down the
days, so they are data of the jurisdiction.
"""

from django.utils.translation import gettext_lazy as _

from tongban.calendar.rules import Unit
from tongban.cases.kinds import CLOCKS, TermLimit
from tongban.cases.rules.clock_table import PASSED_ON, ClockRule, ClockRules, Prolonging, ship

ABOUT_LOOK_UPS, ABOUT_RECORDS = "94", "95"
"""Types of items in the tables of clocks: 01 to 20 are in the national catalogue, 91 to 93 of requests."""
_SOURCE = "《政务数据共享条例》（国务院令第809号）关于校核的规定；答复天数由本市规定"


def _table(check_days: int, answer_days: int) -> ClockRules:
    day: Unit = "working_day"
    return ClockRules(
        clocks=(
            ClockRule(
                kind="checking",
                begins="receipt",
                limit=TermLimit(value=check_days, unit=day, basis=_SOURCE),
                told=True,
                stops=False,
            ),
            ClockRule(
                kind="answer",
                begins="acceptance",
                limit=TermLimit(value=answer_days, unit=day, basis=_SOURCE),
                told=True,
                extension=Prolonging(value=5, basis=_SOURCE),
            ),
            ClockRule(kind="step", begins="step", steps=(PASSED_ON,), limit=TermLimit(value=2, unit=day)),
        )
    )


def ship_tables() -> None:
    """Name the clocks and hand in the tables; they are loaded after each migration where there is none."""
    CLOCKS["checking"] = _("Time for looking at what you wrote")
    CLOCKS["answer"] = _("Time for the answer")
    ship(ABOUT_LOOK_UPS, _("Questions and objections to look-ups (94)"), _table(3, 10), _SOURCE)
    ship(ABOUT_RECORDS, _("Corrections of registers (95)"), _table(3, 10), _SOURCE)
