"""registers 基础库: made from a schema without programming, read through the gate of exchange alone."""
