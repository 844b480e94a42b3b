"""Registers and their schemas."""

from tongban.base.errors import NotFound
from tongban.registers.models import Register, RegisterSchema


def register_by_code(code: str) -> Register:
    """Return a register; raises NotFound."""
    found = Register.objects.select_related("keeper", "resource").filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def registers() -> list[Register]:
    """Return all registers by their code."""
    return list(Register.objects.select_related("keeper", "resource").order_by("code"))


def newest_schema(register: Register) -> RegisterSchema:
    """Return the schema by which is written now; raises NotFound."""
    found = register.schemas.order_by("-version").first()
    if found is None:
        raise NotFound
    return found
