"""What supervision does: publish rules, look, warn, order, judge. Locks: case → warnings → order → paper counter."""

from tongban.coordination.actions.erasing import erase_words
from tongban.coordination.actions.escalating import escalate
from tongban.coordination.actions.looking import look, settle, unsettled
from tongban.coordination.actions.orders import accept_answer, answer_order, issue_order, send_back
from tongban.coordination.actions.settling import settle_warning
from tongban.coordination.actions.tables import load_preset, publish_rules
from tongban.coordination.actions.withdrawing import withdraw_order

__all__ = [
    "accept_answer",
    "answer_order",
    "erase_words",
    "escalate",
    "issue_order",
    "load_preset",
    "look",
    "publish_rules",
    "send_back",
    "settle",
    "settle_warning",
    "unsettled",
    "withdraw_order",
]
