"""schemathesis over the whole API, as nobody, a resident, an official, a data steward: no fault, no answer that is not described."""

import re
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

from bench.attack.bounds import Bounds
from bench.attack.city import City
from bench.attack.found import Findings
from bench.attack.people import NOBODY, OFFICIAL, RESIDENT, STEWARD

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance"
LEFT_OUT = ("open_session", "end_session")
"""The session of the play must stand; both are attacked in the parts `sessions` and `limits`."""


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Play four times."""
    for player in (NOBODY, RESIDENT, OFFICIAL, STEWARD):
        _play(city, player.kind, player.username, bounds, found)


def _play(city: City, who: str, username: str, bounds: Bounds, found: Findings) -> None:
    browser = city.browser(username)
    browser.get("/sign-in")
    cookies = "; ".join(f"{one.name}={one.value}" for one in browser.session.cookies)
    before = city.log_size()
    left_out = [word for name in LEFT_OUT for word in ("--exclude-operation-id", name)]
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{city.base}/api/v1/openapi.json",
        "--header", f"Cookie: {cookies}", "--header", f"X-CSRFToken: {browser.token}",
        "--checks", CHECKS, "--max-examples", str(bounds.examples), "--workers", "1", "--no-color",
        "--phases", "examples,coverage,fuzzing", "--max-failures", "20", "--max-time", str(bounds.seconds),
        *left_out,
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, cwd=city.var.parent, capture_output=True, text=True, check=False, timeout=bounds.seconds * 3 + 120
        )
    except subprocess.TimeoutExpired:
        found.not_run = f"schemathesis did not end in time as {who}"
        return
    calls = _calls(done.stdout)
    found.tried += calls
    lasted = not username or browser.get("/api/v1/me").status_code == HTTPStatus.OK
    found.expect(lasted, f"{who}: the session did not last: the play ended at closed doors")
    found.notes.append(f"{who}: {calls} cases")
    if done.returncode not in {0, 1} or not calls:
        found.wrong.append(f"{who}: schemathesis ended with {done.returncode}: {(done.stderr or done.stdout)[-300:]}")
    for failure in _failures(done.stdout):
        found.expect(holds=False, words=f"{who}: {failure}")
    for fault in city.faults(before):
        found.expect(holds=False, words=f"{who}: {fault}")


def _calls(output: str) -> int:
    found = re.search(r"(\d+) generated", output)
    return int(found[1]) if found else 0


def _failures(output: str) -> list[str]:
    heads = re.findall(r"^_{3,} (.+?) _{3,}$", output, re.MULTILINE)
    reasons = re.findall(r"^- (.+)$", output, re.MULTILINE)
    return [f"{head}: {reason}" for head, reason in zip(heads, reasons, strict=False)]
