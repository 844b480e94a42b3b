"""What people ask about their data, and who read which log."""

from tongban.sharing.models.questions import Correction, LogReading, Question

__all__ = ["Correction", "LogReading", "Question"]
