"""`make attack`: attack a demo city on this machine, in parts; ends with 1 and the names of the parts that broke."""

import argparse
import importlib
import json
import sys
import time
import traceback
from pathlib import Path

from bench.attack.bounds import QUICK, Bounds
from bench.attack.city import City, started
from bench.attack.found import Findings

PARTS = (
    "sessions", "uploads", "outside", "door", "limits", "forms", "scripts", "api", "access", "scanner", "advisories",
)  # fmt: skip
"""In this order: what leaves the city as it was comes first."""
REPORT = Path("var/attack/attack.json")


def main() -> int:
    """Run the chosen parts and tell what they found."""
    parser = argparse.ArgumentParser(prog="make attack ARGUMENTS=", description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, by commas: {', '.join(PARTS)}")
    parser.add_argument("--without", default="", help="parts to leave out, by commas")
    parser.add_argument("--quick", action="store_true", help="a third of the cases, for trying it out")
    parser.add_argument("--port", type=int, default=8940, help="port on this machine (default: 8940)")
    parser.add_argument("--json", type=Path, default=REPORT, help=f"where the account is written (default: {REPORT})")
    options = parser.parse_args()
    chosen = [part for part in options.only.split(",") if part not in options.without.split(",")]
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    with started(options.port) as city:
        findings = [_run(part, city, QUICK if options.quick else Bounds()) for part in chosen]
    options.json.parent.mkdir(parents=True, exist_ok=True)
    account = [one.written() for one in findings]
    options.json.write_text(json.dumps(account, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return _tell(findings)


def _run(part: str, city: City, bounds: Bounds) -> Findings:
    print(f"attack: {part} …", flush=True)
    began = time.monotonic()
    module, found = importlib.import_module(f"bench.attack.parts.{part}"), Findings(part)
    try:
        module.run(city, bounds, found)
    except Exception as wrong:  # noqa: BLE001 - what was found before is told all the same
        found.wrong.append(f"it ended early: {type(wrong).__name__}: {str(wrong)[:300]}")
        traceback.print_exc()
    found.seconds = time.monotonic() - began
    return found


def _tell(findings: list[Findings]) -> int:
    print(f"\n{'part':12} {'tried':>8} {'seconds':>8}  verdict")
    for one in findings:
        print(f"{one.part:12} {one.tried:8} {one.seconds:8.0f}  {one.verdict}")
    for one in findings:
        for words in (*one.wrong, *([one.not_run] if one.not_run else [])):
            print(f"  {one.part}: {words}")
    fallen = [f"{one.part} ({one.verdict})" for one in findings if one.verdict != "held"]
    print(f"\nattack: {', '.join(fallen)}" if fallen else "\nattack: everything held")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
