"""Several workers deliver at once: each delivery is sent by one of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tinhso.kernel.messages import api

from .conftest import APP, TO_THAM, Carrier


def _work() -> int:
    try:
        return sum(api.deliver_waiting(limit=10) for _ in range(6))
    finally:
        connections.close_all()


@pytest.mark.usefixtures("fresh_database")
def test_workers_do_not_send_the_same(carrier: Carrier, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        for _ in range(60):
            api.notify(APP, TO_THAM, "x.y", {}, "case:1")
        with ThreadPoolExecutor(4) as workers:
            tried = [workers.submit(_work) for _ in range(4)]
        rest = api.deliver_waiting()
    assert sum(t.result() for t in tried) + rest == 60
    names = [name for name, _, _ in carrier.sent]
    assert (len(names), len(set(names))) == (60, 60)
