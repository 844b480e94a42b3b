"""Which materials are there and which are still missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tongban.applications.rules.registers import MaterialTold
from tongban.catalogue.queries import Material

if TYPE_CHECKING:
    from tongban.applications.models import DraftMaterial


@dataclass(frozen=True)
class MaterialState:
    """A material that applies, with what is there for it."""

    material: Material
    files: "tuple[DraftMaterial, ...]" = ()
    word: "DraftMaterial | None" = None
    told: MaterialTold | None = None
    """what a register says in its place"""

    @property
    def must_be_there(self) -> bool:
        """Whether the application cannot be submitted without it, or a word why."""
        return self.material.brought_by_applicant and self.material.need == "required"

    @property
    def answered(self) -> bool:
        """Whether there is a file, a word why there is none, or what a register says in its place."""
        return bool(self.files) or self.word is not None or self.told is not None

    @property
    def missing(self) -> bool:
        """Whether it still has to be added."""
        return self.must_be_there and not self.answered


def missing_materials(states: Iterable[MaterialState]) -> Sequence[Material]:
    """Return the materials that still have to be added, in the order of the guide."""
    return [state.material for state in states if state.missing]
