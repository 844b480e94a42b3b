"""What the JSON doors of all rooms share: who may call, the shapes of what is sent and told, pages of lists."""

from tongban.base.api.access import ANYBODY, OFFICIAL, RESIDENT, SIGNED_IN, Guard
from tongban.base.api.shapes import (
    UNKNOWN,
    Answers,
    Asked,
    CaseNumber,
    Line,
    Numbered,
    PageNumber,
    PageSize,
    Paging,
    Problem,
    Sent,
    Text,
    Told,
    page_of,
)

__all__ = [
    "ANYBODY",
    "OFFICIAL",
    "RESIDENT",
    "SIGNED_IN",
    "UNKNOWN",
    "Answers",
    "Asked",
    "CaseNumber",
    "Guard",
    "Line",
    "Numbered",
    "PageNumber",
    "PageSize",
    "Paging",
    "Problem",
    "Sent",
    "Text",
    "Told",
    "page_of",
]
