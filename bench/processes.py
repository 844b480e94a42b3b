"""Programs that the bench starts: each ends with it, whatever ends the bench."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tongban.base.lifeline import end_with_parent

ROOT = Path(__file__).parents[1]
STOP_SECONDS = 45


class NotStarted(Exception):  # noqa: N818 - a statement, read by whoever measures
    """Something did not start, or failed; the message says what it said."""


def environment(var: Path, **more: str) -> dict[str, str]:
    """Return the environment of an installation: nothing of ours but what is named, so that it is as delivered.

    Limits on how often somebody may ask are counted as ever, but so high that eight clients do not meet them.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN", "DATABASE", "DJANGO"))}
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    own = {"TONGBAN_VAR": str(var), "TONGBAN_DEMO": "on", "TONGBAN_LIMITS": "factor=100000"}
    return kept | own | {"PYTHONPATH": paths, "PYTHONUNBUFFERED": "1"} | more


def start(
    arguments: Sequence[str], surroundings: Mapping[str, str], log: Path, *, python: str = sys.executable
) -> "subprocess.Popen[bytes]":
    """Start one of our modules in a session of its own (Ctrl-C is ours alone), its words going to a file."""
    with log.open("ab") as file:
        return subprocess.Popen(
            [python, "-m", *arguments],
            env=dict(surroundings),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - nothing else runs while a program is started
        )


def run(arguments: Sequence[str], surroundings: Mapping[str, str]) -> None:
    """Run one of our modules to its end; its words are shown. Raises NotStarted when it fails."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=dict(surroundings),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent,  # noqa: PLW1509 - nothing else runs while a program is started
    )
    try:
        status = process.wait()
    finally:
        end(process)
    if status:
        message = f"`{' '.join(arguments)}` ended with status {status}"
        raise NotStarted(message)


def wait_for_words(process: "subprocess.Popen[bytes]", log: Path, words: str, seconds: float) -> str:
    """Return what the first group of a pattern matches in the log, once it is there. Raises NotStarted."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        found = re.search(words, log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found[1]
        time.sleep(0.1)
    message = f"{log.name} never said {words!r}:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}"
    raise NotStarted(message)


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


def end(process: "subprocess.Popen[bytes] | None") -> None:
    """End a program, gently, then not."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
