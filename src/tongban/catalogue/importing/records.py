"""What is read and what is said about it: records, their places, problems."""

from dataclasses import dataclass, field

Value = object
"""What JSON or a cell may hold."""


@dataclass(frozen=True, slots=True)
class Record:
    """One object or row, and where it stands. `row` counts from 1: objects of a list, or rows of a sheet."""

    file: str
    row: int
    fields: dict[str, Value]
    sheet: str = ""

    @property
    def place(self) -> str:
        """Where it stands, in words: file, sheet, row."""
        return f"{self.file}[{self.sheet}]" if self.sheet else self.file


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, where. `row` 0: the file as a whole; `field` empty: the row as a whole."""

    file: str
    row: int
    field: str
    reason: str


class Broken(ValueError):  # noqa: N818 - says what is wrong with a record
    """A record cannot become a guide: the field in the source, and why."""

    def __init__(self, field_name: str, reason: str) -> None:
        """Say which field, and why."""
        super().__init__(reason)
        self.field = field_name
        self.reason = reason


@dataclass(slots=True)
class Remarks:
    """What is to be looked at though it does not keep a record out: codes not known, units not stated."""

    record: Record
    said: list[Problem] = field(default_factory=list)

    def add(self, field_name: str, reason: str) -> None:
        """Remark on a field of the record, once."""
        remark = Problem(self.record.place, self.record.row, field_name, reason)
        if remark not in self.said:
            self.said.append(remark)
