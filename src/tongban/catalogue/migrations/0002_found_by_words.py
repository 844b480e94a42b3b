"""What items are found by, word by word, kept by the database itself; and a count of changes of the catalogue.

The triggers also serve the release before this one, copies of whole tables, and whoever writes by hand.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

LATER_TURNS = "变更|注销|延续|补|换发|换证|停业|歇业|撤销|恢复"

LETTERS = """
CREATE FUNCTION catalogue_letters(pinyin text, initials text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(part, place, size)), ARRAY[]::text[])
    FROM (VALUES (pinyin), (initials)) AS parts (part), generate_series(2, 3) AS size,
        generate_series(1, length(part) - size + 1) AS place
    WHERE strpos(substr(part, place, size), ' ') = 0
$$;
"""
NO_LETTERS = "DROP FUNCTION catalogue_letters(text, text);"

STANDING = """
CREATE FUNCTION catalogue_standing(applicable boolean, has_guide boolean, times_applied integer) RETURNS real
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (CASE WHEN applicable THEN 8 WHEN has_guide THEN 2 ELSE 0 END
        + round(ln((1 + times_applied)::double precision)))::real
$$;
"""
NO_STANDING = "DROP FUNCTION catalogue_standing(boolean, boolean, integer);"

WANTED = f"""
        SELECT item.id, found.word, max(found.characters) AS characters, bool_or(found.named) AS named,
            item.name ~ '{LATER_TURNS}' AS later,
            catalogue_standing(item.applicable, item.has_guide, item.times_applied) AS standing
        FROM catalogue_searchentry AS entry
        JOIN catalogue_handlingitem AS item ON item.id = entry.handling_item_id
        CROSS JOIN LATERAL (
            SELECT word, length(word) AS characters, false AS named FROM unnest(tsvector_to_array(entry.words)) AS word
            UNION ALL
            SELECT word, length(word), true FROM unnest(tsvector_to_array(entry.names)) AS word
            UNION ALL
            SELECT CASE WHEN left(pair, 1) = '=' THEN pair ELSE '~' || pair END, 0, false
            FROM unnest(entry.pairs) AS pair
        ) AS found
        WHERE {{condition}} AND item.state <> 'cancelled'
        GROUP BY found.word, item.id, item.name, item.applicable, item.has_guide, item.times_applied
"""

WORDS = f"""
CREATE FUNCTION catalogue_find_by(which uuid) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off AS $$  -- its plans are kept: one made for the empty table would read all of the full one
BEGIN
    WITH wanted AS MATERIALIZED (
{WANTED.format(condition="entry.handling_item_id = which")}    ), gone AS (
        DELETE FROM catalogue_searchword AS there
        WHERE there.handling_item_id = which AND NOT EXISTS (SELECT FROM wanted WHERE wanted.word = there.word)
    )
    INSERT INTO catalogue_searchword AS there (handling_item_id, word, characters, named, later, standing)
    SELECT id, word, characters, named, later, standing FROM wanted ORDER BY word
    ON CONFLICT (word, handling_item_id) DO UPDATE
    SET characters = excluded.characters, named = excluded.named, later = excluded.later, standing = excluded.standing
    WHERE (there.characters, there.named, there.later, there.standing)
        IS DISTINCT FROM (excluded.characters, excluded.named, excluded.later, excluded.standing);
END
$$;

