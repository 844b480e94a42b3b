"""One line for each thing worth knowing: `key=value`, with the request's id. No personal data: ids and codes only."""

import logging
import re
import time
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Id of the request being served; set by `RequestIdMiddleware`."""

_NEEDS_QUOTES = re.compile(r'[\s"=\\]|[^\x20-\x7e]')


class KeyValueFormatter(logging.Formatter):
    """Writes `time=… level=… logger=… request=… message=…` and the record's `pairs`, one line each.

    A traceback follows on lines of its own.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        pairs = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": request_id.get(),
            "message": record.getMessage(),
            **getattr(record, "pairs", {}),
        }
        line = " ".join(f"{key}={_quoted(str(value))}" for key, value in pairs.items())
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _quoted(value: str) -> str:
    """Return a value that stays one value of one line: no character of it can begin a line or steer a terminal."""
    if not _NEEDS_QUOTES.search(value):
        return value
    return '"' + "".join(_escaped(char) for char in value) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else char.encode("unicode_escape").decode()


def configuration(level: str = "INFO") -> dict[str, object]:
    """Return Django's LOGGING: everything to standard error, one format."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "tongban.base.logging.KeyValueFormatter"}},
        "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["standard_error"], "level": level},
        "loggers": {
            # Addresses of pages hold case numbers and search words: the request is known by its id alone.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
        },
    }
