"""A web server that ends without cutting off anybody whose connection it has taken.

Granian answers what it is at work on, but a connection that it has just accepted, or that still waits in the listening
socket, is closed unread. So the socket is closed to newcomers first, while the workers go on: a filter of the kernel
lets no new connection begin (the newcomer's system tries again after a second, and then hears that nobody listens, or
finds the next release). What waits is taken and answered, whoever is connected has time to ask, and only then are the
workers told to end.
"""

import ctypes
import os
import socket
import struct
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from granian.server.mp import MPServer, WorkerProcess

from tongban.site import evenness

DRAIN_SECONDS = 0.7
MOST_SECONDS = 4.0
"""Given to who is connected and has not asked yet, on a busy machine; who keeps an idle connection has no longer."""
LOOK_SECONDS = 0.05
ESTABLISHED = "01"
SO_ATTACH_FILTER = 26
_DROP, _PASS = 0, 0xFFFFFFFF
_NO_NEWCOMERS = (
    (0x30, 0, 0, 13),  # load the byte of the TCP flags
    (0x45, 0, 1, 0x02),  # is SYN among them?
    (0x06, 0, 0, _DROP),
    (0x06, 0, 0, _PASS),
)
"""A program of the packet filter (struct sock_filter: code, jump if true, jump if false, operand)."""


class DrainingServer(MPServer):
    """Granian, which takes what waits before it ends."""

    def _init_shared_socket(self) -> None:
        """Open the socket of each worker here: those that workers open themselves could be closed by nobody else."""
        super()._init_shared_socket()  # type: ignore[no-untyped-call]
        specification: Any = self._ssp
        self._holders = [specification.build() for _worker in range(self.workers)]
        self._listening = [socket.socket(fileno=os.dup(holder.get_fd())) for holder in self._holders]
        self._ssp = None
        evenness.shared = self._occupation = evenness.Occupation(self.workers)

    def _spawn_worker(self, idx: int, *more: Any, **named: Any) -> WorkerProcess:  # noqa: ANN401 - granian's
        """Give a worker its socket, the same after it had to be started again: what waits there is not lost."""
        self._shd = self._holders[idx]
        self._occupation.take(idx)  # what is forked next finds itself there
        return super()._spawn_worker(idx, *more, **named)

    def shutdown(self, exit_code: int = 0) -> None:
        """Refuse newcomers, let the workers take what waits, then end as granian does."""
        for listening in self._listening:
            refuse_newcomers(listening)
        time.sleep(DRAIN_SECONDS)
        port = self._listening[0].getsockname()[1]
        until = time.monotonic() + MOST_SECONDS - DRAIN_SECONDS
        while connected(port) and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


def refuse_newcomers(listening: socket.socket) -> None:
    """Let no new connection begin on a listening socket, in whichever processes it is shared."""
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in _NO_NEWCOMERS))
    listening.setsockopt(
        socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", len(_NO_NEWCOMERS), ctypes.addressof(program))
    )


def connected(port: int) -> int:
    """Return how many are connected to a port of this machine, as Linux tells it (proc_net_tcp)."""
    found = 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                _number, here, _there, state, *_more = line.split()
                found += state == ESTABLISHED and int(here.rpartition(":")[2], 16) == port
    return found
