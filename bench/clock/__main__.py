"""`make clock`: does the product reckon every limit as somebody does who counts day by day?

Draws random lives of clocks and holds the rules of the room `calendar` against a count written only for this
(`counting`). Ends with status 1 on any difference, with the simplest life that shows it.
docs/law/counting-time.md says what is counted.
"""

import argparse
import random
import sys
import time

from bench.clock.official import YEARS, differences_from_chinesecalendar
from bench.clock.running import DifferenceFoundError, Lives, by_dice, by_hypothesis, shown

SHOWN = 3
"""Differences shown in full."""
PART_OF_HYPOTHESIS = 100
"""One life in so many is looked for by hypothesis besides."""


def main() -> int:
    """Compare, and tell what was seen."""
    options = _options()
    print(f"clock: {options.lives:,} lives, seed {options.seed}, {options.processes} processes", flush=True)
    if wrong := differences_from_chinesecalendar():
        print("The copies of the notices and chinesecalendar differ:", *wrong, sep="\n  ")
        return 1
    print(f"notices of {YEARS[0]} to {YEARS[-1]}: every day as in chinesecalendar", flush=True)
    began = time.monotonic()
    seen = Lives()
    for block in by_dice(options.lives, options.seed, options.processes):
        seen.add(block)
    found = [shown(tape, f"seed {options.seed}") for tape in seen.tapes[:SHOWN]]
    if (other := by_hypothesis(options.lives // PART_OF_HYPOTHESIS + 1, options.seed)) is not None:
        found.append(other)
    return _tell(seen, found, time.monotonic() - began)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make clock ARGUMENTS=", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lives", type=int, default=200_000, help="how many lives (default: 200,000)")
    parser.add_argument("--seed", type=int, help="the same lives again; else others each time")
    parser.add_argument("--processes", type=int, default=2, help="how many work at it (default: 2)")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(10**9)
    return options


def _tell(seen: Lives, found: list[DifferenceFoundError], seconds: float) -> int:
    for kind, number in sorted(seen.kinds.items()):
        print(f"  {kind:38} {number:9,}")
    for one in found:
        print(f"\n{one}")
    verdict = f"{seen.differing:,} differ" if seen.differing or found else "no difference"
    print(f"\nclock: {seen.number:,} lives in {seconds:.0f} s: {verdict}")
    return 1 if seen.differing or found else 0


if __name__ == "__main__":
    sys.exit(main())
