"""Persons are found by two index keys while one is turned over, and none comes in who would be missed by either."""

from django.db import migrations, models

GUARD = """
CREATE FUNCTION accounts_person_is_indexed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT FROM accounts_indexkey AS wanted
        WHERE CASE WHEN wanted.number % 2 = 1 THEN NEW.identity_index ELSE NEW.identity_index_even END IS NULL
    ) OR (NEW.identity_index IS NULL AND NOT EXISTS (SELECT FROM accounts_indexkey)) THEN
        RAISE EXCEPTION 'a person is indexed by every index key that is wanted: give them to this process';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER accounts_person_is_indexed BEFORE INSERT ON accounts_person
    FOR EACH ROW EXECUTE FUNCTION accounts_person_is_indexed();
"""
NO_GUARD = """
DROP TRIGGER accounts_person_is_indexed ON accounts_person;
DROP FUNCTION accounts_person_is_indexed();
"""


class Migration(migrations.Migration):
    """Adds columns and tables, and the guard."""

    dependencies = [("accounts", "0006_given_at_a_window")]
    operations = [
        migrations.CreateModel(
            name="IndexKey",
            fields=[
                ("number", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField()),
                ("filled_at", models.DateTimeField(help_text="when all that was there before had been indexed by it", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="KnownNumber",
            fields=[
                ("index", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField(help_text="of the index key")),
                ("key", models.UUIDField(db_index=True)),
            ],
        ),
        migrations.AlterField(
            model_name="person",
            name="identity_index",
            field=models.BinaryField(help_text="by the index key of an odd number", max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="identity_index_even",
            field=models.BinaryField(help_text="by that of an even number", max_length=32, null=True),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                fields=("identity_kind", "identity_index_even"), name="person_once_by_even_index"
            ),
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
