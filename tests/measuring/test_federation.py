"""`make federation` says so when a step fails."""

import pytest

from bench.federation.place import Said
from bench.federation.steps import Steps, must


def test_a_step_that_fails_is_counted_and_the_next_is_tried(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps()
    steps.step("one", lambda: must(1, 2, "number"))
    steps.step("two", lambda: must(2, 2, "number"))
    assert (steps.failed, steps.done) == (["one"], 1)
    assert "FAILED  one" in capsys.readouterr().out


def test_what_curl_says_is_read() -> None:
    said = Said(b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Fault\r\nX-Road-Error: a: b\r\n\r\n{"a": 1}')
    assert (said.status, said.headers, said.document) == (500, {"x-road-error": "a: b"}, {"a": 1})
    assert (Said(b"").status, Said(b"").document) == (0, {})
