"""What nobody can do by mistake: write outside an operation; change, remove or skip in the ledger, even by raw SQL."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, migrations, transaction
from django.db import models as fields
from django.db.migrations.state import ProjectState

from tinhso.kernel.ledger import api, guard, models
from tinhso.kernel.ledger.types import NoActor


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "write",
    [
        lambda: models.Bookmark.objects.create(name="x"),
        lambda: models.Bookmark.objects.bulk_create([models.Bookmark(name="x")]),
        lambda: models.Bookmark.objects.bulk_create([models.Bookmark(name="x")], ignore_conflicts=True),
        lambda: models.Bookmark.objects.update(position=1),
        lambda: models.Bookmark.objects.filter(name="x").delete(),
        lambda: run("update ledger_bookmark set position = 1"),
        lambda: run('  DELETE FROM "ledger_bookmark"'),
        lambda: run("UPDATE ONLY ledger_bookmark SET position = 1"),
        lambda: run("INSERT OR REPLACE INTO ledger_bookmark VALUES ('x')"),
        lambda: run("REPLACE INTO ledger_bookmark VALUES ('x')"),
        lambda: run("TRUNCATE TABLE ledger_bookmark"),
    ],
)
def test_our_tables_are_not_written_outside_an_operation(db, write):
    models.Bookmark.objects.filter(name="nobody").first()
    with pytest.raises(NoActor) as caught:
        write()
    assert caught.value.params == {"table": "ledger_bookmark"}


def test_many_rows_at_once_are_guarded_too(db):
    with pytest.raises(NoActor), connection.cursor() as cursor:
        cursor.executemany("INSERT INTO ledger_bookmark (name, position) VALUES (%s, 0)", [["x"], ["y"]])


def test_inside_an_operation_they_are(db, actor):
    with api.acting(actor):
        models.Bookmark.objects.create(name="x")
        models.Bookmark.objects.update(position=1)
        models.Bookmark.objects.all().delete()


def test_other_tables_and_reading_are_free(db):
    ContentType.objects.create(app_label="x", model="y").delete()
    assert not models.Bookmark.objects.exists()


def test_migrations_may_write(db):
    def fill(apps, schema_editor):
        models.Bookmark.objects.create(name="from a migration")

    with connection.schema_editor() if connection.vendor == "postgresql" else _editor() as editor:
        migrations.RunPython(fill).database_forwards("ledger", editor, ProjectState(), ProjectState())
    assert models.Bookmark.objects.filter(name="from a migration").exists()


def _editor():
    """SQLite's schema editor can't be opened within the test's transaction; the operation needs only its connection."""
    from contextlib import nullcontext
    from types import SimpleNamespace

    return nullcontext(SimpleNamespace(connection=connection))


def test_the_guard_is_put_on_once(db):
    guard.install(connection)
    assert connection.execute_wrappers.count(guard.refuse_stray_writes) == 1


def test_every_table_of_ours_is_guarded():
    assert {"ledger_entry", "ledger_seal", "ledger_followerfailure", "identity_account"} <= guard.our_tables()
    assert "django_session" not in guard.our_tables()


@pytest.fixture
def one_of_each(db, note):
    """An entry, a seal, a tile and a head."""
    note("case:1", 256)
    api.seal()
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL truncates nothing while a check of a reference is pending


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_seal", "ledger_tile", "ledger_head"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_database_refuses_to_change_what_is_recorded(one_of_each, actor, table, verb):
    column = "version" if table == "ledger_entry" else "position" if table == "ledger_seal" else "id"
    statement = {
        "UPDATE": f"UPDATE {table} SET {column} = {column}",
        "DELETE": f"DELETE FROM {table}",
        "TRUNCATE": f"TRUNCATE {table} CASCADE",
    }[verb]
    if verb == "TRUNCATE" and connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE; it is DELETE there")
    with pytest.raises(IntegrityError, match="append-only"), api.acting(actor), transaction.atomic():
        run(statement)
    assert models.Entry.objects.count() == models.Seal.objects.count() == 256


def test_the_database_refuses_a_gap_in_a_stream(db, note, actor):
    note("case:1")
    columns = "stream, version, kind, actor, unit, occurred_at, recorded_at, data, leaf, request_key"
    values = columns.replace("version", "version + 2")
    with pytest.raises(IntegrityError, match="no such earlier version"), api.acting(actor), transaction.atomic():
        run(f"INSERT INTO ledger_entry ({columns}) SELECT {values} FROM ledger_entry")


def test_models_are_what_migrations_say(db):
    from django.core.management import call_command

    call_command("makemigrations", "ledger", check=True, dry_run=True, verbosity=0)
    assert isinstance(models.Entry._meta.pk, fields.BigAutoField)
