"""Dependencies against the advisories of their index, where one is reachable."""

import json
import subprocess
from pathlib import Path

from bench.attack.bounds import Bounds
from bench.attack.city import City
from bench.attack.found import Findings
from bench.attack.parts.scanner import environment

PINNED = Path(__file__).parents[1] / "pip-audit.txt"
LOCKS = ("requirements.txt", "requirements-development.txt")


def run(_city: City, bounds: Bounds) -> Findings:
    """Ask for each of the pinned versions."""
    found = Findings("advisories")
    programmes = environment("pip-audit", PINNED)
    if programmes is None:
        found.not_run = "pip-audit could not be installed: no package index is reachable"
        return found
    for lock in LOCKS:
        command = [
            str(programmes / "pip-audit"), "-r", lock, "--no-deps", "--disable-pip", "-f", "json", "--progress-spinner", "off",
            "--timeout", "20",
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=bounds.seconds + 60)
            told = json.loads(done.stdout)["dependencies"]
        except (subprocess.TimeoutExpired, ValueError, KeyError):
            found.not_run = f"no index of advisories is reachable; {lock} was not compared"
            return found
        for one in told:
            known = [advisory["id"] for advisory in one.get("vulns", [])]
            found.expect(not known, f"{lock}: {one['name']} {one.get('version')}: {', '.join(known)}")
    return found
