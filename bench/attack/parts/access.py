"""The walk of every address and operation as those who may not: the tests of `tests/access` and of the API's doors."""

import subprocess
import sys
from xml.etree.ElementTree import parse

from bench.attack.bounds import Bounds
from bench.attack.city import City
from bench.attack.found import Findings

WALKS = ("tests/access", "src/tongban/api/tests/test_door.py", "tests/house/test_access.py")


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Run them apart: they need a town of their own, made by a test's transaction."""
    report = city.var.parent / "access.xml"
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-o", "addopts=", f"--junit-xml={report}", *WALKS]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=bounds.seconds * 10)
    if not report.exists():
        found.not_run = f"pytest ended with {done.returncode}: {done.stdout[-300:]}"
        return
    for case in parse(report).getroot().iter("testcase"):  # noqa: S314 - as above
        fell = case.find("failure") if case.find("failure") is not None else case.find("error")
        found.expect(fell is None, f"{case.get('name')}: {'' if fell is None else (fell.get('message') or '')[:200]}")
