"""How to find what is held on somebody, who looked at it, and what was asked about it."""

from tongban.sharing.queries.asked import correction_of, correction_to_settle, question_of, standing_correction
from tongban.sharing.queries.held import Held, HeldBy, held_for, outlines_of, own_grants, resources_on
from tongban.sharing.queries.looks import (
    Counted,
    Line,
    Readings,
    Wanted,
    counted,
    lines_of,
    log_answers,
    look_up_for,
    look_ups_on,
    readings_of,
)
from tongban.sharing.queries.proofs import proof_of_all, proof_of_look_up
from tongban.sharing.queries.whose import Whose, all_whose, check_window, present_at_window, whose_for

__all__ = [
    "Counted",
    "Held",
    "HeldBy",
    "Line",
    "Readings",
    "Wanted",
    "Whose",
    "all_whose",
    "check_window",
    "correction_of",
    "correction_to_settle",
    "counted",
    "held_for",
    "lines_of",
    "log_answers",
    "look_up_for",
    "look_ups_on",
    "outlines_of",
    "own_grants",
    "present_at_window",
    "proof_of_all",
    "proof_of_look_up",
    "question_of",
    "readings_of",
    "resources_on",
    "standing_correction",
    "whose_for",
]
