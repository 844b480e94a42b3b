"""`make federation`: two cities and their province on this machine, and a matter that crosses them.

Three whole installations, each with a database, pages, worker and a door of its own. Ends with status 1 if any step
fails. docs/operate/neighbours.md says what the parts are.
"""

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench import processes
from bench.federation.place import Place, Provider
from bench.federation.steps import Matter, Steps

CASES, FEW_CASES = 60, 5


def main() -> int:
    """Run, and tell what failed."""
    options = _options()
    folder = Path(options.folder or tempfile.mkdtemp(prefix="tongban-federation-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    began = time.monotonic()
    try:
        steps = _run(folder, measure=options.measure)
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    verdict = f"{len(steps.failed)} FAILED" if steps.failed else "all well"
    print(f"federation: {steps.done} steps in {time.monotonic() - began:.0f} s, {verdict}")
    return 1 if steps.failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make federation ARGUMENTS=", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", help="keep everything here, and use what is there already")
    parser.add_argument("--measure", action="store_true", help="also say how many look-ups a second pass both gates")
    return parser.parse_args()


def _run(folder: Path, *, measure: bool) -> Steps:
    city = Place(folder / "city", "CN/GOV/yunting", city="云汀市")
    other = Place(folder / "other", "CN/GOV/tingnan", city="汀南市")
    province = Place(folder / "province", "CN/GOV/province", city="云省")
    for place, cases in ((city, CASES), (other, FEW_CASES), (province, FEW_CASES)):
        _fill(place, cases)
    steps, provider = Steps(), Provider()
    with ExitStack() as stack:
        for place in (city, other, province):
            stack.enter_context(place)
        stack.callback(provider.end)
        matter = Matter(city=city, other=other, province=province, provider=provider, folder=folder)
        for what in matter.steps(measure=measure):
            words = (what.__doc__ or what.__name__).strip()
            steps.step(words, what)
    return steps


def _fill(place: Place, cases: int) -> None:
    """Load the demo city, small, unless it is there."""
    processes.run(["tongban", "migrate"], place.installation.environment)
    processes.run(["tongban", "demo", "--once", "--cases", str(cases)], place.installation.environment)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except processes.NotStarted as not_started:
        print(not_started, file=sys.stderr)
        sys.exit(1)
