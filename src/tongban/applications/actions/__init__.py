"""What may be done with drafts and applications."""

from tongban.applications.actions.asking_again import ask_again
from tongban.applications.actions.beginning import begin, begin_at_window, discard, discard_expired
from tongban.applications.actions.ending import erase_application, issue_result_of, replace_receipt
from tongban.applications.actions.handing_over import hand_over_enterprise
from tongban.applications.actions.materials import attach, detach, state_word
from tongban.applications.actions.outgrown import forget_input_of_previous_release
from tongban.applications.actions.registers import ask_registers, choose_registers
from tongban.applications.actions.saving import save_delivery, save_materials, save_step
from tongban.applications.actions.submitting import submit
from tongban.applications.actions.supplementing import SupplementAnswer, answer_supplement

__all__ = [
    "SupplementAnswer",
    "answer_supplement",
    "ask_again",
    "ask_registers",
    "attach",
    "begin",
    "begin_at_window",
    "choose_registers",
    "detach",
    "discard",
    "discard_expired",
    "erase_application",
    "forget_input_of_previous_release",
    "hand_over_enterprise",
    "issue_result_of",
    "replace_receipt",
    "save_delivery",
    "save_materials",
    "save_step",
    "state_word",
    "submit",
]
