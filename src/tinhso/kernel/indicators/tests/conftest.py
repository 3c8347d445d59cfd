"""What the tests of the numbers share: a kind of entry of their own, a book of it, and a hand that writes history."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tinhso.kernel.indicators import api, books
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger import following
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.lib.clock import TZ

BAO = Actor(id="account:bao", kind=ActorKind.OFFICIAL, unit="khanh-hau")
BOOK = """
book: fishing
dimensions: [boat, net]
where: { river: vam-co }
measures:
  landed:
    title: { vi: Số mẻ, en: Catches }
    definition: { vi: Số mẻ lưới, en: Catches landed }
    kind: count
    of: [fishing.landed]
    unit: port
  landed_big:
    title: { vi: Mẻ lớn, en: Big catches }
    definition: { vi: Mẻ lớn, en: Big catches landed }
    kind: count
    of: [fishing.landed]
    where: { big: true }
    unit: port
  kilos:
    title: { vi: Khối lượng, en: Weight }
    definition: { vi: Tổng số kg, en: Kilograms landed }
    kind: sum
    value: kilos
    of: [fishing.landed, fishing.found]
    unit: port
  boats:
    title: { vi: Số thuyền, en: Boats }
    definition: { vi: Số thuyền có mẻ, en: Boats that landed a catch }
    kind: distinct
    value: boat
    of: [fishing.landed]
    unit: port
indicators:
  big_rate:
    title: { vi: Tỷ lệ mẻ lớn, en: Big ones }
    definition: { vi: Mẻ lớn trên tổng, en: Big catches of all }
    numerator: [landed_big]
    denominator: [landed]
    shape: percent
    better: higher
    decimals: 1
  mean_kilos:
    title: { vi: Trung bình, en: Mean weight }
    definition: { vi: Kg mỗi mẻ, en: Kilograms a catch }
    numerator: [kilos]
    denominator: [landed]
    decimals: 2
"""


@dataclass(frozen=True, slots=True)
class Landed:
    """A catch was landed."""

    kind: ClassVar[str] = "fishing.landed"
    port: str | None
    boat: str
    net: str = "nhỏ"
    kilos: int | None = 1
    big: bool = False
    river: str = "vam-co"


@dataclass(frozen=True, slots=True)
class Found:
    """Fish were found."""

    kind: ClassVar[str] = "fishing.found"
    port: str
    kilos: int
    river: str = "vam-co"


ledger.declare(Landed, Found)


@pytest.fixture
def declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """``declared(text)``: that book alone, as if an installation had started with it."""

    def start(text: str = BOOK) -> Any:
        monkeypatch.setattr(books, "_books", {})
        monkeypatch.setattr(following, "_followers", {})
        (tmp_path / "measures.yaml").write_text(text, "utf-8")
        return api.declare_book(tmp_path / "measures.yaml")

    return start


def happened(text: str) -> datetime:
    """``"2026-11-02 08:45"`` on the province's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


@pytest.fixture
def write(db: None) -> Callable[..., None]:
    """``write(event, …, at="2026-11-02 09:00")``: these happened then."""

    def note(*events: Any, at: str = "2026-11-02 09:00", stream: str = "boat:1") -> None:
        with ledger.acting(BAO):
            ledger.append(stream, *events, occurred_at=happened(at))

    return note


def count() -> None:
    """What the worker does: seal, and feed the followers."""
    while ledger.work_once():
        pass
    ledger.run_followers(once=False)
