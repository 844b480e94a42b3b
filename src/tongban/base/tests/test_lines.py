"""A line of the log is one line, whatever somebody sent."""

import logging

from hypothesis import given
from hypothesis import strategies as st

from tongban.base.logging import KeyValueFormatter


def _line(value: str) -> str:
    record = logging.LogRecord("tongban", logging.INFO, "", 0, "said", (), None)
    record.pairs = {"value": value}
    return KeyValueFormatter().format(record)


@given(st.text())
def test_nothing_sent_begins_a_line_or_steers_a_terminal(value: str) -> None:
    line = _line(value)
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_quotes_cannot_be_closed_from_inside() -> None:
    assert _line('x" level="error\\').endswith(r'value="x\" level=\"error\\"')
    assert _line("\x1b[2J\u2028\r\n").endswith(r'value="\x1b[2J\u2028\r\n"')
