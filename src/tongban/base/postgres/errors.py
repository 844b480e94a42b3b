"""Why the database cannot be had, in one sentence for the operator; and by what it gives way."""

from psycopg import errors

GAVE_WAY = (errors.LockNotAvailable, errors.DeadlockDetected)
"""What the server says of a statement that waited for a lock of somebody else's: it may be tried again."""


class DatabaseNotThere(Exception):  # noqa: N818 - a statement, read by an operator
    """The database does not run, or cannot be started; the message says what to do."""


class AlreadyRunning(DatabaseNotThere):
    """Another process holds the embedded PostgreSQL of this folder."""
