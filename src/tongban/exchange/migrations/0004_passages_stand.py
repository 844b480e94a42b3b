"""What has passed the door is neither changed nor deleted, as the log of look-ups."""

from django.db import migrations

GUARD = """
CREATE TRIGGER exchange_passage_stands BEFORE UPDATE OR DELETE ON exchange_passage
    FOR EACH ROW EXECUTE FUNCTION exchange_stands();
"""
NO_GUARD = "DROP TRIGGER exchange_passage_stands ON exchange_passage;"


class Migration(migrations.Migration):
    """Puts the guard up."""

    dependencies = [("exchange", "0003_neighbours")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
