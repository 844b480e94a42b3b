"""The database itself keeps the ledger: an event is never changed or deleted; only its position is given, once."""

from django.db import migrations

GUARD = """
CREATE FUNCTION ledger_event_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND to_jsonb(NEW) - 'position' = to_jsonb(OLD) - 'position' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an event in the ledger is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER ledger_event_stands BEFORE UPDATE OR DELETE ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_event_stands();
"""
NO_GUARD = """
DROP TRIGGER ledger_event_stands ON ledger_event;
DROP FUNCTION ledger_event_stands();
"""


class Migration(migrations.Migration):
    """Puts the guard up."""

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
