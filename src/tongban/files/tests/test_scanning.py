"""The client of clamd against a small real server that speaks its protocol over TCP."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tongban.files import errors
from tongban.files.contrib.clamd import Clamd
from tongban.files.models import StoredFile
from tongban.files.tests import samples

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
Receive = Callable[..., StoredFile]


class SmallClamd(socketserver.ThreadingTCPServer):
    """Reads pieces until one of length zero, finds EICAR, answers as clamd does, or misbehaves on demand."""

    daemon_threads = True
    allow_reuse_address = True
    behaviour = "honest"
    limit = 64 * 1024 * 1024
    seen = 0


class Conversation(socketserver.StreamRequestHandler):
    server: SmallClamd

    def handle(self) -> None:
        if self.server.behaviour == "hangs":
            threading.Event().wait(3)
            return
        assert self.rfile.read(10) == b"zINSTREAM\0"
        if self.server.behaviour == "drops":
            return
        content = self._pieces()
        self.server.seen = len(content)
        self.wfile.write(self._answer(content))

    def _pieces(self) -> bytes:
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            piece = self.rfile.read(length)
            assert len(piece) == length
            content += piece
        return content

    def _answer(self, content: bytes) -> bytes:
        if self.server.behaviour == "babbles":
            return b"stream: maybe\0"
        if len(content) > self.server.limit:
            return b"INSTREAM size limit exceeded. ERROR\0"
        return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"


@pytest.fixture
def clamd(settings: Any) -> Iterator[SmallClamd]:
    with SmallClamd(("127.0.0.1", 0), Conversation) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.TONGBAN_CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()
        thread.join()


def test_clean_files_are_marked_so(clamd: SmallClamd, receive: Receive) -> None:
    content = samples.png((300, 300))
    assert len(content) > 100_000, "more than one piece"
    assert receive(content).state == "clean"
    assert clamd.seen == len(content)


def test_viruses_are_refused(clamd: SmallClamd, receive: Receive) -> None:
    with pytest.raises(errors.Infected):
        receive(samples.jpeg() + EICAR)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("behaviour", ["drops", "babbles"])
def test_nothing_is_taken_unseen(clamd: SmallClamd, receive: Receive, behaviour: str) -> None:
    clamd.behaviour = behaviour
    with pytest.raises(errors.ScannerSilent) as refused:
        receive(samples.jpeg())
    assert refused.value.status == 503
    assert not StoredFile.objects.exists()


def test_a_file_beyond_the_scanners_limit_is_not_taken(clamd: SmallClamd, receive: Receive) -> None:
    clamd.limit = 100
    with pytest.raises(errors.ScannerSilent):
        receive(samples.jpeg())


def test_a_scanner_that_hangs_is_given_up(clamd: SmallClamd) -> None:
    clamd.behaviour = "hangs"
    host, port = clamd.server_address[:2]
    with pytest.raises(errors.ScannerSilent):
        Clamd(f"{host!s}:{port}", seconds=0.2).scan(samples.jpeg())


def test_no_scanner_where_one_is_configured(settings: Any, receive: Receive) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.TONGBAN_CLAMD = f"127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(errors.ScannerSilent):
            receive(samples.jpeg())
