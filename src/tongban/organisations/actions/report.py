"""What an import did, or would do."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that could not be taken in: where it stands, which field, why."""

    where: str
    field: str
    reason: str

    def __str__(self) -> str:
        """Return one line for a terminal."""
        return f"{self.where}: {self.field}: {self.reason}"


@dataclass(slots=True)
class ImportReport:
    """Names of what was added, changed, left alone, and is known here but no more in the source; and problems."""

    dry_run: bool
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    """Known here, absent from the source: reported and left, since cases may refer to them."""
    merged: list[str] = field(default_factory=list)
    """Rows of the source that name the same thing twice, taken as one."""
    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the report for a terminal."""
        return "\n".join(self.lines())

    @property
    def broken(self) -> int:
        """How many rows could not be taken in."""
        return len(self.problems)

    def lines(self, most: int = 20) -> list[str]:
        """Return the report for a terminal: counts first, then at most `most` names of each kind."""
        would = "would be " if self.dry_run else ""
        shown = [
            f"{would}added: {len(self.added)}",
            *self._names(self.added, most),
            f"{would}changed: {len(self.changed)}",
            *self._names(self.changed, most),
            f"unchanged: {self.unchanged}",
        ]
        if self.merged:
            shown += [f"named twice, taken as one: {len(self.merged)}", *self._names(self.merged, most)]
        if self.missing:
            shown += [f"here but not in the source, left alone: {len(self.missing)}", *self._names(self.missing, most)]
        shown.append(f"problems: {len(self.problems)}")
        return shown + [f"  {problem}" for problem in self.problems]

    @staticmethod
    def _names(names: list[str], most: int) -> list[str]:
        more = [f"  … and {len(names) - most} more"] if len(names) > most else []
        return [f"  {name}" for name in names[:most]] + more
