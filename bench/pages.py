"""How long a resident waits: `make bench` starts a demo city of its own and asks for pages, one by one and at once."""

import contextlib
import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

ROUNDS = 60
AT_ONCE = 8
START_SECONDS = 600
PAGES = {
    "health": "/healthz",
    "home": "/",
    "search, Chinese": "/search?" + urllib.parse.urlencode({"q": "开饭店"}),
    "search, pinyin": "/search?q=canyin",
    "suggestions": "/search/suggest?q=can",
    "sign in": "/sign-in",
}


@contextlib.contextmanager
def city() -> Iterator[str]:
    """Run a demo city with data of its own and give its address."""
    with tempfile.TemporaryDirectory(prefix="tongban-bench-") as folder:
        environment = os.environ | {"TONGBAN_VAR": folder, "PYTHONUNBUFFERED": "1"}
        began = time.monotonic()
        server = subprocess.Popen(
            [sys.executable, "-m", "tongban", "serve", "--demo", "--port", "8900"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            yield _address(server)
        finally:
            print(f"(first start and whole run: {time.monotonic() - began:.0f} s)")
            server.terminate()
            server.wait()


def _address(server: "subprocess.Popen[str]") -> str:
    for line in server.stdout or ():
        found = re.search(r"answers at (http://\S+)/", line)
        if found:
            return found[1]
    sys.exit("The demo city did not start; run `tongban serve --demo` to see why.")


def _ask(address: str) -> tuple[float, int]:
    """Return how long an answer took, in milliseconds, and its size compressed."""
    began = time.perf_counter()
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own address
        body = answer.read()
    return (time.perf_counter() - began) * 1000, len(gzip.compress(body))


def measure(address: str) -> str:
    """Return one line of the table."""
    _ask(address)
    alone = [_ask(address) for _ in range(ROUNDS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as people:
        together = list(people.map(lambda _: _ask(address), range(ROUNDS * 2)))
    rate = len(together) / (time.perf_counter() - began)
    times = [milliseconds for milliseconds, _size in alone]
    ninth = statistics.quantiles(times, n=20)[-1]
    return f"{statistics.median(times):8.1f} {ninth:8.1f} {rate:10.0f} {alone[0][1] / 1000:10.1f}"


def main() -> None:
    """Print a table."""
    with city() as address:
        print(f"{'page':24}{'median ms':>9} {'p95 ms':>7} {'answers/s':>10} {'kB gzip':>10}")
        for name, path in PAGES.items():
            try:
                print(f"{name:24}{measure(address + path)}")
            except urllib.error.HTTPError as refused:
                print(f"{name:24} {refused.code}")


if __name__ == "__main__":
    main()
