"""Instants as the server writes them, read by Python's own reader: a page of a case holds fifty of them.

Django and psycopg take each apart with a regular expression. What Python has no words for (infinity, years before
Christ) is left to psycopg.
"""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.base import TIMESTAMPTZ_OID
from psycopg.adapt import Buffer, Loader
from psycopg.types.datetime import TimestamptzLoader

if TYPE_CHECKING:
    from psycopg import Connection


class InstantLoader(Loader):
    """Reads `timestamptz`."""

    timezone: tzinfo | None = None
    """The zone of the session; Django looks here whether it is the one it wants."""

    def load(self, data: Buffer) -> datetime:
        """Return the instant."""
        try:
            read = datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            read = TimestamptzLoader(TIMESTAMPTZ_OID, self.connection).load(data)
        return read.replace(tzinfo=self.timezone)


def read_instants(connection: "Connection[Any]", zone: tzinfo | None) -> None:
    """Let a connection read instants so; `zone` is that of its session."""
    connection.adapters.register_loader("timestamptz", type("ZonedLoader", (InstantLoader,), {"timezone": zone}))
