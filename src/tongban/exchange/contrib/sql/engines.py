"""Lines to outside databases, kept for each source of a process while its declaration stands."""

import hashlib
import json
import threading
from collections import OrderedDict
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from django.conf import settings as configured

from tongban.exchange.providers import SourceAway, SourceSettings
from tongban.exchange.rules.outside import places
from tongban.exchange.rules.outside.codes import Why
from tongban.exchange.rules.outside.settings import SQLITE, SqlSettings

MOST_KEPT = 64
CONNECT_SECONDS = 3
_kept: "OrderedDict[str, sa.Engine]" = OrderedDict()
_lock = threading.Lock()


def engine_for(source: SourceSettings, declared: SqlSettings) -> sa.Engine:
    """Return the engine of a source; a new one when its address or password has changed."""
    said = json.dumps([str(source.resource_id), declared.address, source.secrets.get("password", "")])
    key = hashlib.sha256(said.encode()).hexdigest()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
        made = _kept[key] = _made(declared, source.secrets.get("password"))
        last = _kept.popitem(last=False)[1] if len(_kept) > MOST_KEPT else None
    if last is not None:
        last.dispose()
    return made


def _made(declared: SqlSettings, password: str | None) -> sa.Engine:
    url = declared.url
    if url.get_backend_name() == SQLITE:
        address = sa.URL.create(url.drivername, database=_as_uri(url.database), query={"mode": "ro", "uri": "true"})
        return sa.create_engine(address, poolclass=sa.pool.NullPool, hide_parameters=True)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    more: dict[str, Any] = {}
    if url.get_backend_name() in {"postgresql", "mysql", "mariadb"}:
        more["connect_args"] = {"connect_timeout": CONNECT_SECONDS}
    return sa.create_engine(
        url.set(password=password or None),
        pool_size=4,
        max_overflow=8,
        pool_timeout=CONNECT_SECONDS,
        pool_recycle=300,
        pool_pre_ping=True,
        hide_parameters=True,
        **more,
    )


def _as_uri(path: str | None) -> str:
    """Return the file that was checked as SQLite takes it: it would read `%2e%2e` and `#` as something else."""
    return f"file:{quote(str(Path(path or '').resolve()))}"


def check_file(place: str) -> None:
    """Check that a database in a file lies where the operator allows it, its links followed. Raises SourceAway."""
    real = PurePosixPath(Path(place.removeprefix("file://")).resolve())
    if not places.allows_file(configured.TONGBAN_SOURCES, real):
        raise SourceAway(Why.PLACE_NOT_ALLOWED, place)
