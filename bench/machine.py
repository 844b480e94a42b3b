"""The machine on which was measured, and whether it had other work to do."""

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

GIGABYTE = 1024**3
BUSY = 0.5
"""Share of the cores that others may use before the figures are doubted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Cores, memory, and how many processes waited for a core in the minute before."""

    processor: str
    cores: int
    memory_gb: float
    load_before: float

    @property
    def doubt(self) -> str:
        """A sentence when others were at work here; else empty."""
        if self.load_before < BUSY * self.cores:
            return ""
        return (
            f"This machine had other work (load {self.load_before:.1f} on {self.cores} cores before the start): "
            "compare ratios and processor times, not rates."
        )


def look() -> Machine:
    """Look at the machine. The load is that of the last minute, so a bench just ended counts as well."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_gb=round(psutil.virtual_memory().total / GIGABYTE, 1),
        load_before=os.getloadavg()[0],
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"
