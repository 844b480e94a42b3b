"""The database itself keeps what proves the events."""

from django.db import migrations

GUARD = """
CREATE FUNCTION ledger_proof_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what proves the ledger is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER ledger_leaf_stands BEFORE DELETE ON ledger_leaf
    FOR EACH ROW EXECUTE FUNCTION ledger_proof_stands();
CREATE TRIGGER ledger_leaf_is_erased_only BEFORE UPDATE ON ledger_leaf FOR EACH ROW
    WHEN (
        NEW.salt IS NOT NULL OR NEW.position <> OLD.position OR NEW.event_id <> OLD.event_id
        OR NEW.commitment <> OLD.commitment
    )
    EXECUTE FUNCTION ledger_proof_stands();
CREATE TRIGGER ledger_tile_stands BEFORE UPDATE OR DELETE ON ledger_tile
    FOR EACH ROW EXECUTE FUNCTION ledger_proof_stands();
CREATE TRIGGER ledger_checkpoint_stands BEFORE UPDATE ON ledger_checkpoint
    FOR EACH ROW EXECUTE FUNCTION ledger_proof_stands();
CREATE TRIGGER ledger_chainlink_stands BEFORE UPDATE OR DELETE ON ledger_chainlink
    FOR EACH ROW EXECUTE FUNCTION ledger_proof_stands();
CREATE TRIGGER ledger_statement_stands BEFORE UPDATE OR DELETE ON ledger_statement
    FOR EACH ROW EXECUTE FUNCTION ledger_proof_stands();
-- Kept out of line as they are: hashes cannot be compressed, and roots are read without them.
ALTER TABLE ledger_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE ledger_statementtile ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE ledger_chain SET (fillfactor = 80);
"""
NO_GUARD = """
DROP TRIGGER ledger_leaf_stands ON ledger_leaf;
DROP TRIGGER ledger_leaf_is_erased_only ON ledger_leaf;
DROP TRIGGER ledger_tile_stands ON ledger_tile;
DROP TRIGGER ledger_checkpoint_stands ON ledger_checkpoint;
DROP TRIGGER ledger_chainlink_stands ON ledger_chainlink;
DROP TRIGGER ledger_statement_stands ON ledger_statement;
DROP FUNCTION ledger_proof_stands();
"""


class Migration(migrations.Migration):
    """Puts the guards up."""

    dependencies = [("ledger", "0007_proofs")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
