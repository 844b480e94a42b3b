"""The database itself keeps papers: what one says is never changed, only erased whole; none is deleted."""

from django.db import migrations

GUARD = """
CREATE FUNCTION papers_paper_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.id, NEW.kind, NEW.organisation_id, NEW.series, NEW.year, NEW.number, NEW.subject_id, NEW.digest, NEW.issued_at)
            = (OLD.id, OLD.kind, OLD.organisation_id, OLD.series, OLD.year, OLD.number, OLD.subject_id, OLD.digest, OLD.issued_at)
        AND NEW.serial IS NOT DISTINCT FROM OLD.serial
        AND (NEW.content IS NOT DISTINCT FROM OLD.content OR (NEW.content IS NULL AND NEW.erased_at IS NOT NULL))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an issued paper is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER papers_paper_stands BEFORE UPDATE OR DELETE ON papers_paper
    FOR EACH ROW EXECUTE FUNCTION papers_paper_stands();
"""
NO_GUARD = """
DROP TRIGGER papers_paper_stands ON papers_paper;
DROP FUNCTION papers_paper_stands();
"""


class Migration(migrations.Migration):
    """Puts the guard up."""

    dependencies = [("papers", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
