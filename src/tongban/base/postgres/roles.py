"""The three roles and what each may do, written before the first migration and again at each one.

    owner   owns the schema and its tables, migrates; nothing serves requests as it
    app     reads and writes rows; neither owner nor superuser, cannot pass by row security
    gate    reads register tables, by column, and of these only what a look-up of its transaction names (registers);
            the app is a member that inherits nothing: it takes the role for one statement, SET LOCAL ROLE

A jurisdiction is one PostgreSQL schema. Code never names it: it is the search path of the role.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of the three roles."""

    owner: str = "tongban_owner"
    app: str = "tongban_app"
    gate: str = "tongban_gate"

    def all(self) -> tuple[str, str, str]:
        """Return the three names."""
        return (self.owner, self.app, self.gate)


def create_roles(connection: psycopg.Connection, roles: Roles) -> None:
    """Create the roles that are missing. Needs a superuser or CREATEROLE, and autocommit."""
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    for role in roles.all():
        if role not in known:
            _create_role(connection, role)
    let_through_gate(connection, roles)


_OPTIONS_SINCE = 160000
"""From this version on a membership says by itself whether it is inherited; before it, the member's role does."""


def let_through_gate(connection: psycopg.Connection, roles: Roles) -> None:
    """Let the app take the gate's role, and inherit nothing of it. Needs a superuser, or CREATEROLE over both.

    Running it again changes nothing, and where an administrator has done it already nothing need be allowed to us.
    """
    names = {"app": sql.Identifier(roles.app), "gate": sql.Identifier(roles.gate)}
    found = connection.execute(
        "SELECT rolinherit, pg_has_role(oid, %s, 'MEMBER') FROM pg_roles WHERE rolname = %s", [roles.gate, roles.app]
    ).fetchone()
    inherits, is_member = found or (True, False)
    if inherits:  # before the membership: from version 16 on that keeps what held when it was given
        connection.execute(sql.SQL("ALTER ROLE {app} NOINHERIT").format(**names))
    if inherits or not is_member:
        options = " WITH INHERIT FALSE, SET TRUE" if connection.info.server_version >= _OPTIONS_SINCE else ""
        connection.execute(sql.SQL("GRANT {gate} TO {app}" + options).format(**names))


def _create_role(connection: psycopg.Connection, role: str) -> None:
    statement = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    try:
        connection.execute(sql.SQL(statement).format(sql.Identifier(role)))
    except psycopg.errors.DuplicateObject:  # somebody prepared at the same moment
        return


def create_database(connection: psycopg.Connection, database: str, roles: Roles) -> None:
    """Create the database, owned by the owner, if it is missing. Needs CREATEDB, and autocommit."""
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
    if found is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(database), sql.Identifier(roles.owner)
            )
        )


def prepare(connection: psycopg.Connection, *, roles: Roles, schema: str) -> None:
    """Make the jurisdiction's schema and say what each role may do in it.

    Runs as the owner of the database, in one transaction; running it again changes nothing.
    """
    database = connection.info.dbname
    owner = connection.execute("SELECT current_user").fetchone()
    names = {
        "database": sql.Identifier(database),
        "schema": sql.Identifier(schema),
        "owner": sql.Identifier(owner[0] if owner else roles.owner),
        "app": sql.Identifier(roles.app),
        "gate": sql.Identifier(roles.gate),
        "schema_name": sql.Literal(sql.Identifier(schema).as_string(connection)),
        "app_name": sql.Literal(roles.app),
    }
    with connection.transaction():
        for statement in _PREPARATION:
            connection.execute(sql.SQL(statement).format(**names))


# Tables with row security keep what their migration allows: a right given here again would be a hole.
_PREPARATION = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO {app}, {gate}",
    "CREATE SCHEMA IF NOT EXISTS {schema}",
    "REVOKE ALL ON SCHEMA {schema} FROM PUBLIC",
    "GRANT USAGE ON SCHEMA {schema} TO {app}, {gate}",
    """
    DO $$
    DECLARE one regclass;
    BEGIN
        FOR one IN
            SELECT oid FROM pg_class
            WHERE relnamespace = {schema_name}::regnamespace AND relkind IN ('r', 'p', 'v') AND NOT relrowsecurity
        LOOP
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', one, {app_name});
        END LOOP;
    END
    $$
    """,
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {app}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)


def set_search_path(connection: psycopg.Connection, *, schema: str) -> None:
    """Make the schema the search path of the login's own statements outside transactions.

    A role may set its own defaults, so this needs no right. Inside a transaction the engine says it with SET LOCAL.
    """
    connection.execute(
        sql.SQL("ALTER ROLE CURRENT_USER IN DATABASE {} SET search_path TO {}").format(
            sql.Identifier(connection.info.dbname), sql.Identifier(schema)
        )
    )
