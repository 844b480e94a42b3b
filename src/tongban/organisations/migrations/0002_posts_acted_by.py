"""Which posts an official acts by, as a function: asked at each of their requests, and its plan is kept by the server."""

from django.db import migrations

ASKED = """
CREATE FUNCTION organisations_acted_by(who uuid, at_instant timestamptz, on_day date) RETURNS TABLE (
    id uuid, organisation_id uuid, name varchar, name_en varchar, roles text, office varchar, office_en varchar,
    as_deputy boolean
)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY
    SELECT post.id, post.organisation_id, post.name, post.name_en, post.roles::text,
        coalesce(nullif(office.short_name, ''), office.name)::varchar, office.name_en, holding.official_id <> who
    FROM (
        SELECT who AS official_id
        UNION
        SELECT away.official_id FROM organisations_leave AS away
        WHERE away.deputy_id = who AND away.cancelled_at IS NULL
            AND away.first_day <= on_day AND away.last_day >= on_day
    ) AS acted_for
    JOIN organisations_postholding AS holding ON holding.official_id = acted_for.official_id
    JOIN accounts_official AS holder ON holder.id = holding.official_id
    JOIN organisations_post AS post ON post.id = holding.post_id
    JOIN organisations_organisation AS office ON office.id = post.organisation_id
    WHERE holding.since <= at_instant AND (holding.until IS NULL OR holding.until > at_instant)
        AND holder.ended_at IS NULL AND post.ended_at IS NULL
    ORDER BY office.name, post.name, holding.id;
END
$$;
"""


class Migration(migrations.Migration):
    """Adds the function."""

    dependencies = [("organisations", "0001_initial"), ("accounts", "0005_opened_session")]
    operations = [migrations.RunSQL(ASKED, "DROP FUNCTION organisations_acted_by(uuid, timestamptz, date)")]
