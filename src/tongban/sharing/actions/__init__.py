"""What may be done: read and question what is held on oneself; ask for data, answer, dispute, keep grants in order."""

from tongban.sharing.actions.answering import Answer, answer
from tongban.sharing.actions.asking import ask, ask_correction
from tongban.sharing.actions.disputing import decide_dispute, erase_dispute, note_dispute_taken_back, raise_dispute
from tongban.sharing.actions.own_view import give_own_view, give_own_views
from tongban.sharing.actions.policy import publish_policy
from tongban.sharing.actions.reading import forget_old_readings, note_reading, read_held
from tongban.sharing.actions.requesting import ask_again, erase_request, hand_in, note_taken_back, take_back
from tongban.sharing.actions.settling import complete_answered, end_correction, erase_asked, settle_correction
from tongban.sharing.actions.upkeep import keep, propose_unused, remind_of_ends, take_out

__all__ = [
    "Answer",
    "answer",
    "ask",
    "ask_again",
    "ask_correction",
    "complete_answered",
    "decide_dispute",
    "end_correction",
    "erase_asked",
    "erase_dispute",
    "erase_request",
    "forget_old_readings",
    "give_own_view",
    "give_own_views",
    "hand_in",
    "keep",
    "note_dispute_taken_back",
    "note_reading",
    "note_taken_back",
    "propose_unused",
    "publish_policy",
    "raise_dispute",
    "read_held",
    "remind_of_ends",
    "settle_correction",
    "take_back",
    "take_out",
]
