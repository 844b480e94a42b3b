"""Kinds of case of this room: what people ask about their data, and what offices ask of each other."""

from tongban.cases.kinds import CaseKind
from tongban.sharing.kinds.mine import CorrectionKind, ObjectionKind, QuestionKind
from tongban.sharing.kinds.supply import DataRequestKind, DisputeKind


def all_kinds() -> tuple[CaseKind, ...]:
    """Return one of each."""
    return QuestionKind(), ObjectionKind(), CorrectionKind(), DataRequestKind(), DisputeKind()
