"""A web server that stops without cutting anybody off.

Granian answers what it is at work on, but a connection that it has just accepted, or that still waits in the listening
socket, is closed unread. So the socket is closed to newcomers first, while the workers go on: a filter of the kernel
lets no new connection begin (the newcomer's system tries again after a second, and then hears that nobody listens, or
finds the next release). What waits is taken and answered, and only then are the workers told to end.
"""

import ctypes
import socket
import struct
import time

from granian.server.mp import MPServer

DRAIN_SECONDS = 0.7
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

    def shutdown(self, exit_code: int = 0) -> None:
        """Refuse newcomers, let the workers take what waits, then end as granian does."""
        if self._sso is not None:
            refuse_newcomers(self._sso)
            time.sleep(DRAIN_SECONDS)
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


def refuse_newcomers(listening: socket.socket) -> None:
    """Let no new connection begin on a listening socket, in whichever processes it is shared."""
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in _NO_NEWCOMERS))
    listening.setsockopt(
        socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", len(_NO_NEWCOMERS), ctypes.addressof(program))
    )
