"""A line to a provider that is well, slow, half dead, talkative or gone."""

import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tongban.exchange.contrib.neighbours.line import Away, Lines, Sent
from tongban.exchange.rules.neighbours.circuit import FAILURES


@contextmanager
def provider(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve each connection in a thread, as a test says."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _address = door.accept()
            except OSError:
                return
            threading.Thread(target=_guarded, args=(talk, line), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    door.close()


def _guarded(talk: Callable[[socket.socket], None], line: socket.socket) -> None:
    with line:
        try:
            talk(line)
        except OSError:
            return


def read_head(line: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = line.recv(1)
        if not piece:
            raise OSError
        head += piece
    return head


def get(origin: str, **more: object) -> Sent:
    values: dict[str, object] = {
        "origin": origin,
        "method": "GET",
        "target": "/a%2Fb?c=%41",
        "headers": (("x-one", "1"),),
    }
    return Sent(**(values | more))  # type: ignore[arg-type]


def away(lines: Lines, sent: Sent, seconds: float = 0.6) -> str:
    with pytest.raises(Away) as caught:
        lines.exchange(sent, seconds=seconds)
    return caught.value.why


def test_what_is_sent_arrives_as_it_is_and_the_line_is_kept() -> None:
    heads: list[bytes] = []
    lines_used: set[int] = set()

    def talk(line: socket.socket) -> None:
        while True:
            heads.append(read_head(line))
            lines_used.add(id(line))
            line.sendall(
                b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nX-Two: 2\r\nContent-Length: 2\r\n\r\nok"
            )

    lines = Lines()
    with provider(talk) as origin:
        for _ in range(3):
            answered = lines.exchange(get(origin), seconds=2)
            assert (answered.status, answered.reason, answered.body.read()) == (302, "Found", b"ok")
            assert answered.headers == (("location", "http://elsewhere/"), ("x-two", "2"), ("content-length", "2"))
    assert heads[0] == f"GET /a%2Fb?c=%41 HTTP/1.1\r\nhost: {origin[7:]}\r\nx-one: 1\r\n\r\n".encode()
    assert (len(heads), len(lines_used)) == (3, 1)


def test_a_large_body_goes_and_comes_in_pieces() -> None:
    size = 3 * 1024 * 1024

    def talk(line: socket.socket) -> None:
        read_head(line)
        left = size
        while left:
            left -= len(line.recv(min(left, 65536)))
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)

    seen: list[int] = []
    with provider(talk) as origin:
        answered = Lines().exchange(
            get(origin, method="POST", body=io.BytesIO(b"y" * size), length=size),
            seconds=10,
            took=lambda piece: seen.append(len(piece)),
        )
    assert (answered.length, sum(seen), len(answered.body.read())) == (size, size, size)


def dribble(line: socket.socket) -> None:
    read_head(line)
    line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        line.sendall(b"a")
        time.sleep(0.05)


def dribble_body(line: socket.socket) -> None:
    read_head(line)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        line.sendall(b"a")
        time.sleep(0.05)


def silent(line: socket.socket) -> None:
    read_head(line)
    time.sleep(3)


@pytest.mark.parametrize("talk", [silent, dribble, dribble_body])
def test_a_provider_that_is_half_dead_is_cut_off_at_its_deadline(talk: Callable[[socket.socket], None]) -> None:
    with provider(talk) as origin:
        began = time.monotonic()
        assert away(Lines(), get(origin)) == "deadline"
        assert time.monotonic() - began < 2


def answering(words: bytes) -> Callable[[socket.socket], None]:
    def talk(line: socket.socket) -> None:
        read_head(line)
        line.sendall(words)

    return talk


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"rubbish\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)
def test_an_answer_that_breaks_off_is_none(words: bytes) -> None:
    with provider(answering(words)) as origin:
        assert away(Lines(), get(origin)) == "broken"


@pytest.mark.parametrize(
    "words", [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b"a" * 99, b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 99]
)
def test_an_answer_that_is_too_large_is_not_taken(words: bytes) -> None:
    with provider(answering(words)) as origin:
        assert away(Lines(largest=50), get(origin)) == "too_large"


def test_who_answers_too_much_after_a_rest_is_asked_again() -> None:
    now = [1000.0]
    said = [b""]

    def talk(line: socket.socket) -> None:
        read_head(line)
        line.sendall(said[0])

    with provider(talk) as origin:
        lines = Lines(clock=lambda: now[0], largest=50)
        assert [away(lines, get(origin)) for _ in range(FAILURES + 1)] == ["broken"] * FAILURES + ["resting"]
        now[0] += 11
        said[0] = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b"a" * 99
        assert [away(lines, get(origin)) for _ in range(3)] == ["too_large"] * 3


def test_what_stands_before_them_does_not_answer_for_them() -> None:
    with provider(answering(b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n")) as origin:
        lines, said = Lines(), []
        for _ in range(FAILURES + 1):
            with pytest.raises(Away) as caught:
                lines.exchange(get(origin), seconds=2, is_theirs=lambda answered: answered.status == 200)
            said.append(caught.value.why)
    assert said == ["broken"] * FAILURES + ["resting"]


def test_what_is_gone_is_left_alone_and_asked_again_later() -> None:
    now = [1000.0]
    calls: list[int] = []
    well = [False]

    def talk(line: socket.socket) -> None:
        read_head(line)
        calls.append(1)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" if well[0] else b"")

    with provider(talk) as origin:
        lines = Lines(clock=lambda: now[0])
        assert [away(lines, get(origin)) for _ in range(FAILURES + 3)] == ["broken"] * FAILURES + ["resting"] * 3
        assert len(calls) == FAILURES
        now[0] += 11
        well[0] = True
        assert lines.exchange(get(origin), seconds=2).status == 200
        assert lines.exchange(get(origin), seconds=2).status == 200
    assert away(Lines(), get("http://127.0.0.1:1")) == "connect"
