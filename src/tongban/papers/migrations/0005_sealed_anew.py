"""What a paper says may be sealed anew under a newer key: by the owner, who says so (`tongban keys seal-anew`).

Whoever serves pages may not, whatever they say. That it says the same as before is known by its digest.
"""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION papers_paper_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.id, NEW.kind, NEW.organisation_id, NEW.series, NEW.year, NEW.number, NEW.subject_id, NEW.digest, NEW.issued_at)
            = (OLD.id, OLD.kind, OLD.organisation_id, OLD.series, OLD.year, OLD.number, OLD.subject_id, OLD.digest, OLD.issued_at)
        AND NEW.serial IS NOT DISTINCT FROM OLD.serial
        AND (NEW.content IS NOT DISTINCT FROM OLD.content OR (NEW.content IS NULL AND NEW.erased_at IS NOT NULL){anew})
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an issued paper is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END
$$;
"""
ANEW = """
            OR (NEW.content IS NOT NULL AND OLD.content IS NOT NULL
                AND current_setting('tongban.sealing_anew', true) = 'on'
                AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE'))"""


class Migration(migrations.Migration):
    """Lets the owner seal anew."""

    dependencies = [("papers", "0004_wordings")]
    operations = [migrations.RunSQL(GUARD.replace("{anew}", ANEW), GUARD.replace("{anew}", ""))]
