"""The reader of logs finds what it is there to find. (Its finding nothing in a whole run is checked at the end of each.)"""

import logging

import pytest
from django.test import Client

from tests.quiet_logs import Collector, names, personal
from tongban.accounts.tests.people import identity_number
from tongban.base.logging import KeyValueFormatter


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"message=x number={identity_number()}", "an identity number"),
        ("phone=13900000001", "a telephone number"),
        ("to=+8613900000001", "a telephone number"),
        ("message=阿依努尔·买买提", "a name"),
        ("message=林知夏", "a name"),
        ("case=20261123-7KQ4M2XA milliseconds=12 job=1390000000123", ""),
        ("digest=13900000001a13900000001", ""),
        ("id=430102199003070011", ""),
    ],
)
def test_what_is_of_a_person_is_found(line: str, found: str) -> None:
    assert personal(line, names()) == found


def test_a_line_of_any_logger_is_read() -> None:
    collector = Collector()
    logger = logging.getLogger("tongban.somewhere")
    logger.addHandler(collector)
    logger.propagate = False
    try:
        logger.warning("told %s", "13900000001")
        assert len(collector.found) == 1
    finally:
        logger.removeHandler(collector)
        logger.propagate = True


def test_the_number_on_the_page_of_an_error_is_in_the_log(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    lines: list[str] = []

    class Written(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(KeyValueFormatter().format(record))

    written, logger = Written(logging.INFO), logging.getLogger("tongban.request")
    logger.addHandler(written)
    try:
        answer = client.get("/items/there-is-no-such-item/")
    finally:
        logger.removeHandler(written)
    number = answer.headers["X-Request-Id"]
    assert number in answer.content.decode()
    assert any(f"request={number}" in line and "status=404" in line for line in lines)
