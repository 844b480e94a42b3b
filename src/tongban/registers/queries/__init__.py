"""How to find registers and their schemas. What they say is asked at the gate of exchange."""

from tongban.registers.queries.finding import newest_schema, register_by_code, registers

__all__ = ["newest_schema", "register_by_code", "registers"]
