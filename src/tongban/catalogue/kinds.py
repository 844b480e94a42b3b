"""The shapes of this room that rooms above may name: the guide and its parts, what applies of it, rows of lists."""

from tongban.catalogue.guide import (
    Asking,
    Fee,
    FeeItem,
    Guide,
    GuideLimit,
    LegalBasis,
    Material,
    MaterialAnswer,
    Option,
    Place,
    Prefill,
    Question,
    ResultTerms,
    SituationQuestion,
    Step,
)
from tongban.catalogue.queries.listing import Listed
from tongban.catalogue.rules.applying import Applied

__all__ = [
    "Applied",
    "Asking",
    "Fee",
    "FeeItem",
    "Guide",
    "GuideLimit",
    "LegalBasis",
    "Listed",
    "Material",
    "MaterialAnswer",
    "Option",
    "Place",
    "Prefill",
    "Question",
    "ResultTerms",
    "SituationQuestion",
    "Step",
]
