"""The database itself keeps the log of look-ups: rows are stamped, never changed, never deleted. So are grants' terms.

`exchange_standing` is what each look-up asks of the grants, a function, so that the server keeps its plan.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION exchange_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of look-ups is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER exchange_lookup_stands BEFORE UPDATE OR DELETE ON exchange_lookup
    FOR EACH ROW EXECUTE FUNCTION exchange_stands();
CREATE TRIGGER exchange_lookupanswer_stands BEFORE UPDATE OR DELETE ON exchange_lookupanswer
    FOR EACH ROW EXECUTE FUNCTION exchange_stands();

CREATE FUNCTION exchange_standing(offices uuid[], wanted varchar)
RETURNS TABLE (id uuid, state varchar, in_force uuid, source text, provider varchar)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY
    SELECT given.id, given.state, resource.in_force_id, source_row.xmin::text, office.name
    FROM exchange_resource AS resource
    JOIN exchange_grant AS given ON given.resource_id = resource.id
    JOIN organisations_organisation AS office ON office.id = resource.provider_id
    LEFT JOIN exchange_source AS source_row ON source_row.resource_id = resource.id
    WHERE resource.slug = wanted AND given.consumer_id = ANY (offices)
    ORDER BY given.granted_at, given.id;
END
$$;

CREATE FUNCTION exchange_lookup_is_stamped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.stamped_at := transaction_timestamp();
    RETURN NEW;
END
$$;
CREATE TRIGGER exchange_lookup_is_stamped BEFORE INSERT ON exchange_lookup
    FOR EACH ROW EXECUTE FUNCTION exchange_lookup_is_stamped();

CREATE FUNCTION exchange_grant_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state <> 'withdrawn'
        AND to_jsonb(NEW) - ARRAY['state', 'state_word', 'ended_at'] = to_jsonb(OLD) - ARRAY['state', 'state_word', 'ended_at']
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what a grant allows is not changed: give another one' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER exchange_grant_stands BEFORE UPDATE OR DELETE ON exchange_grant
    FOR EACH ROW EXECUTE FUNCTION exchange_grant_stands();
"""
NO_GUARD = """
DROP TRIGGER exchange_lookup_stands ON exchange_lookup;
DROP TRIGGER exchange_lookupanswer_stands ON exchange_lookupanswer;
DROP TRIGGER exchange_lookup_is_stamped ON exchange_lookup;
DROP TRIGGER exchange_grant_stands ON exchange_grant;
DROP FUNCTION exchange_standing(uuid[], varchar);
DROP FUNCTION exchange_stands();
DROP FUNCTION exchange_lookup_is_stamped();
DROP FUNCTION exchange_grant_stands();
"""


class Migration(migrations.Migration):
    """Puts the guards up."""

    dependencies = [("exchange", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
