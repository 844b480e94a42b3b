"""The limit of the machine: pgbench, one transaction with a row of 1 KB, two indexes and one event row, same server."""

import re
import subprocess
from pathlib import Path

import psycopg

from bench.processes import NotStarted
from bench.promises import CLIENTS
from tongban.base.lifeline import end_with_parent
from tongban.base.postgres.login import Login
from tongban.base.postgres.place import find_place

_SCHEMA = "bench_limit"
_TABLES = """
    DROP SCHEMA IF EXISTS bench_limit CASCADE;
    CREATE SCHEMA bench_limit;
    CREATE TABLE bench_limit.row (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number bigint NOT NULL, body text NOT NULL
    );
    CREATE INDEX ON bench_limit.row (number);
    CREATE TABLE bench_limit.event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, happened_at timestamptz NOT NULL DEFAULT now(),
        kind text NOT NULL, subject bigint NOT NULL
    );
"""
_SCRIPT = """\
\\set number random(1, 1000000000)
BEGIN;
INSERT INTO bench_limit.row (number, body) VALUES (:number, repeat(md5(:number::text), 32));
INSERT INTO bench_limit.event (kind, subject) VALUES ('bench.row', :number);
COMMIT;
"""


def transactions_a_second(var: Path, owner: str, *, seconds: int, folder: Path) -> float:
    """Return how many such transactions the server commits in a second, each durable, for eight clients."""
    login = Login.parse(owner)
    script = folder / "limit.sql"
    script.write_text(_SCRIPT, encoding="ascii")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(_TABLES)
        try:
            said = _pgbench(var, login, script, seconds)
        finally:
            connection.execute("DROP SCHEMA bench_limit CASCADE")
    found = re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)
    if found is None:
        message = f"pgbench said nothing of its speed:\n{said}"
        raise NotStarted(message)
    return float(found[1])


def _pgbench(var: Path, login: Login, script: Path, seconds: int) -> str:
    program = find_place(var, "run").binaries / "bin" / "pgbench"
    arguments = [str(program), "--no-vacuum", "--protocol=simple", f"--file={script}"]  # as the product sends
    arguments += [
        f"--client={CLIENTS}",
        "--jobs=1",
        f"--time={seconds}",
        f"--host={login.host}",
        f"--port={login.port}",
    ]
    arguments += [f"--username={login.user}", login.database]
    done = subprocess.run(
        arguments,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 60,
        preexec_fn=end_with_parent,
    )
    if done.returncode:
        message = f"pgbench failed:\n{done.stderr}"
        raise NotStarted(message)
    return done.stdout
