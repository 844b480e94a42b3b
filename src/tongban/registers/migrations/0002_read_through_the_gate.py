"""Values of registers are written by the app, and read by the gate's role alone: what this transaction has logged.

- The app may insert values and not read, change or delete them. Copies of a value go by `registers_carry`, which shows
  nothing and stays within one subject, or goes where a recorded merger or split says.
- The gate's role may read columns of five tables, and of the values those rows that `registers_released` names: of the
  subject and the fields of a look-up that this very transaction has written into the log, under a grant that covers
  them. Without one it sees nothing.
- `registers_read` is the question itself, asked with the rights of whoever calls it, the gate: a function, so that the
  server keeps its plan, which takes longer to make than to run.
- What a record said is never changed, only known no longer; no subject is ever deleted.

Tables with row security keep the rights given here: `base.postgres.roles.prepare` leaves them out.
"""

from django.conf import settings
from django.db import migrations
from psycopg import sql

GUARD = """
ALTER TABLE registers_incoming SET UNLOGGED;

CREATE FUNCTION registers_released() RETURNS TABLE (record_id bigint, field varchar)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    named text := current_setting('tongban.look_up', true);
BEGIN
    IF coalesce(named, '') = '' THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH RECURSIVE looked AS (
        SELECT l.subject_key, g.resource_id,
            l.fields || ARRAY(SELECT (one ->> 'field')::varchar FROM jsonb_array_elements(g.row_filter) AS one) AS codes
        FROM exchange_lookup AS l JOIN exchange_grant AS g ON g.id = l.grant_id
        WHERE l.id = named::uuid AND l.transaction = pg_current_xact_id()::text::bigint
            AND l.stamped_at = transaction_timestamp() AND l.refused = '' AND l.resource_id = g.resource_id
            AND g.state = 'active' AND l.fields <@ g.fields
    ), chain (key, depth) AS (
        SELECT subject_key, 0 FROM looked
        UNION
        SELECT merger.target_id, depth + 1 FROM chain JOIN registers_merger AS merger ON merger.origin_id = chain.key
        WHERE depth < 20
    )
    SELECT record.id, asked.code
    FROM looked
    JOIN registers_register AS register ON register.resource_id = looked.resource_id
    JOIN registers_record AS record
        ON record.register_id = register.id AND record.subject_id IN (SELECT key FROM chain)
    CROSS JOIN unnest(looked.codes) AS asked (code);
END
$$;

CREATE FUNCTION registers_read(resource uuid, subject uuid, codes varchar[], valid_on date, known_at timestamptz)
RETURNS TABLE (version_id bigint, field varchar, value jsonb, sealed bytea)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    standing uuid := subject;
    merged_into uuid;
BEGIN
    FOR depth IN 1 .. 20 LOOP
        SELECT merger.target_id INTO merged_into FROM registers_merger AS merger
        WHERE merger.origin_id = standing AND merger.since <= known_at
            AND (merger.until IS NULL OR merger.until > known_at);
        EXIT WHEN NOT FOUND;
        standing := merged_into;
    END LOOP;
    RETURN QUERY
    SELECT version.id, said.field, said.value, said.sealed
    FROM registers_register AS register
    JOIN registers_record AS record ON record.register_id = register.id
    JOIN registers_recordversion AS version ON version.record_id = record.id
    LEFT JOIN registers_recordedvalue AS said ON said.version_id = version.id AND said.field = ANY (codes)
    WHERE register.resource_id = resource AND record.subject_id = standing
        AND version.valid_from <= valid_on AND (version.valid_to IS NULL OR version.valid_to > valid_on)
        AND version.recorded_from <= known_at AND (version.recorded_to IS NULL OR version.recorded_to > known_at)
    ORDER BY record.key, version.id;
END
$$;

CREATE FUNCTION registers_carry(origin bigint, target bigint, without varchar[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM 1
    FROM registers_recordversion AS old_version JOIN registers_record AS old ON old.id = old_version.record_id,
        registers_recordversion AS new_version JOIN registers_record AS new ON new.id = new_version.record_id
    WHERE old_version.id = origin AND new_version.id = target AND old.register_id = new.register_id
        AND (old.subject_id = new.subject_id OR EXISTS (
            SELECT FROM registers_subjectchange WHERE origin_id = old.subject_id AND target_id = new.subject_id
        ));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'values are not carried from one subject to another' USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO registers_recordedvalue (version_id, record_id, field, value, sealed)
    SELECT target, (SELECT record_id FROM registers_recordversion WHERE id = target), said.field, said.value, said.sealed
    FROM registers_recordedvalue AS said WHERE said.version_id = origin AND said.field <> ALL (without);
END
$$;
REVOKE ALL ON FUNCTION registers_released(), registers_carry(bigint, bigint, varchar[]),
    registers_read(uuid, uuid, varchar[], date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registers_released(), registers_read(uuid, uuid, varchar[], date, timestamptz) TO {gate};
GRANT EXECUTE ON FUNCTION registers_carry(bigint, bigint, varchar[]) TO {app};

ALTER TABLE registers_recordedvalue ENABLE ROW LEVEL SECURITY;
CREATE POLICY written_by_the_app ON registers_recordedvalue FOR INSERT TO {app} WITH CHECK (true);
CREATE POLICY read_through_the_gate ON registers_recordedvalue FOR SELECT TO {gate}
    USING ((record_id, field) IN (SELECT released.record_id, released.field FROM registers_released() AS released));

REVOKE SELECT, UPDATE, DELETE ON registers_recordedvalue FROM {app};
GRANT SELECT (version_id, record_id, field, value, sealed) ON registers_recordedvalue TO {gate};
GRANT SELECT (id, resource_id) ON registers_register TO {gate};
GRANT SELECT (id, register_id, subject_id, key) ON registers_record TO {gate};
GRANT SELECT (id, record_id, valid_from, valid_to, recorded_from, recorded_to) ON registers_recordversion TO {gate};
GRANT SELECT (origin_id, target_id, since, until) ON registers_merger TO {gate};

CREATE FUNCTION registers_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'registers_recordversion'
        AND to_jsonb(OLD) ->> 'recorded_to' IS NULL AND to_jsonb(NEW) - 'recorded_to' = to_jsonb(OLD) - 'recorded_to'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what a register has said is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER registers_recordversion_stands BEFORE UPDATE OR DELETE ON registers_recordversion
    FOR EACH ROW EXECUTE FUNCTION registers_stands();
CREATE TRIGGER registers_registerschema_stands BEFORE UPDATE OR DELETE ON registers_registerschema
    FOR EACH ROW EXECUTE FUNCTION registers_stands();
CREATE TRIGGER registers_registeredsubject_stands BEFORE DELETE ON registers_registeredsubject
    FOR EACH ROW EXECUTE FUNCTION registers_stands();
CREATE TRIGGER registers_subjectchange_stands BEFORE UPDATE OR DELETE ON registers_subjectchange
    FOR EACH ROW EXECUTE FUNCTION registers_stands();
"""
NO_GUARD = """
DROP TRIGGER registers_recordversion_stands ON registers_recordversion;
DROP TRIGGER registers_registerschema_stands ON registers_registerschema;
DROP TRIGGER registers_registeredsubject_stands ON registers_registeredsubject;
DROP TRIGGER registers_subjectchange_stands ON registers_subjectchange;
DROP FUNCTION registers_stands();
DROP POLICY written_by_the_app ON registers_recordedvalue;
DROP POLICY read_through_the_gate ON registers_recordedvalue;
ALTER TABLE registers_recordedvalue DISABLE ROW LEVEL SECURITY;
DROP FUNCTION registers_carry(bigint, bigint, varchar[]);
DROP FUNCTION registers_read(uuid, uuid, varchar[], date, timestamptz);
DROP FUNCTION registers_released();
REVOKE ALL ON registers_recordedvalue, registers_register, registers_record, registers_recordversion,
    registers_merger FROM {gate};
ALTER TABLE registers_incoming SET LOGGED;
"""


def _run(schema_editor, statements):
    roles = settings.TONGBAN_ROLES
    names = {"app": sql.Identifier(roles.app), "gate": sql.Identifier(roles.gate)}
    text = sql.SQL(statements).format(**names).as_string(schema_editor.connection.connection)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(text)


def guard(_apps, schema_editor):
    _run(schema_editor, GUARD)


def unguard(_apps, schema_editor):
    _run(schema_editor, NO_GUARD)


class Migration(migrations.Migration):
    """Puts the guards up."""

    dependencies = [("registers", "0001_initial"), ("exchange", "0002_log_stands")]
    operations = [migrations.RunPython(guard, unguard)]
