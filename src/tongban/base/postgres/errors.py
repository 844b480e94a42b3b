"""Why the database cannot be had, in one sentence for the operator."""


class DatabaseNotThere(Exception):  # noqa: N818 - a statement, read by an operator
    """The database does not run, or cannot be started; the message says what to do."""


class AlreadyRunning(DatabaseNotThere):
    """Another process holds the embedded PostgreSQL of this folder."""
