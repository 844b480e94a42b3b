"""Eight clients in a closed circle: each sends its next request when it has the answer to the last one."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bench.line import Answer, Cut, Line, get, post
from bench.promises import CLIENTS
from bench.reckoning import Run

MOST_FAULTS = 20
"""After so many wrong answers a run ends: it measures nothing any more."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, and how one sees that the answer is right."""

    content: bytes
    status: int = 200
    marker: bytes = b""
    note: str = ""
    """For the job itself: what this request was about."""

    def fault(self, answer: Answer) -> str:
        """Say what is wrong with an answer; empty when it is right."""
        if answer.status != self.status:
            return f"{self.content.split(b' HTTP')[0].decode()} answered {answer.status}, not {self.status}"
        if self.marker and self.marker not in answer.body and self.marker not in answer.head:
            return f"{self.content.split(b' HTTP')[0].decode()} did not hold {self.marker.decode(errors='replace')!r}"
        return ""


Heard = Callable[[Request, Answer], None]


@dataclass
class Load:
    """Where to send, and what is spent there meanwhile."""

    port: int
    cpu_seconds: Callable[[], dict[str, float]] = dict
    clients: int = CLIENTS
    heard: Heard | None = None
    """Called with every right answer, for jobs that remember what they were told."""
    _took: list[float] = field(default_factory=list)
    _faults: list[str] = field(default_factory=list)

    def run(self, requests: Iterator[Request], *, seconds: float, count: int = 0) -> Run:
        """Send for so long, or until so many answers have come, or until nothing is left to send."""
        self._took, self._faults = [], []
        before, own, began = self.cpu_seconds(), time.process_time(), time.perf_counter()
        asyncio.run(self._all(requests, began + seconds, count))
        lasted, own = time.perf_counter() - began, time.process_time() - own
        spent = {part: value - before.get(part, 0.0) for part, value in self.cpu_seconds().items()}
        return Run(lasted, self._took, tuple(self._faults), own, spent)

    async def _all(self, requests: Iterator[Request], until: float, count: int) -> None:
        async with asyncio.TaskGroup() as group:
            for _client in range(self.clients):
                group.create_task(self._one(requests, until, count))

    async def _open(self) -> Line | None:
        """Connect; None when nobody listens, which is a wrong answer like any other."""
        try:
            return await Line.open(self.port)
        except OSError as refused:
            self._faults.append(f"no connection: {refused}")
            return None

    async def _one(self, requests: Iterator[Request], until: float, count: int) -> None:
        line: Line | None = None
        try:
            for request in requests:
                line = line if line is not None and line.is_open else await self._open()
                if line is None:
                    return
                began = time.perf_counter()
                try:
                    answer = await line.ask(request.content)
                except Cut:
                    self._faults.append(f"{request.content.split(b' HTTP')[0].decode()}: no answer")
                else:
                    self._take(request, answer, time.perf_counter() - began)
                over = time.perf_counter() >= until or (count and len(self._took) >= count)
                if over or len(self._faults) >= MOST_FAULTS:
                    return
        finally:
            if line is not None:
                line.close()

    def _take(self, request: Request, answer: Answer, took: float) -> None:
        fault = request.fault(answer)
        if fault:
            self._faults.append(fault)
            return
        self._took.append(took)
        if self.heard is not None:
            self.heard(request, answer)


async def ask_once(port: int, content: bytes) -> Answer:
    """Send one request on a connection of its own."""
    line = await Line.open(port)
    try:
        return await line.ask(content)
    finally:
        line.close()


def ask(port: int, content: bytes) -> Answer:
    """Send one request and return the answer."""
    return asyncio.run(ask_once(port, content))


def sign_in(port: int, username: str, password: str) -> Mapping[str, str]:
    """Sign in as a person does, and return the cookies. Raises PermissionError when it does not succeed."""
    cookies = ask(port, get("/sign-in")).cookies()
    answer = ask(port, post("/sign-in", {"name": username, "password": password}, cookies))
    cookies |= answer.cookies()
    if "sessionid" not in cookies:
        message = f"{username} could not sign in: {answer.status}"
        raise PermissionError(message)
    return cookies
