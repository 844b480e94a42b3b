"""Dependencies against the advisories of their index, where one is reachable."""

import json
import subprocess
from pathlib import Path
from typing import Any

from bench.attack.bounds import Bounds
from bench.attack.city import City
from bench.attack.found import Findings
from bench.attack.parts.scanner import environment

PINNED = Path(__file__).parents[1] / "pip-audit.txt"
LOCKS = ("requirements.txt", "requirements-development.txt")


KNOWN = "jinja2==2.10\n"
"""Has had advisories for years: an index that knows none of it knows nothing."""


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Ask for each of the pinned versions, after showing that the index knows a hole that is there."""
    programmes = environment("pip-audit", PINNED)
    if programmes is None:
        found.not_run = "pip-audit could not be installed: no package index is reachable"
        return
    known = city.var.parent / "known-to-be-bad.txt"
    known.write_text(KNOWN, encoding="ascii")
    ignorance = ignorant(_asked(programmes / "pip-audit", str(known), bounds))
    if ignorance:
        found.not_run = f"no index of advisories is reachable, nothing was compared: {ignorance}"
        return
    for lock in LOCKS:
        told = _asked(programmes / "pip-audit", lock, bounds)
        if told is None:
            found.not_run = f"the index of advisories went away; {lock} was not compared"
            return
        for one in told:
            if not found.expect(
                "skip_reason" not in one, f"{lock}: {one['name']} was not compared: {one.get('skip_reason')}"
            ):
                continue
            ids = [advisory["id"] for advisory in one.get("vulns", [])]
            found.expect(not ids, f"{lock}: {one['name']} {one.get('version')}: {', '.join(ids)}")


def ignorant(told: list[dict[str, Any]] | None) -> str:
    """Return why an index that said this of what is known to be bad is not to be believed; empty when it knows it.

    pip-audit itself says "no known vulnerabilities" of an index that has never heard of a package, and ends with 0.
    """
    if told is None:
        return "pip-audit ended without an answer"
    if any(one.get("vulns") for one in told):
        return ""
    skipped = next((str(one["skip_reason"]) for one in told if "skip_reason" in one), "")
    return skipped or f"it knows of no hole in {KNOWN.strip()}"


def _asked(programme: Path, lock: str, bounds: Bounds) -> list[dict[str, Any]] | None:
    """Return what is told of each package, None when nothing is."""
    command = [
        str(programme),
        "-r",
        lock,
        "--no-deps",
        "--disable-pip",
        "-f",
        "json",
        "--progress-spinner",
        "off",
        "--timeout",
        "20",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=bounds.seconds * 2 + 60)
        return list(json.loads(done.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
