"""The kind of source "sql". What asks is loaded with the first question."""

from tongban.exchange.contrib.outside.source import Asked, Fetched, Outside
from tongban.exchange.providers import SourceAway
from tongban.exchange.rules.outside.codes import Why
from tongban.exchange.rules.outside.settings import SqlSettings


class SqlSource(Outside[SqlSettings]):
    """The kind "sql"."""

    settings = SqlSettings

    def knows_days(self, declared: SqlSettings) -> bool:
        """Whether it has columns for the days."""
        return declared.valid_from_column is not None

    def fetch(self, asked: Asked[SqlSettings]) -> Fetched:
        """Return the rows on the number. Raises SourceAway."""
        from tongban.exchange.contrib.sql import asking  # noqa: PLC0415 - 25 MB of each process that asks no database

        records = asking.records_of(asked)
        if len(records) > asked.settings.most_records:
            raise SourceAway(Why.TOO_MANY)
        return Fetched(records)
