"""What may be done with cases. Each action is one transaction: lock, ask the rules, change, record the event.

Locks are taken in one order: case → tasks → clocks → paper counter last (see `holding`).
"""

from tongban.cases.actions.acceptance import (
    Point,
    accept,
    accept_many,
    ask_late_supplement,
    ask_supplement,
    give_supplement,
    pass_on,
    refuse_acceptance,
)
from tongban.cases.actions.approving import answer_approval, ask_extension
from tongban.cases.actions.archiving import archive, archive_ended, erase_due
from tongban.cases.actions.between_offices import Asked, open_between_offices
from tongban.cases.actions.clock_tables import load_shipped_tables, publish_clock_table
from tongban.cases.actions.correcting import Correction, correct_paper, void_paper
from tongban.cases.actions.deciding import complete, decide, decide_as_kind, issue_result
from tongban.cases.actions.deemed_acceptance import deem_accepted
from tongban.cases.actions.deemed_renewal import deem_renewed
from tongban.cases.actions.delivering import deliver
from tongban.cases.actions.ending import lapse_overdue, withdraw
from tongban.cases.actions.fees import fix_open, settle_fee, waive_fee
from tongban.cases.actions.holding import hold_cases
from tongban.cases.actions.opening import Opening, add_paper, filed, open_case, opening
from tongban.cases.actions.rating import answer_rating, rate
from tongban.cases.actions.recounting import RECOUNT, begin_recount, defer_recount, recount_some, take_to_tell
from tongban.cases.actions.reviewing import complete_review
from tongban.cases.actions.showing import show_numbers
from tongban.cases.actions.suspending import begin_procedure, resume, suspend_by_law
from tongban.cases.actions.taking import (
    BulkOutcome,
    claim,
    claim_many,
    hand_over,
    release,
    release_many,
    stand_aside,
)
from tongban.cases.actions.timing import (
    AT_ONCE,
    Round,
    Timer,
    act_on_what_is_due,
    give_missing_ends,
    remind_of_suspensions,
)

__all__ = [
    "AT_ONCE",
    "RECOUNT",
    "Asked",
    "BulkOutcome",
    "Correction",
    "Opening",
    "Point",
    "Round",
    "Timer",
    "accept",
    "accept_many",
    "act_on_what_is_due",
    "add_paper",
    "answer_approval",
    "answer_rating",
    "archive",
    "archive_ended",
    "ask_extension",
    "ask_late_supplement",
    "ask_supplement",
    "begin_procedure",
    "begin_recount",
    "claim",
    "claim_many",
    "complete",
    "complete_review",
    "correct_paper",
    "decide",
    "decide_as_kind",
    "deem_accepted",
    "deem_renewed",
    "defer_recount",
    "deliver",
    "erase_due",
    "filed",
    "fix_open",
    "give_missing_ends",
    "give_supplement",
    "hand_over",
    "hold_cases",
    "issue_result",
    "lapse_overdue",
    "load_shipped_tables",
    "open_between_offices",
    "open_case",
    "opening",
    "pass_on",
    "publish_clock_table",
    "rate",
    "recount_some",
    "refuse_acceptance",
    "release",
    "release_many",
    "remind_of_suspensions",
    "resume",
    "settle_fee",
    "show_numbers",
    "stand_aside",
    "suspend_by_law",
    "take_to_tell",
    "void_paper",
    "waive_fee",
    "withdraw",
]
