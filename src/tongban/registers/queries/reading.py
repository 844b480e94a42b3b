"""The source "register" of the gate: the one place that reads what registers say, as the gate's own role.

The role is taken for one statement within the transaction that has logged the look-up. Row security opens the fields
that this transaction has logged, on the subject that it has logged; to anybody else there is nothing to be seen.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from psycopg import sql

from tongban.base import crypto
from tongban.base.compiled import texts_as_array
from tongban.base.postgres.roles import Roles
from tongban.base.rows import Change
from tongban.base.sealing import SealedColumn
from tongban.exchange.providers import AsOf, Row, SourceAway, SourceSettings
from tongban.exchange.rules.subjects import Subject

_READ = """
    SET LOCAL tongban.look_up = %s; SET LOCAL ROLE {gate};
    SELECT version_id, field, value, sealed
    FROM registers_read(%s, %s, %s::varchar[], %s, %s);
    SET LOCAL ROLE {app}; SET LOCAL tongban.look_up = ''
"""
"""One message: take the role, ask, give it back. As of a day and as known at an instant, in one statement."""


class RegisterSource:
    """Reads the register of a resource."""

    within = True

    def read(
        self,
        source: SourceSettings,
        *,
        subject: Subject,
        fields: Sequence[str],
        as_of: AsOf,
        look_up_id: UUID,
        before: Sequence[Change] = (),
    ) -> Sequence[Row]:
        """Return the records on the subject. Raises SourceAway where a value cannot be opened: its key is missing."""
        asked = (
            str(look_up_id),
            source.resource_id,
            subject.key,
            texts_as_array(fields),
            as_of.valid_on,
            as_of.known_at,
        )
        statements = [*(change.statement for change in before), _statement(settings.TONGBAN_ROLES)]
        with connection.cursor() as cursor:
            cursor.execute("; ".join(statements), [*(one for change in before for one in change.parameters), *asked])
            for _result in range(len(before) + 2):
                cursor.nextset()
            found = cursor.fetchall()
        try:
            return _records(source.resource_id, found)
        except crypto.CannotOpen as sealed:
            raise SourceAway from sealed


@lru_cache(maxsize=4)
def _statement(roles: Roles) -> str:
    """Return the message with the names of the roles; values are put in later."""
    names = {"gate": sql.Identifier(roles.gate), "app": sql.Identifier(roles.app)}
    return sql.SQL(_READ).format(**names).as_string(connection.connection)


def _records(resource_id: UUID, rows: Sequence[tuple[int, str | None, Any, Any]]) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for version_id, field, value, sealed in rows:
        record = found.setdefault(version_id, {})
        if field is not None:
            record[field] = json.loads(value) if sealed is None else open_value(resource_id, field, bytes(sealed))
    return list(found.values())


def seal_value(resource_id: UUID, field: str, value: object) -> bytes:
    """Seal a sensitive value, bound to its register and field."""
    return crypto.seal(json.dumps(value, ensure_ascii=False), context=_context(resource_id, field))


def open_value(resource_id: UUID, field: str, sealed: bytes) -> Any:  # noqa: ANN401 - a JSON value
    """Open a sealed value."""
    return json.loads(crypto.open_sealed(sealed, context=_context(resource_id, field)))


def _context(resource_id: UUID, field: str) -> str:
    return f"registers_recordedvalue.sealed.{resource_id}.{field}"


SEALED = SealedColumn(
    "registers_recordedvalue",
    "sealed",
    ("version_id", "field"),
    context="'registers_recordedvalue.sealed.' || register.resource_id || '.' || here.field",
    joined="JOIN registers_record AS record ON record.id = here.record_id "
    "JOIN registers_register AS register ON register.id = record.register_id",
)
"""What is sealed of a register, bound as `_context` says. The app may not read it: the owner seals it anew."""
