"""The memory of the clients against the books of the installation, and the books against each other."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.installation import Installation
from bench.processes import NotStarted
from bench.torture.people import Memory

QUIET_SECONDS = 90.0


@dataclass
class Verdict:
    """What was found after a round; sentences, each one a broken promise."""

    acknowledged: int = 0
    verified: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disagreeing: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.disagreeing)


def wait_until_quiet(place: Installation) -> str:
    """Wait until nothing is owed any more; returns a sentence when that takes too long."""
    until = time.monotonic() + QUIET_SECONDS
    owed: Mapping[str, int] = {}
    place.renew_inside()
    while time.monotonic() < until:
        try:
            owed = place.inside.call("books.owed")
        except NotStarted:  # PostgreSQL is still on its way back
            place.renew_inside()
        else:
            if not any(owed.values()):
                return ""
        time.sleep(0.5)
    return f"still owed after {QUIET_SECONDS:.0f} s: {dict(owed)}"


def compare(place: Installation, memory: Memory, verdict: Verdict) -> None:
    """Hold every acknowledged answer against the books, and the books against each other."""
    found: dict[str, Any] = place.inside.call(
        "memories.compare",
        attempted=sorted(memory.attempted),
        receipts=memory.receipts,
        files=memory.files,
        supplements=memory.supplements,
        steps=memory.steps,
    )
    at_the_gate: list[str] = place.inside.call("look_ups.not_proven", ids=memory.look_ups)
    verdict.acknowledged = memory.acknowledged()
    verdict.verified = found["verified"] + len(memory.look_ups) - len(at_the_gate)
    verdict.lost += found["lost"] + [f"look-up {one} is not once in log, ledger, tree and chain" for one in at_the_gate]
    verdict.doubled += found["doubled"] + [f"two receipts for {key}" for key in memory.unlike]
    verdict.disagreeing += memory.strange + _books(place) + _ledger(place)


def _ledger(place: Installation) -> list[str]:
    """Reckon every hash of the ledger anew: whatever was killed, what was sealed is as it was, nothing is half done."""
    command = [sys.executable, "-m", "tongban", "ledger", "verify", "--most", "5"]
    done = subprocess.run(command, env=place.environment, capture_output=True, text=True, check=False)
    return [f"ledger verify: {done.stdout[-800:]}{done.stderr[-300:]}"] if done.returncode else []


def _books(place: Installation) -> list[str]:
    command = [sys.executable, "-m", "tongban", "compare-books", "--json", "--files", "--grace", "0"]
    done = subprocess.run(command, env=place.environment, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return [f"compare-books did not answer: {done.stderr[-500:]}"]
    return [
        f"{one['name']}: {one['disagreements']}: {'; '.join(one['named'])}"
        for one in found["comparisons"]
        if one["disagreements"]
    ]
