"""Settings of the embedded server, for a small machine that does other work as well."""

from pathlib import Path

import psutil

from tongban.base.postgres.place import Purpose

MEGABYTE = 1024 * 1024
CONNECTIONS = 80


def server_settings(purpose: Purpose, sockets: Path, *, filling: bool = False) -> dict[str, str]:
    """Return PostgreSQL's settings. Nothing typed by a person may reach the log: no statements, no parameters.

    What is committed is on disk (fsync and synchronous_commit stay on). Checkpoints are seldom, since after each one
    every page is written whole into the log once; small tables that are filled and emptied all the time are vacuumed
    often. `filling`: for as long as a whole city is copied in.
    """
    memory = psutil.virtual_memory().total // MEGABYTE
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": str(CONNECTIONS),
        "shared_buffers": f"{min(max(memory // 16, 64), 1024)}MB",
        "effective_cache_size": f"{max(memory // 3, 256)}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "max_wal_size": "1GB",
        "checkpoint_timeout": "15min",
        "wal_buffers": "16MB",
        "random_page_cost": "1.1",
        "autovacuum_naptime": "15s",
        "max_parallel_workers_per_gather": "0",
        "io_method": "sync",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Not "warning" or "error": errors quote values ("invalid input syntax for type …"). The app logs its own.
        "log_min_messages": "log",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    return settings | (_FORGETFUL if purpose == "test" else {}) | (_FILLING if filling else {})


_FILLING = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
}
"""Tables that are emptied and filled in one transaction are on disk when it ends, and nothing is logged of their rows.

It is as safe as ever: a server that dies in the middle comes up without that transaction. Only what follows a log from
elsewhere (a standby, an archive) cannot follow, and the embedded server has neither.
"""
_FORGETFUL = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
"""A test's database need not survive anything."""
