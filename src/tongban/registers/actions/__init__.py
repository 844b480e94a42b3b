"""What may be done to registers: lay them down, record, correct, end, merge and split, load."""

from tongban.registers.actions.dumping import dump, read_lines
from tongban.registers.actions.loading import Loaded, load
from tongban.registers.actions.measuring import measure
from tongban.registers.actions.schemas import follow_entry, make_register, make_register_of, publish_schema
from tongban.registers.actions.subjects import merge, split
from tongban.registers.actions.writing import correct, end, record

__all__ = [
    "Loaded",
    "correct",
    "dump",
    "end",
    "follow_entry",
    "load",
    "make_register",
    "make_register_of",
    "measure",
    "merge",
    "publish_schema",
    "read_lines",
    "record",
    "split",
]
