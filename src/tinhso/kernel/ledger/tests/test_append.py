"""Writing to the ledger: versions, conflicts, idempotent requests, declared kinds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

import pytest

from tinhso.kernel.ledger import api
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant, NoActor, RequestRepeated, StreamConflict, Undeclared
from tinhso.lib import clock

THAM = Actor(id="account:tham", kind=ActorKind.CITIZEN)
TAM = Actor(id="account:tam", kind=ActorKind.OFFICIAL, unit="psc-25459")
NOON = datetime(2026, 8, 28, 5, 0, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Noted:
    kind: ClassVar[str] = "test.noted"
    number: int = 0
    colour: Colour = Colour.RED
    on: date | None = None
    amount: Decimal | None = None
    many: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closed:
    kind: ClassVar[str] = "test.closed"


api.declare(Noted, Closed)


def test_entries_of_one_call_follow_each_other(db):
    with clock.at(NOON), api.acting(TAM):
        first, second = api.append(
            "case:1", Noted(number=7, on=date(2026, 9, 2), amount=Decimal("1.50"), many=("a",)), Closed()
        )
    assert (first.version, second.version) == (1, 2)
    assert first.actor == "account:tam"
    assert first.unit == "psc-25459"
    assert first.occurred_at == first.recorded_at == NOON
    assert api.history("case:1") == [first, second]
    assert first.data == {"number": 7, "colour": "red", "on": "2026-09-02", "amount": "1.50", "many": ["a"]}
    assert api.history("case:1", kinds=["test.closed"]) == [second]


def test_the_stream_goes_on_where_it_stopped(db):
    with api.acting(THAM):
        api.append("case:1", Noted())
        assert api.append("case:1", Noted())[0].version == 2
        assert api.append("case:1", Noted(), after=2)[0].version == 3


def test_appending_costs_one_statement_when_the_version_is_known(db, statements):
    with api.acting(THAM), statements(1):
        api.append("case:1", Noted(), Noted(), Closed(), after=0)


@pytest.mark.parametrize("after", [0, 1, 7])
def test_an_outdated_or_invented_version_is_a_conflict(db, after):
    with api.acting(THAM):
        api.append("case:1", Noted(), Noted())
    with pytest.raises(StreamConflict) as caught, api.acting(TAM):
        api.append("case:1", Noted(), after=after)
    assert caught.value.params == {"stream": "case:1", "after": after}
    assert len(api.history("case:1")) == 2


def test_a_request_is_done_once_per_actor(db):
    with api.acting(THAM):
        assert api.seen("k1") is None
        api.append("case:1", Noted(), Noted(), request_key="k1")
        assert api.seen("k1") == "case:1"
    with pytest.raises(RequestRepeated), api.acting(THAM):
        api.append("case:2", Noted(), request_key="k1")
    with api.acting(TAM):
        assert api.seen("k1") is None
        api.append("case:3", Noted(), request_key="k1")


def test_nothing_is_appended_without_an_actor(db):
    with pytest.raises(NoActor):
        api.append("case:1", Noted())
    with pytest.raises(NoActor), api.acting(None):
        pass


def test_an_operation_needs_an_actor_first(db):
    @api.operation
    def note(actor: Actor, number: int) -> int:
        assert api.current_actor() is actor
        return api.append("case:1", Noted(number=number))[0].version

    assert note(THAM, 3) == 1
    with pytest.raises(NoActor):
        note("account:tham", 3)


def test_an_inner_failure_undoes_the_whole_operation(db):
    @api.operation
    def inner(actor: Actor) -> None:
        api.append("case:2", Noted())
        raise ValueError

    with pytest.raises(ValueError), api.acting(THAM):
        api.append("case:1", Noted())
        inner(TAM)
    assert api.history("case:1") == api.history("case:2") == []


def test_an_undeclared_kind_is_refused(db):
    @dataclass(frozen=True)
    class Stranger:
        kind: ClassVar[str] = "test.stranger"

    with pytest.raises(Undeclared), api.acting(THAM):
        api.append("case:1", Stranger())


def test_a_kind_belongs_to_one_class():
    class Other:
        kind: ClassVar[str] = "test.noted"

    class Plain:
        kind: ClassVar[str] = "noted"

    api.declare(Noted)
    with pytest.raises(TypeError, match="declared by both"):
        api.declare(Other)
    with pytest.raises(TypeError, match="dotted"):
        api.declare(Plain)
    assert api.kinds()["test.noted"] is Noted


def test_an_actor_knows_where_it_holds_what():
    grants = (Grant("services.handler", "economic"), Grant("services.head", "economic"), Grant("services.handler", "office"))
    bao = Actor(id="account:bao", kind=ActorKind.OFFICIAL, grants=grants)
    assert bao.roles_at("economic") == {"services.handler", "services.head"}
    assert bao.units_with("services.handler") == {"economic", "office"}
    assert bao.roles_at("elsewhere") == bao.units_with("services.signer") == frozenset()
