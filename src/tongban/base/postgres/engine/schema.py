"""Changes of tables give way: a migration that waits for one table while it holds another could close a circle."""

from typing import Self

from django.db.backends.postgresql import schema

LONGEST_WAIT = "500ms"
"""Less than the second after which PostgreSQL looks for circles, and ends whoever looks first: mostly a reader."""


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """What PostgreSQL is told to change, one migration in one transaction."""

    def __enter__(self) -> Self:
        """Wait for no lock longer than a moment; `tongban migrate` tries again. What is not atomic waits as ever."""
        entered = super().__enter__()
        if self.atomic_migration and not self.collect_sql:
            self.execute(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'")
        return entered
