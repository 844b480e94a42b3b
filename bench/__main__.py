"""`python -m bench`: see `--help`."""

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from bench import growing, history, running
from bench.catalogue import NAMES
from bench.options import options_of, plan_of
from bench.plan import GROWTH, sizes
from bench.processes import NotStarted
from bench.table import last_line


@contextmanager
def folder_of(options: argparse.Namespace) -> Iterator[Path]:
    """Give the folder of the installation; one of our own is taken away afterwards."""
    if options.folder is not None:
        yield options.folder.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="tongban-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(options: argparse.Namespace, folder: Path) -> list[str]:
    """Do what is asked for; returns what was missed."""
    plan, only = plan_of(options), options.only or NAMES
    if options.profile:
        print(running.profile(plan, folder, options.profile))
        return []
    if options.growth is not None:
        found, missed = growing.growth(plan, folder, sizes(plan.size.items, options.growth or GROWTH), only)
    else:
        one = running.bench(plan, folder, only, with_yardsticks=not options.no_yardsticks)
        found, missed = [one], one.missed
        if options.record:
            history.record(history.row(one.size, one.machine, one.yardsticks, one.jobs, len(missed)))
    running.write(options.json, found, missed)
    print(last_line(missed, judged=plan.judged))
    return missed


def main(arguments: list[str] | None = None) -> int:
    """Measure; returns 1 when something was missed, 130 when it was broken off."""
    options = options_of(arguments)
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _stop)
    try:
        with folder_of(options) as folder:
            return 1 if run(options, folder) else 0
    except NotStarted as reason:
        print(f"✗ {reason}")
        return 1
    except KeyboardInterrupt:
        print("✗ broken off")
        return 130


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
