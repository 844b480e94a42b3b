"""The hub: somebody asked, an office must answer in time."""

from tongban.cases.models.acceptance import NonAcceptance, SupplementPoint, SupplementRequest, Withdrawal
from tongban.cases.models.case import Case
from tongban.cases.models.clocks import Approval, Clock, ClockExtension, ClockInterval, ClockTable, Suspension
from tongban.cases.models.outcome import Archive, CasePaper, Decision, Delivery, FeeDemand, Rating, Result
from tongban.cases.models.recounts import Recount, RecountPiece
from tongban.cases.models.tasks import HandOver, Recusal, Task

__all__ = [
    "Approval",
    "Archive",
    "Case",
    "CasePaper",
    "Clock",
    "ClockExtension",
    "ClockInterval",
    "ClockTable",
    "Decision",
    "Delivery",
    "FeeDemand",
    "HandOver",
    "NonAcceptance",
    "Rating",
    "Recount",
    "RecountPiece",
    "Recusal",
    "Result",
    "SupplementPoint",
    "SupplementRequest",
    "Suspension",
    "Task",
    "Withdrawal",
]
