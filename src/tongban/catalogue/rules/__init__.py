"""Pure reckoning over guides: what applies, what is unsound, what contradicts itself, by what words it is found."""

from tongban.catalogue.rules.applying import Applied, applies, clean_situation, open_questions, questions_for
from tongban.catalogue.rules.contradictions import Contradiction, contradictions
from tongban.catalogue.rules.promises import verdict
from tongban.catalogue.rules.registers import asking_faults
from tongban.catalogue.rules.soundness import faults
from tongban.catalogue.rules.themes import THEMES, ThemeShape

__all__ = [
    "THEMES",
    "Applied",
    "Contradiction",
    "ThemeShape",
    "applies",
    "asking_faults",
    "clean_situation",
    "contradictions",
    "faults",
    "open_questions",
    "questions_for",
    "verdict",
]
