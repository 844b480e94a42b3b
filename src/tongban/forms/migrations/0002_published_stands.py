"""The database itself keeps a published form as it is."""

from django.db import migrations

GUARD = """
CREATE FUNCTION forms_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published form is not changed: publish a new version' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER forms_version_stands BEFORE UPDATE ON forms_formversion
    FOR EACH ROW EXECUTE FUNCTION forms_version_stands();
"""
NO_GUARD = """
DROP TRIGGER forms_version_stands ON forms_formversion;
DROP FUNCTION forms_version_stands();
"""


class Migration(migrations.Migration):
    """Puts the guard up."""

    dependencies = [("forms", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
