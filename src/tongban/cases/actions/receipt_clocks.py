"""Clocks that begin with the receipt, when a supplement is asked for and when it comes. On a locked case only.

They end and begin anew, or stand and go on with what is left: as the table has it (policy, facts §3).
"""

from datetime import datetime

from tongban.base.rows import write
from tongban.cases.actions import clocks, step_clocks
from tongban.cases.kinds import terms_of
from tongban.cases.models import Case
from tongban.cases.queries.clock_tables import rules_of
from tongban.cases.rules.clocks import starting


def asked(case: Case, now: datetime) -> None:
    """Let the clocks wait for the answer; those of the steps that are over have ended."""
    if rules_of(case).supplement_begins_anew:
        clocks.end(case, "supplement", now)
    else:
        write(step_clocks.ended(case, now))
        clocks.wait(case, now)
    clocks.order_work(case)


def answered(case: Case, now: datetime) -> None:
    """Let the clocks run on; what was asked for under an earlier release has ended them, so they begin anew."""
    rules = rules_of(case)
    if rules.supplement_begins_anew or not clocks.resume(case, now):
        clocks.start(case, starting(rules, "receipt", terms_of(case)), now)
    clocks.order_work(case)
