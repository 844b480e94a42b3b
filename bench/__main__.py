"""`python -m bench`: the main job against the limit of the machine, in one run."""

import argparse
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType

from bench import measuring, profiling
from bench.installation import Installation, Size
from bench.jobs import Job
from bench.jobs.reading import ApiList, CasePage, FollowPage, GuidePage, Inbox50th, InboxFirst, Search
from bench.jobs.writing import Advance, Submit
from bench.plan import FULL_SIZE, QUICK_SIZE, Plan, full, quick
from bench.processes import NotStarted
from bench.promises import PROMISES
from bench.reckoning import Figures, all_missed, with_ratios
from bench.table import last_line, table

JOBS: tuple[type[Job], ...] = (
    GuidePage, Search, CasePage, FollowPage, InboxFirst, Inbox50th, ApiList, Submit, Advance,
)  # fmt: skip
SPECIAL: dict[str, measuring.Special] = {"form_step": measuring.form_step, "worker": measuring.worker}
NAMES = [*(job.name for job in JOBS), *SPECIAL]


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3 seconds a job on little data; not judged")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="JOB", help=f"one of: {', '.join(NAMES)}")
    parser.add_argument("--items", type=int, help="matters in the catalogue")
    parser.add_argument("--cases", type=int, help="cases in the city")
    parser.add_argument("--open", type=int, help="how many of them are open")
    parser.add_argument("--seconds", type=float, help="length of a run")
    parser.add_argument("--runs", type=int, help="runs of each job; their median counts")
    parser.add_argument("--folder", type=Path, help="keep the installation here, and use it again when it is filled")
    parser.add_argument("--no-yardsticks", action="store_true", help="measure neither the limit nor the empty views")
    parser.add_argument("--profile", choices=[job.name for job in JOBS], metavar="JOB", help="see where its time goes")
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"), help="where the figures go")
    return parser.parse_args(arguments)


def plan_of(options: argparse.Namespace) -> Plan:
    """Return the plan that the options ask for."""
    size = QUICK_SIZE if options.quick else FULL_SIZE
    size = Size(
        items=size.items if options.items is None else options.items,
        cases=size.cases if options.cases is None else options.cases,
        open_cases=size.open_cases if options.open is None else options.open,
    )
    plan = quick(size) if options.quick else full(size)
    return replace(plan, seconds=options.seconds or plan.seconds, runs=options.runs or plan.runs)


@contextmanager
def folder_of(options: argparse.Namespace) -> Iterator[Path]:
    """Give the folder of the installation; one of our own is taken away afterwards."""
    if options.folder is not None:
        yield options.folder.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="tongban-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bench(plan: Plan, folder: Path, only: list[str], *, with_yardsticks: bool) -> dict[str, object]:
    """Measure all that is asked for, in one installation."""
    place = Installation(folder)
    place.fill(plan.size)
    with place:
        yardsticks = measuring.yardsticks(place, plan) if with_yardsticks else {}
        jobs: dict[str, Figures] = {}
        for kind in JOBS:
            if kind.name in only:
                print(f"{kind.name} …", flush=True)
                jobs[kind.name] = with_ratios(measuring.measure(place, kind(), plan), yardsticks)
        for name, special in SPECIAL.items():
            if name in only:
                print(f"{name} …", flush=True)
                jobs[name] = special(place, plan)
    return {"yardsticks": yardsticks, "jobs": jobs, "size": asdict(plan.size)}


def show_profile(plan: Plan, folder: Path, name: str) -> int:
    """Print where the time of a job goes."""
    place = Installation(folder)
    place.fill(plan.size)
    with place:
        print(profiling.profile(place, next(job for job in JOBS if job.name == name)(), plan))
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Measure, write, print; returns 1 when something was missed."""
    signal.signal(signal.SIGTERM, _stop)
    options = options_of(arguments)
    plan = plan_of(options)
    try:
        with folder_of(options) as folder:
            if options.profile:
                return show_profile(plan, folder, options.profile)
            found = bench(plan, folder, options.only or NAMES, with_yardsticks=not options.no_yardsticks)
    except NotStarted as reason:
        print(f"✗ {reason}")
        return 1
    except KeyboardInterrupt:
        return 130
    jobs: dict[str, Figures] = found["jobs"]  # type: ignore[assignment]
    yardsticks: dict[str, float] = found["yardsticks"]  # type: ignore[assignment]
    missed = all_missed(jobs, PROMISES if plan.judged else ())
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(
        json.dumps(found | {"missed": missed}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(table(yardsticks, jobs))
    print(last_line(missed, judged=plan.judged))
    return 1 if missed else 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
