"""How to find registers and their schemas. What they say is asked at the gate of exchange."""

from tongban.registers.queries.finding import (
    Stretch,
    newest_schema,
    register_by_code,
    registers,
    schemas_of,
    stretches_on,
)
from tongban.registers.queries.outlines import Holding, Outline, holdings, outlines, register_of_resource

__all__ = [
    "Holding",
    "Outline",
    "Stretch",
    "holdings",
    "newest_schema",
    "outlines",
    "register_by_code",
    "register_of_resource",
    "registers",
    "schemas_of",
    "stretches_on",
]
