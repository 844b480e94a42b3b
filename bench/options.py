"""The command line, and the plan that it asks for."""

import argparse
from dataclasses import replace
from pathlib import Path

from bench.catalogue import NAMES, UNDER_LOAD
from bench.installation import Size
from bench.plan import FULL_SIZE, QUICK_SIZE, Plan, by_turns, full, quick

DESCRIPTION = """\
The main job against the limit of the machine, in one run. Ends with status 1 when a
promise of bench/promises.py is missed; docs/operate/measuring.md says how to read it.

  make bench
  make bench ARGUMENTS="--quick --only submit --only search"
  make bench ARGUMENTS="--quick --profile submit --folder /tmp/city"
  make bench ARGUMENTS="--growth"
"""


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="bench", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="3 seconds a job on little data; not judged")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="JOB", help=f"one of: {', '.join(NAMES)}")
    parser.add_argument(
        "--growth",
        nargs="*",
        type=int,
        metavar="CASES",
        help="ask cities of several sizes by turns, the smallest first (default: 10,000, 100,000 and 1,000,000 cases)",
    )
    parser.add_argument("--profile", choices=list(UNDER_LOAD), metavar="JOB", help="see where its time goes")
    parser.add_argument("--items", type=int, help="matters in the catalogue")
    parser.add_argument("--cases", type=int, help="cases in the city")
    parser.add_argument("--open", type=int, help="how many of them are open")
    parser.add_argument("--seconds", type=float, help="length of a run")
    parser.add_argument("--runs", type=int, help="runs of each job; their median counts")
    parser.add_argument("--folder", type=Path, help="keep the installation here, and use it again when it is filled")
    parser.add_argument("--no-yardsticks", action="store_true", help="measure neither the limit nor the empty views")
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"), help="where the figures go")
    parser.add_argument("--record", action="store_true", help="add a row to bench/history.csv: once a release")
    options = parser.parse_args(arguments)
    if options.record and (options.quick or options.only or options.growth is not None):
        parser.error("--record wants a whole bench: neither --quick, nor --only, nor --growth")
    if options.growth is not None and options.runs == 1:
        parser.error("--growth wants two turns of each size or more")
    return options


def plan_of(options: argparse.Namespace) -> Plan:
    """Return the plan that the options ask for."""
    size = QUICK_SIZE if options.quick else FULL_SIZE
    size = Size(
        items=size.items if options.items is None else options.items,
        cases=size.cases if options.cases is None else options.cases,
        open_cases=size.open_cases if options.open is None else options.open,
    )
    plan = quick(size) if options.quick else full(size)
    if options.growth is not None:
        plan = by_turns(plan)
    return replace(plan, seconds=options.seconds or plan.seconds, runs=options.runs or plan.runs)
