"""What the gate asks about a case tells the index of a person by either index key: one of them is there."""

from django.db import migrations

ASKED = """
CREATE OR REPLACE FUNCTION cases_looked_up(wanted varchar) RETURNS TABLE (
    id uuid, number varchar, kind varchar, ended_at timestamptz, item_code text, catalogue_code text, taken_in_by uuid,
    applicant bytea, submitter bytea, credit_code varchar, representative bytea, posts uuid[], aside uuid[]
)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY
    SELECT one.id, one.number, one.kind, one.ended_at, one.terms ->> 'item_code', one.terms ->> 'catalogue_code',
        one.taken_in_by_id, {applying}, {submitting}, enterprise.credit_code,
        {representing},
        ARRAY(SELECT DISTINCT task.post_id FROM cases_task AS task WHERE task.case_id = one.id),
        ARRAY(SELECT recusal.official_id FROM cases_recusal AS recusal WHERE recusal.case_id = one.id)
    FROM cases_case AS one
    LEFT JOIN accounts_person AS applying ON applying.id = one.applicant_person_id
    LEFT JOIN accounts_person AS submitting ON submitting.id = one.submitted_by_id
    LEFT JOIN accounts_enterprise AS enterprise ON enterprise.id = one.applicant_enterprise_id
    LEFT JOIN accounts_person AS representing ON representing.id = enterprise.legal_representative_id
    WHERE one.number = wanted;
END
$$;
"""
WHO = ("applying", "submitting", "representing")


def _asked(column: str) -> str:
    said = ASKED
    for who in WHO:
        said = said.replace(f"{{{who}}}", column.format(who=who))
    return said


class Migration(migrations.Migration):
    """Puts the function in the place of the one before."""

    dependencies = [("cases", "0022_asked_by_an_office_checked"), ("accounts", "0007_index_key_turned")]
    operations = [
        migrations.RunSQL(
            _asked("COALESCE({who}.identity_index_even, {who}.identity_index)"), _asked("{who}.identity_index")
        )
    ]
