"""What the database itself holds to, whoever writes to it: entries, seals, tiles and heads are never changed or removed,
versions of a stream have no gaps, and every new entry waits for the sealer."""

from django.db import migrations

TABLES = ["ledger_entry", "ledger_seal", "ledger_tile", "ledger_head"]

SQLITE_REFUSE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: {verb} on {table} refused'); END
"""
SQLITE_NO_GAP = """
CREATE TRIGGER ledger_entry_no_gap BEFORE INSERT ON ledger_entry
WHEN NEW.version > 1 AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE stream = NEW.stream AND version = NEW.version - 1)
BEGIN SELECT RAISE(ABORT, 'the ledger has no such earlier version in this stream'); END
"""
SQLITE_WAIT = """
CREATE TRIGGER ledger_entry_waits AFTER INSERT ON ledger_entry
BEGIN INSERT INTO ledger_unsealed (entry_id) VALUES (NEW.id); END
"""

POSTGRESQL = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION ledger_no_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version > 1 AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE stream = NEW.stream AND version = NEW.version - 1) THEN
        RAISE EXCEPTION 'the ledger has no such earlier version in this stream' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_unsealed (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entry_no_gap BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_no_gap();
CREATE TRIGGER ledger_entry_waits AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_wait();
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_no_gap;
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_waits;
"""
POSTGRESQL_REFUSE = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        for table in TABLES:
            schema_editor.execute(POSTGRESQL_REFUSE.format(table=table), params=None)
    elif schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(SQLITE_REFUSE.format(table=table, verb=verb))
        schema_editor.execute(SQLITE_NO_GAP)
        schema_editor.execute(SQLITE_WAIT)
    else:
        raise NotImplementedError("the ledger's guards are written for PostgreSQL and SQLite only")


def unguard(apps, schema_editor):
    raise NotImplementedError("the ledger's guards are not taken down")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
