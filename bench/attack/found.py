"""What a part has tried and found."""

from dataclasses import asdict, dataclass, field
from typing import Literal

MOST_SHOWN = 40


@dataclass
class Findings:
    """The account of one part: how much was tried, what broke, and what should be known of it."""

    part: str
    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    not_run: str = ""
    seconds: float = 0.0

    @property
    def verdict(self) -> Literal["held", "broken", "not run"]:
        """Nothing tried is nothing shown: such a part has not run."""
        if self.wrong:
            return "broken"
        return "not run" if self.not_run or not self.tried else "held"

    def expect(self, holds: object, words: str) -> bool:
        """Count one try; note the words when it does not hold."""
        self.tried += 1
        if not holds and words not in self.wrong and len(self.wrong) < MOST_SHOWN:
            self.wrong.append(words)
        return bool(holds)

    def written(self) -> dict[str, object]:
        """Return what goes into the JSON."""
        return asdict(self) | {"verdict": self.verdict, "seconds": round(self.seconds, 1)}
