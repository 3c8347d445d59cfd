"""The ground the other tests stand on."""

import threading

from django.contrib.contenttypes.models import ContentType
from django.db import connection


def _tables() -> int:
    return len(connection.introspection.table_names())


def test_a_fresh_database_is_migrated_commits_and_is_seen_by_other_threads(fresh_database):
    ContentType.objects.create(app_label="house", model="brick")
    seen = []

    def look():
        seen.append(ContentType.objects.filter(app_label="house").count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


def test_the_next_one_begins_clean(fresh_database):
    assert not ContentType.objects.filter(app_label="house").exists()


def test_statements_are_counted(db, statements):
    with statements(1) as seen:
        list(ContentType.objects.all())
    assert len(seen) == 1
