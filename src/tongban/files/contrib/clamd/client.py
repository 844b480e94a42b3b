"""A small client of clamd's protocol (clamd(8), command INSTREAM): the file goes over the connection in pieces."""

import socket
import time

from tongban.files.errors import ScannerSilent
from tongban.files.providers import SCANNERS

PIECE = 64 * 1024
LONGEST_ANSWER = 4096
CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 30.0


class Clamd:
    """A clamd at `host:port`. Every wait is bounded; an answer that is not understood counts as none."""

    def __init__(self, address: str, *, seconds: float = TOTAL_SECONDS) -> None:
        """Keep the address; connects for each file."""
        host, _, port = address.rpartition(":")
        self._address = (host.strip("[]"), int(port))
        self._seconds = seconds

    def scan(self, content: bytes) -> str:
        """Return the name of what was found, "" if nothing; raises ScannerSilent."""
        try:
            answer = self._converse(content)
        except OSError as silent:
            raise ScannerSilent from silent
        return self._read(answer)

    def _converse(self, content: bytes) -> bytes:
        deadline = time.monotonic() + self._seconds
        with socket.create_connection(self._address, timeout=min(CONNECT_SECONDS, self._seconds)) as line:
            line.settimeout(self._seconds)
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                line.sendall(len(piece).to_bytes(4, "big") + piece)
            line.sendall(bytes(4))
            return self._answer(line, deadline)

    def _answer(self, line: socket.socket, deadline: float) -> bytes:
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            line.settimeout(left)
            piece = line.recv(LONGEST_ANSWER)
            if not piece:
                break
            answer += piece
        return answer

    def _read(self, answer: bytes) -> str:
        words = answer.rstrip(b"\0\n").decode(errors="replace")
        if words == "stream: OK":
            return ""
        if words.startswith("stream: ") and words.endswith(" FOUND"):
            return words.removeprefix("stream: ").removesuffix(" FOUND")
        raise ScannerSilent(answer=words[:100])


SCANNERS.register("clamd", Clamd)