CREATE FUNCTION catalogue_entry_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM catalogue_find_by(OLD.handling_item_id);
    ELSE
        PERFORM catalogue_find_by(NEW.handling_item_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_entry_written AFTER INSERT OR UPDATE OR DELETE ON catalogue_searchentry
    FOR EACH ROW EXECUTE FUNCTION catalogue_entry_written();

CREATE FUNCTION catalogue_item_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_find_by(NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_item_written
    AFTER UPDATE OF state, name, applicable, has_guide, times_applied ON catalogue_handlingitem FOR EACH ROW
    WHEN ((OLD.state = 'cancelled') <> (NEW.state = 'cancelled') OR OLD.name <> NEW.name
        OR catalogue_standing(OLD.applicable, OLD.has_guide, OLD.times_applied)
            <> catalogue_standing(NEW.applicable, NEW.has_guide, NEW.times_applied))
    EXECUTE FUNCTION catalogue_item_written();
"""
NO_WORDS = """
DROP TRIGGER catalogue_item_written ON catalogue_handlingitem;
DROP FUNCTION catalogue_item_written();
DROP TRIGGER catalogue_entry_written ON catalogue_searchentry;
DROP FUNCTION catalogue_entry_written();
DROP FUNCTION catalogue_find_by(uuid);
"""

SHOWN_OF_AN_ITEM = "code, state, current_id, name, name_en, audiences, applicable, has_guide, service_item_id"
CHANGES = f"""
CREATE FUNCTION catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- whichever row nobody else holds, so that two who change the catalogue never wait for each other here
    UPDATE catalogue_changecount SET changes = changes + 1
    WHERE id = (SELECT id FROM catalogue_changecount LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
        INSERT INTO catalogue_changecount (changes) VALUES (1);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_changed AFTER INSERT OR DELETE OR UPDATE OF {SHOWN_OF_AN_ITEM} ON catalogue_handlingitem
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR DELETE OR UPDATE ON catalogue_searchentry
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR DELETE OR UPDATE ON catalogue_serviceitem
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR DELETE OR UPDATE ON catalogue_handlingitem_themes
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR DELETE OR UPDATE ON organisations_organisation
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
"""
FILLING = f"""
INSERT INTO catalogue_searchword (handling_item_id, word, characters, named, later, standing)
{WANTED.format(condition="true")} ORDER BY found.word
"""
NO_CHANGES = """
DROP TRIGGER catalogue_changed ON organisations_organisation;
DROP TRIGGER catalogue_changed ON catalogue_handlingitem_themes;
DROP TRIGGER catalogue_changed ON catalogue_serviceitem;
DROP TRIGGER catalogue_changed ON catalogue_searchentry;
DROP TRIGGER catalogue_changed ON catalogue_handlingitem;
DROP FUNCTION catalogue_changed();
"""


class Migration(migrations.Migration):
    """Expands; the indexes by which the release before searches stay until the next one."""

    dependencies = [("catalogue", "0001_initial"), ("organisations", "0001_initial")]

    operations = [
        migrations.RunSQL(LETTERS, NO_LETTERS),
        migrations.AddField(
            "searchentry",
            "letters",
            models.GeneratedField(
                db_persist=True,
                expression=models.Func("pinyin", "initials", function="catalogue_letters"),
                output_field=django.contrib.postgres.fields.ArrayField(models.TextField(), size=None),
            ),
        ),
        migrations.AddIndex(
            "searchentry",
            django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["letters"], name="search_letters"),
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("handling_item_id", models.UUIDField(db_index=True)),
                ("word", models.TextField(help_text="a word; =an everyday name in one piece; ~a pair")),
                ("characters", models.SmallIntegerField(help_text="of a word; 0 for the others")),
                ("named", models.BooleanField(help_text="a word of the name, of everyday names, of the result")),
                ("later", models.BooleanField(help_text="the name says that somebody has the thing already")),
                ("standing", models.FloatField(help_text="applicable, and how often it was applied for, roughly")),
            ],
        ),
        migrations.RunSQL(STANDING, NO_STANDING),
        migrations.RunSQL(WORDS, NO_WORDS),
        migrations.RunSQL(FILLING, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "searchword",
            models.UniqueConstraint(
                fields=["word", "handling_item_id"],
                include=["characters", "named", "later", "standing"],
                name="search_word_once",
            ),
        ),
        migrations.CreateModel(
            name="ChangeCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("changes", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(CHANGES, NO_CHANGES),
    ]
