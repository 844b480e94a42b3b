"""Test databases are made like real ones: owned by the owner, with the schema and the rights of each role."""

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import creation

from tongban.base.postgres import roles as preparation
from tongban.base.postgres.migrating import drawing_step_by_step


class DatabaseCreation(creation.DatabaseCreation):
    """Makes test databases."""

    def create_test_db(self, *options: Any, **named: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Make it and migrate it as an installation is migrated."""
        with drawing_step_by_step():
            return super().create_test_db(*options, **named)

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - Django's signature
        made: str = super()._create_test_db(verbosity, autoclobber, keepdb)  # type: ignore[misc]  # not in the stubs
        self._prepare(made)
        return made

    def _prepare(self, database: str) -> None:
        schema: str = settings.TONGBAN_SCHEMA
        roles: preparation.Roles = settings.TONGBAN_ROLES
        address = {**self.connection.get_connection_params(), "dbname": database}
        known = {key: address[key] for key in ("host", "port", "user", "password", "dbname") if address.get(key)}
        with psycopg.connect(**known) as connection:
            preparation.prepare(connection, roles=roles, schema=schema)
            preparation.set_search_path(connection, schema=schema)
        with psycopg.connect(**{**known, "user": roles.app}) as connection:
            preparation.set_search_path(connection, schema=schema)
