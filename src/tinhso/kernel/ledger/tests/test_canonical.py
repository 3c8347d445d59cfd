"""The bytes that are hashed: one form for one fact, and only what every language reads alike."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kernel.ledger import api
from tinhso.kernel.ledger.engine import canonical
from tinhso.kernel.ledger.queries import content

NOON = datetime(2026, 9, 3, 12, 0, tzinfo=timezone(timedelta(hours=7)))


class Size(Enum):
    SMALL = 1


@dataclass(frozen=True)
class Inner:
    code: str
    size: Size


def test_a_worked_example():
    """The example of docs/ledger-format.md."""
    found = canonical.entry_bytes(
        stream="case:1",
        version=2,
        kind="services.dossier.received",
        actor="account:bao",
        unit=None,
        occurred_at=NOON,
        recorded_at=NOON + timedelta(microseconds=1500),
        data={"tên": 'Bảo "x"\n', "b": [1, True, None], "a": {}},
        request_key=None,
    )
    assert found.decode() == (
        '{"actor":"account:bao","data":{"a":{},"b":[1,true,null],"tên":"Bảo \\"x\\"\\n"},"format":1,'
        '"kind":"services.dossier.received","occurred_at":"2026-09-03T05:00:00.000000Z",'
        '"recorded_at":"2026-09-03T05:00:00.001500Z","request_key":null,"stream":"case:1","unit":null,"version":2}'
    )
    assert canonical.leaf(found).hex() == "573e3dd94b3fbd759d10f8489db2acd27e145c975910b56a39fd19655d1c5095"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Inner("x", Size.SMALL), {"code": "x", "size": 1}),
        (Decimal("1.50"), "1.50"),
        (date(2026, 9, 2), "2026-09-02"),
        (NOON, "2026-09-03T05:00:00.000000Z"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ((1, [2, {"k": None}]), [1, [2, {"k": None}]]),
        (True, True),
    ],
)
def test_what_may_enter(value, plain):
    assert canonical.plain(value) == plain


@pytest.mark.parametrize(
    "value",
    [1.5, b"bytes", {1: "x"}, {"a", "b"}, object(), Inner, 2**53, -(2**53), "nul\x00", "lone \ud800", datetime(2026, 9, 3)],  # noqa: DTZ001
)
def test_what_may_not(value):
    with pytest.raises((TypeError, ValueError)):
        canonical.plain({"field": value})


texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
jsons = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)


@given(jsons)
def test_one_value_has_one_form(value):
    once = canonical.dump(canonical.plain(value))
    assert canonical.dump(json.loads(once)) == once
    assert b"\n" not in once


@pytest.mark.django_db
@given(data=st.dictionaries(texts, jsons, max_size=3), seconds=st.integers(0, 10**9), micro=st.integers(0, 999_999))
def test_the_database_gives_back_what_was_hashed(data, seconds, micro):
    """A stored entry hashes to the same leaf: neither database may round, reorder or normalise anything that counts."""
    from tinhso.kernel.ledger import models

    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=micro)
    row = models.Entry(stream=str(uuid.uuid4()), version=1, kind="x.y", actor="a", data=data)
    row.occurred_at = row.recorded_at = moment
    row.leaf = canonical.leaf(content(row))
    with api.acting(api.system_actor("test")):
        row.save()
    again = models.Entry.objects.get(pk=row.pk)
    assert canonical.leaf(content(again)) == row.leaf == bytes(again.leaf)
