"""The people and the money of the tests."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tinhso.kernel.ledger.api import acting
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant
from tinhso.kernel.payments import api, models
from tinhso.kernel.payments.types import ChargeLine, ChargeView
from tinhso.lib import clock

UNIT = "khanh-hau-psc"
NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)  # a Monday, 9.30 in Tây Ninh

TAM = Actor("account:le-minh-tam", ActorKind.OFFICIAL, unit=UNIT, grants=(Grant(api.CASHIER, UNIT),), official="tam")
BAO = Actor("account:tran-quoc-bao", ActorKind.OFFICIAL, unit="khanh-hau-economic", grants=(Grant("services.handler", UNIT),))
THAM = Actor("account:nguyen-thi-hong-tham", ActorKind.CITIZEN, party="tham")
LOADER = Actor("system:packs", ActorKind.SYSTEM)

FEE = ChargeLine(
    code="permit-fee",
    title="Lệ phí cấp giấy phép xây dựng",
    title_en="Construction permit fee",
    amount=75_000,
    legal_basis="Nghị quyết 25/2024/NQ-HĐND",
    rule="permit-fee",
    rule_from=date(2025, 7, 1),
)

ACCOUNTS = """
accounts:
  - bank: "970436"
    bank_name: Ngân hàng mẫu
    number: "0011000123456"
    holder: Kho bạc Nhà nước tỉnh Tây Ninh
    valid_from: 2025-07-01
    legal_basis: Thông tư 84/2016/TT-BTC
"""


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def accounts(tmp_path: Path) -> Callable[[str], int]:
    """Loads the accounts written in a YAML text."""

    def load(text: str = ACCOUNTS) -> int:
        path = tmp_path / "accounts.yaml"
        path.write_text(text, encoding="utf-8")
        return api.load_accounts(LOADER, path)

    return load


@pytest.fixture
def owed() -> Callable[..., ChargeView]:
    """Makes a charge of 75,000 đồng for a case."""

    def make(payable: str | None = None, unit: str = UNIT, **more: object) -> ChargeView:
        return api.create_charge(TAM, payable or f"case:{uuid.uuid4()}", [FEE], "tham", unit=unit, **more)

    return make


@pytest.fixture
def everything_kept() -> Callable[[], list[tuple[str, int, bool]]]:
    """Every provider message: verdict, how often, whether it waits."""

    def read() -> list[tuple[str, int, bool]]:
        with acting(LOADER):
            rows = models.ProviderMessage.objects.order_by("received_at", "verdict")
            return list(rows.values_list("verdict", "times", "waiting"))

    return read
