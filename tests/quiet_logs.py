"""No personal data in any log: everything that this run of the tests logged is read at its end.

A plug-in of pytest, registered by the conftest at the root. Each process that runs tests collects the lines that an
installation would write (its formatter, its levels); log files that installations under test left in folders of the
tests are read too. A line that holds a person's number, telephone or name fails the run, whichever test wrote it.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from stdnum.cn import ric

from tongban.base.logging import KeyValueFormatter

PEOPLE = Path(__file__).resolve().parents[1] / "src" / "tongban" / "site" / "demo" / "content" / "people.yaml"
TEST_NAMES = ("林知夏", "欧阳·买买提", "贺兰·阿依古丽", "试办人", "张三")
LEAST_NAME = 3
"""Names of two characters are words of the language too (公正, 安定); three or more are nobody's but theirs."""
MOST_TOLD = 20
LOGS = ("log", "*.log", "log-*")
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9X](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?:(?<![0-9A-Za-z.-])|\+86)1[3-9][0-9]{9}(?![0-9A-Za-z])")


def names() -> frozenset[str]:
    """Return the names of the demo city's people and of those of the tests."""
    told = yaml.safe_load(PEOPLE.read_text(encoding="utf-8"))
    everybody = (*told["officials"], *told["residents"], *told["wards"], *({"name": name} for name in TEST_NAMES))
    return frozenset(one["name"] for one in everybody if len(one["name"]) >= LEAST_NAME)


def personal(line: str, known: frozenset[str]) -> str:
    """Return what a line holds of a person, "" if nothing."""
    for found in _NUMBER.findall(line):
        if ric.is_valid(found):
            return "an identity number"
    if _MOBILE.search(line):
        return "a telephone number"
    return "a name" if any(name in line for name in known) else ""


class Collector(logging.Handler):
    """Reads every line as an installation would have written it."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        super().__init__(logging.INFO)
        self.setFormatter(KeyValueFormatter())
        self.lines, self.found = 0, list[str]()
        self.known = names()

    def emit(self, record: logging.LogRecord) -> None:
        """Read one line."""
        if record.name.startswith(QUIET) and record.levelno < logging.WARNING:
            return
        self.read(self.format(record), where=record.name)

    def read(self, text: str, *, where: str) -> None:
        """Read a line, and what follows it."""
        self.lines += 1
        what = personal(text, self.known)
        if what and len(self.found) < MOST_TOLD:
            self.found.append(f"{what} in the log of {where}: {text[:300]}")


QUIET = ("procrastinate", "asyncio", "faker", "urllib3", "botocore", "PIL", "fontTools")
"""Loggers that the configuration of an installation lets speak from WARNING on, or that speak at INFO only here."""


class QuietLogs:
    """The plug-in."""

    def __init__(self, config: pytest.Config) -> None:
        """Remember whose run it is."""
        self.collector = Collector()
        self.config = config

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self) -> None:
        """Listen to what an installation would write: our own loggers from INFO on, all others from WARNING on."""
        logging.getLogger().addHandler(self.collector)
        logging.getLogger("tongban").setLevel(logging.INFO)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Read the log files too, and fail the run if anything was found."""
        logging.getLogger().removeHandler(self.collector)
        for path in _files(self.config):
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                self.collector.read(line, where=path.name)
        told = getattr(self.config, "workeroutput", None)
        if told is not None:
            told["personal_data_in_logs"] = self.collector.found
        if self.collector.found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what another process found."""
        self.collector.found += getattr(node, "workeroutput", {}).get("personal_data_in_logs", [])

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say it."""
        if self.collector.found:
            terminalreporter.section("PERSONAL DATA IN LOGS", red=True)
            for sentence in self.collector.found:
                terminalreporter.line(sentence)


def _files(config: pytest.Config) -> Iterator[Path]:
    """Go through the log files that installations under test have left in folders of the tests."""
    factory = getattr(config, "_tmp_path_factory", None)
    if factory is None or factory._basetemp is None:
        return
    for pattern in LOGS:
        yield from (path for path in factory._basetemp.rglob(pattern) if path.is_file())
