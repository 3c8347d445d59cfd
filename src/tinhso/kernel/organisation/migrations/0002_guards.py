"""What the database itself refuses, whoever writes: two versions of one area or unit, or two chiefs of one post, at a time."""

from django.db import migrations

# Table, column that names the thing, the same as a number (leading noughts matter in codes), condition on the row.
DATED = [
    ("organisation_area", "code", "('1' || code)::bigint", "TRUE"),
    ("organisation_unitversion", "unit_id", "unit_id", "TRUE"),
    ("organisation_holding", "post_id", "post_id", "{row}chief"),
]

# An exclusion constraint needs no extension when the thing is written as a range of one number.
POSTGRESQL = """
ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap EXCLUDE USING gist (
    int8range({number}, {number}, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&
) WHERE ({condition})
"""
SQLITE = """
CREATE TRIGGER {table}_no_overlap_{verb} BEFORE {verb} ON {table}
WHEN {new_condition} AND EXISTS (
    SELECT 1 FROM {table} AS other
    WHERE other.{thing} = NEW.{thing} AND other.id <> COALESCE(NEW.id, -1) AND {other_condition}
    AND other.valid_from < COALESCE(NEW.valid_to, '9999-12-31') AND NEW.valid_from < COALESCE(other.valid_to, '9999-12-31')
)
BEGIN SELECT RAISE(ABORT, '{table}_no_overlap: two rows of one thing hold at the same time'); END
"""


def guard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table, thing, number, condition in DATED:
        if vendor == "postgresql":
            sql = POSTGRESQL.format(table=table, number=number, condition=condition.format(row=""))
            schema_editor.execute(sql, params=None)
        elif vendor == "sqlite":
            conditions = {"new_condition": condition.format(row="NEW."), "other_condition": condition.format(row="other.")}
            for verb in ("INSERT", "UPDATE"):
                schema_editor.execute(SQLITE.format(table=table, verb=verb, thing=thing, **conditions), params=None)
        else:
            raise NotImplementedError("the guards are written for PostgreSQL and SQLite only")


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]

    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
