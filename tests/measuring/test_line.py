"""The client of the bench reads an answer however it arrives."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from bench.line import Answer, Cut, Line, get, post
from bench.load import Load, Request
from bench.processes import free_port

WHOLE = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nset-cookie: csrftoken=abc; Path=/\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 302 Found\r\nTransfer-Encoding: chunked\r\nLocation: /x\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
NOTHING = b"HTTP/1.1 204 No Content\r\n\r\n"

Found = TypeVar("Found")


def _apart(work: Callable[[], Found]) -> Found:
    """Do what needs an event loop in a thread of its own: a browser driven by another test may hold this one's."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def _served(pieces: list[bytes], requests: int) -> list[Answer]:
    """Return what the client reads of a server that sends these pieces, apart, to each request."""
    return _apart(lambda: asyncio.run(_asked(pieces, requests)))


async def _asked(pieces: list[bytes], requests: int) -> list[Answer]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _request in range(requests):
            await reader.readuntil(b"\r\n\r\n")
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.001)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        line = await Line.open(server.sockets[0].getsockname()[1])
        answers = [await line.ask(get("/")) for _request in range(requests)]
        line.close()
        return answers


@pytest.mark.parametrize("answer", [WHOLE, CHUNKED, NOTHING])
@pytest.mark.parametrize("at", [1, 20, 60, 1000])
def test_an_answer_is_whole_wherever_it_is_cut(answer: bytes, at: int) -> None:
    one, two = _served([piece for piece in (answer[:at], answer[at:]) if piece], 2)
    assert one == two
    assert one.body == (b"" if answer is NOTHING else b"hello")


def test_headers_and_cookies_are_found() -> None:
    (whole,), (chunked,) = _served([WHOLE], 1), _served([CHUNKED], 1)
    assert whole.cookies() == {"csrftoken": "abc"}
    assert (chunked.status, chunked.header("location")) == (302, "/x")


def test_a_connection_that_ends_is_told() -> None:
    with pytest.raises(Cut):
        _served([WHOLE[:30]], 1)


def test_a_form_carries_the_token_of_its_cookies() -> None:
    sent = post("/x", {"a": "甲"}, {"csrftoken": "abc"})
    head, _blank, body = sent.partition(b"\r\n\r\n")
    assert body == b"a=%E7%94%B2&csrfmiddlewaretoken=abc"
    assert f"Content-Length: {len(body)}".encode() in head


def test_an_answer_that_is_wrong_counts_as_a_fault_and_not_as_an_answer() -> None:
    answer = Answer(200, b"HTTP/1.1 200 OK\r\n", b"hello")
    assert Request(get("/"), marker=b"hello").fault(answer) == ""
    assert "answered 200, not 302" in Request(get("/"), status=302).fault(answer)
    assert "did not hold 'bye'" in Request(get("/"), marker=b"bye").fault(answer)


def test_a_load_ends_when_nothing_is_left_to_send() -> None:
    sent: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):  # the client has gone
            while True:
                sent.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(WHOLE)
        writer.close()

    async def run() -> tuple[int, tuple[str, ...]]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            requests = iter(
                [Request(get(f"/{place}"), marker=b"hello" if place % 10 else b"bye") for place in range(50)]
            )
            found = await asyncio.to_thread(Load(port).run, requests, seconds=20)
            return len(found.took), found.faults

    answers, faults = _apart(lambda: asyncio.run(run()))
    assert (len(sent), answers, len(faults)) == (50, 45, 5)


def test_nobody_listening_is_a_fault() -> None:
    found = _apart(lambda: Load(free_port(), clients=2).run(iter([Request(get("/"))] * 4), seconds=5))
    assert not found.took
    assert len(found.faults) == 2
    assert found.faults[0].startswith("no connection")
