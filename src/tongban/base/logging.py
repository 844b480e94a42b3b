"""One line for each thing worth knowing: `key=value`, with the request's id. No personal data: ids and codes only."""

import logging
import re
import time
import traceback
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Id of the request being served; set by `RequestIdMiddleware`."""

_TYPED = re.compile(r"'[^']*'|\"[^\"]*\"|\([^)]*\)|[0-9]{5,}|[\u2e80-\U0003ffff]+")
"""What may have been typed by somebody: anything quoted or in brackets, long numbers, Chinese."""
_NEEDS_QUOTES = re.compile(r'[\s"=\\]|[^\x20-\x7e]')


class KeyValueFormatter(logging.Formatter):
    """Writes `time=… level=… logger=… request=… message=…` and the record's `pairs`, one line each.

    A traceback follows on lines of its own. Of an exception only its type, its place in the code and what is surely no
    value are told: messages of libraries quote what people typed ("Key (name)=(…) already exists").
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
            "message": _message(record),
            **getattr(record, "pairs", {}),
        }
        line = " ".join(f"{key}={_quoted(str(value))}" for key, value in pairs.items())
        told = record.exc_info[1] if record.exc_info else None
        return line if told is None else f"{line}\n{traceback_without_values(told)}"


def traceback_without_values(fault: BaseException) -> str:
    """Return the frames and types of an exception and of what led to it, with values masked."""
    chain = [fault]
    while (before := chain[-1].__cause__ or chain[-1].__context__) is not None and before not in chain:
        chain.append(before)
    return "\n".join(line for one in reversed(chain) for line in _frames(one))


def _frames(fault: BaseException) -> list[str]:
    frames = [
        f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(fault.__traceback__)
    ]
    first = "".join(char if char.isprintable() else " " for char in next(iter(str(fault).splitlines()), ""))
    diagnosis = getattr(fault, "diag", None)
    known = [getattr(diagnosis, name, None) for name in ("sqlstate", "table_name", "column_name", "constraint_name")]
    names = " ".join(name for name in known if name)
    return [*frames, f"{type(fault).__name__}: {_TYPED.sub('…', first)} {names}".rstrip(" :")]


def _message(record: logging.LogRecord) -> str:
    """Return the message; of Django's own about requests only the reason, since addresses hold case numbers."""
    if record.name == "django.request" and isinstance(record.args, tuple) and record.args:
        return str(record.args[0])
    return record.getMessage()


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
