"""What people ask about their data, who read which log; demand and supply, and what keeps grants in order."""

from tongban.sharing.models.questions import Correction, LogReading, Question
from tongban.sharing.models.requests import DataRequest, Dispute
from tongban.sharing.models.upkeep import EndReminder, SharingPolicy, UnusedFields

__all__ = [
    "Correction",
    "DataRequest",
    "Dispute",
    "EndReminder",
    "LogReading",
    "Question",
    "SharingPolicy",
    "UnusedFields",
]
