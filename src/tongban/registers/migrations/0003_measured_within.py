"""How complete and how valid a register is, is counted where its values are: counts come out, values never.

`registers_measure` runs with the rights of the owner, so that nobody need be let in for it. It answers for a whole
register only. Sealed values are counted as there; whether they are valid was judged when they were written.
"""

from django.conf import settings
from django.db import migrations
from psycopg import sql

MEASURE = """
CREATE FUNCTION registers_fits(value jsonb, type text, length integer, codes jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN jsonb_typeof(value) = 'string' AND char_length(value #>> '{}') > coalesce(length, 4000) THEN false
        WHEN jsonb_array_length(codes) > 0
            AND NOT codes @> jsonb_build_array(jsonb_build_object('value', value)) THEN false
        WHEN type IN ('C', 'M') THEN jsonb_typeof(value) = 'string'
        WHEN type IN ('N', 'B', 'F') THEN jsonb_typeof(value) = 'number'
        WHEN type IN ('I', 'Y') THEN jsonb_typeof(value) = 'number' AND value #>> '{}' ~ '^-?[0-9]+$'
        WHEN type = 'L' THEN jsonb_typeof(value) = 'boolean'
        WHEN type = 'D' THEN jsonb_typeof(value) = 'string'
            AND value #>> '{}' ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
        WHEN type = 'T' THEN jsonb_typeof(value) = 'string'
            AND value #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+([+-][0-9:]+|Z)$'
        ELSE true
    END
$$;

CREATE FUNCTION registers_measure(asked_register uuid, on_day date)
RETURNS TABLE (field varchar, is_required boolean, records bigint, filled bigint, judged bigint, valid bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH newest AS (
        SELECT fields FROM registers_registerschema WHERE register_id = asked_register ORDER BY version DESC LIMIT 1
    ), wanted AS (
        SELECT one ->> 'code' AS code, one ->> 'type' AS type, (one ->> 'length')::integer AS length,
            coalesce(one -> 'code_list', '[]') AS codes, (one ->> 'is_required')::boolean AS is_required, place
        FROM newest, jsonb_array_elements(fields) WITH ORDINALITY AS listed (one, place)
    ), standing AS (
        SELECT version.id
        FROM registers_record AS record JOIN registers_recordversion AS version ON version.record_id = record.id
        WHERE record.register_id = asked_register AND version.recorded_to IS NULL
            AND version.valid_from <= on_day AND (version.valid_to IS NULL OR version.valid_to > on_day)
    ), counted AS (
        SELECT wanted.code, count(*) AS filled, count(*) FILTER (WHERE said.sealed IS NULL) AS judged,
            count(*) FILTER (
                WHERE said.sealed IS NULL
                    AND registers_fits(said.value, wanted.type, wanted.length, wanted.codes)
            ) AS valid
        FROM standing JOIN registers_recordedvalue AS said ON said.version_id = standing.id
        JOIN wanted ON wanted.code = said.field
        GROUP BY wanted.code
    )
    SELECT wanted.code, wanted.is_required, (SELECT count(*) FROM standing), coalesce(counted.filled, 0),
        coalesce(counted.judged, 0), coalesce(counted.valid, 0)
    FROM wanted LEFT JOIN counted ON counted.code = wanted.code
    ORDER BY wanted.place
$$;
REVOKE ALL ON FUNCTION registers_measure(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registers_measure(uuid, date) TO {app};
"""
NO_MEASURE = """
DROP FUNCTION registers_measure(uuid, date);
DROP FUNCTION registers_fits(jsonb, text, integer, jsonb);
"""


def _run(schema_editor, statements):
    app = sql.Identifier(settings.TONGBAN_ROLES.app)
    text = statements.replace("{app}", app.as_string(schema_editor.connection.connection))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(text)


def lay(_apps, schema_editor):
    _run(schema_editor, MEASURE)


def lift(_apps, schema_editor):
    _run(schema_editor, NO_MEASURE)


class Migration(migrations.Migration):
    """Lets registers be measured from within."""

    dependencies = [("registers", "0002_read_through_the_gate")]
    operations = [migrations.RunPython(lay, lift)]
