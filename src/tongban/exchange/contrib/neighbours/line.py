"""A line to another machine: one HTTP exchange, with an end to everything that could last.

Connections are kept and used again; what answers too slowly, however busily, is cut off at its deadline; whatever fails
several times is left alone for a while (`rules.neighbours.circuit`). Redirections are never followed.
"""

import http.client
import select
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from urllib.parse import urlsplit

from tongban.exchange.rules.neighbours.circuit import Circuit

PIECE = 64 * 1024
IN_MEMORY = 1024 * 1024
LARGEST = 100 * 1024 * 1024
CONNECT_SECONDS = 3.0
IDLE_SECONDS = 15.0
MOST_IDLE = 16
_WATCHED_EVERY = 0.2


class Away(Exception):  # noqa: N818 - a statement
    """It does not answer: `why` is resting, busy, connect, deadline, broken or too_large."""

    def __init__(self, why: str) -> None:
        """Say why."""
        super().__init__(why)
        self.why = why


class _Left(Exception):  # noqa: N818 - says what was met
    """The other side closed the line before it answered anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is sent: `origin` is scheme, host and port; `target` the path with its query, as it goes over the wire.

    `is_once`: it may be sent twice without harm, as what carries a number that is good once. Whatever changes something
    and has none gets a new line, for one that was kept may be closed at any moment.
    """

    origin: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: IO[bytes] | None = None
    length: int = 0
    is_once: bool = False

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be sent again when nothing was answered (RFC 9110, 9.2.2)."""
        return self.is_once or self.method in {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back. The body lies in memory or, when it is large, in a file that is gone once it is closed."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: IO[bytes]
    length: int


def spool() -> IO[bytes]:
    """Return a place for a body of any size: in memory first, then in a file without a name."""
    return SpooledTemporaryFile(IN_MEMORY)


@dataclass
class _Kept:
    connection: http.client.HTTPConnection
    since: float


@dataclass
class Lines:
    """All lines of a process. `clock` only goes forward."""

    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    clock: Callable[[], float] = time.monotonic
    largest: int = LARGEST
    most_at_once: int = 12
    """To one place: one that is half dead does not hold all threads."""
    _busy: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _idle: dict[str, list[_Kept]] = field(default_factory=lambda: defaultdict(list))
    _circuits: dict[str, Circuit] = field(default_factory=lambda: defaultdict(Circuit))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _watch: "_Watch | None" = None

    def exchange(
        self,
        sent: Sent,
        *,
        seconds: float,
        took: Callable[[bytes], None] = lambda _piece: None,
        is_theirs: Callable[[Answered], bool] = lambda _answered: True,
    ) -> Answered:
        """Send and wait for the whole answer, at most so long; `took` is given each piece of it. Raises Away.

        `is_theirs`: whether they have answered, and not something that stands before them and does not reach them.
        """
        with self._lock:
            circuit = self._circuits[sent.origin]
            if not circuit.may_ask(self.clock()):
                raise Away(_RESTING)
            if self._busy[sent.origin] >= self.most_at_once:
                raise Away(_BUSY)
            self._busy[sent.origin] += 1
            self._circuits[sent.origin] = circuit.asked(self.clock())
        try:
            answered = self._exchange(sent, self.clock() + seconds, took)
            if not is_theirs(answered):
                raise Away(_BROKEN)  # noqa: TRY301 - it counts like whatever else is no answer
        except BaseException as wrong:
            self._over(sent.origin, answered=isinstance(wrong, Away) and wrong.why == _TOO_LARGE)
            raise
        self._over(sent.origin, answered=True)
        return answered

    def _over(self, origin: str, *, answered: bool) -> None:
        with self._lock:
            self._busy[origin] -= 1
            circuit = self._circuits[origin]
            self._circuits[origin] = circuit.answered() if answered else circuit.failed(self.clock())

    def _exchange(self, sent: Sent, deadline: float, took: Callable[[bytes], None]) -> Answered:
        kept = self._kept(sent.origin) if sent.is_repeatable else None
        if kept is not None:
            try:
                return self._along(kept, sent, deadline, took)
            except _Left:  # the other side had just left the line: nothing was answered
                if sent.body is not None:
                    sent.body.seek(0)
        try:
            return self._along(self._connection(sent.origin, deadline), sent, deadline, took)
        except _Left as left:
            raise Away(_BROKEN) from left

    def _along(
        self, connection: http.client.HTTPConnection, sent: Sent, deadline: float, took: Callable[[bytes], None]
    ) -> Answered:
        watched = self._watcher().watch(connection, deadline)
        whole = False
        try:
            answered, whole = self._talk(connection, sent, deadline, took)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as left:
            if self.clock() >= deadline - _WATCHED_EVERY:
                raise Away(_DEADLINE) from left
            raise _Left from left
        except (OSError, http.client.HTTPException, ValueError) as broken:
            raise Away(_DEADLINE if self.clock() >= deadline - _WATCHED_EVERY else _BROKEN) from broken
        finally:
            self._watcher().unwatch(watched)
            if whole and connection.sock is not None:
                self._keep(sent.origin, connection)
            else:
                connection.close()
        return answered

    def _talk(
        self, connection: http.client.HTTPConnection, sent: Sent, deadline: float, took: Callable[[bytes], None]
    ) -> tuple[Answered, bool]:
        connection.putrequest(sent.method, sent.target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("host", urlsplit(sent.origin).netloc)
        for name, value in sent.headers:
            connection.putheader(name, value.encode("latin-1"))
        if sent.body is not None:
            connection.putheader("content-length", str(sent.length))
        connection.endheaders()
        while sent.body is not None and (piece := sent.body.read(PIECE)):
            self._in_time(connection, deadline)
            connection.send(piece)
        self._in_time(connection, deadline)
        connection.response_class = _Whole
        response = connection.getresponse()
        length, kept = 0, spool()
        if response.length is not None and response.length > self.largest:
            raise Away(_TOO_LARGE)
        while piece := response.read1(PIECE):
            length += len(piece)
            if length > self.largest:
                raise Away(_TOO_LARGE)
            took(piece)
            kept.write(piece)
            self._in_time(connection, deadline)
        self._in_time(connection, deadline)
        if response.length:
            raise Away(_BROKEN)
        response.close()
        kept.seek(0)
        headers = tuple((name.lower(), value) for name, value in response.getheaders())
        told = Answered(status=response.status, reason=response.reason, headers=headers, body=kept, length=length)
        return told, not response.will_close

    def _in_time(self, connection: http.client.HTTPConnection, deadline: float) -> None:
        left = deadline - self.clock()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)

    def _kept(self, origin: str) -> http.client.HTTPConnection | None:
        with self._lock:
            while self._idle[origin]:
                kept = self._idle[origin].pop()
                if self.clock() - kept.since < IDLE_SECONDS and _is_quiet(kept.connection):
                    return kept.connection
                kept.connection.close()
        return None

    def _connection(self, origin: str, deadline: float) -> http.client.HTTPConnection:
        parts = urlsplit(origin)
        seconds = max(0.05, min(CONNECT_SECONDS, deadline - self.clock()))
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                parts.hostname or "", parts.port, timeout=seconds, context=self.tls()
            )
        else:
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
        try:
            connection.connect()
        except OSError as away:
            connection.close()
            raise Away(_CONNECT) from away
        return connection

    def _keep(self, origin: str, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if len(self._idle[origin]) < MOST_IDLE:
                self._idle[origin].append(_Kept(connection, self.clock()))
                return
        connection.close()

    def _watcher(self) -> "_Watch":
        with self._lock:
            if self._watch is None:
                self._watch = _Watch(self.clock)
            return self._watch


_RESTING, _BUSY, _CONNECT = "resting", "busy", "connect"
_DEADLINE, _BROKEN, _TOO_LARGE = "deadline", "broken", "too_large"


class _Whole(http.client.HTTPResponse):
    """An answer whose head is there to its end: the library takes one that breaks off for one that is short."""

    def begin(self) -> None:
        """Read the head. Raises HTTPException when the line that ends it never came."""
        lines = _LastLine(self.fp)
        self.fp = cast("BufferedReader", lines)
        super().begin()
        if self.fp is cast("BufferedReader", lines):
            self.fp = lines.file
        if lines.last not in {b"\r\n", b"\n"}:
            raise http.client.HTTPException(lines.last[:20])


class _LastLine:
    """A file that remembers the last line read."""

    def __init__(self, file: BufferedReader) -> None:
        """Wrap it."""
        self.file = file
        self.last = b""

    def readline(self, limit: int = -1) -> bytes:
        """Read a line."""
        self.last = self.file.readline(limit)
        return self.last

    def close(self) -> None:
        """Close it: an answer without a body is over with its head."""
        self.file.close()

    def flush(self) -> None:
        """Nothing is written."""


def _is_quiet(connection: http.client.HTTPConnection) -> bool:
    """Whether nothing waits to be read: on a line that was left, that could only be its end."""
    return connection.sock is not None and not select.select([connection.sock], [], [], 0)[0]


class _Watch:
    """Cuts off what is past its deadline. A timeout of the socket begins anew with each byte; this does not."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin to look."""
        self._clock = clock
        self._watched: dict[int, tuple[float, Any]] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._look, name="deadlines", daemon=True).start()

    def watch(self, connection: http.client.HTTPConnection, deadline: float) -> int:
        """Watch a connection until it is let go."""
        with self._lock:
            self._watched[id(connection)] = (deadline, connection)
        return id(connection)

    def unwatch(self, watched: int) -> None:
        """Let it go."""
        with self._lock:
            self._watched.pop(watched, None)

    def _look(self) -> None:
        while True:
            time.sleep(_WATCHED_EVERY)
            with self._lock:
                late = [one for deadline, one in self._watched.values() if deadline <= self._clock()]
                for connection in late:
                    if connection.sock is not None:
                        _cut(connection.sock)


def _cut(sock: Any) -> None:  # noqa: ANN401 - a socket, of TLS or not
    try:
        sock.shutdown(2)
    except OSError:
        return


def mutual_tls(folder: Path) -> ssl.SSLContext:
    """Return how we show who we are to neighbours, and whose word we take for who they are.

    `neighbour.pem` (certificate and key) and `neighbours-ca.pem` in the folder of secrets; without the latter the
    system's authorities count.
    """
    authorities, own = folder / "neighbours-ca.pem", folder / "neighbour.pem"
    context = ssl.create_default_context(cafile=str(authorities) if authorities.exists() else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if own.exists():
        context.load_cert_chain(own)
    return context
