"""Where a unit collects is dated configuration from a pack, checked on load; without it there is no QR, and a clear reason."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api
from tinhso.kernel.payments.engine import vietqr
from tinhso.kernel.payments.types import AccountsInvalid, NoCollectingAccount

from .conftest import ACCOUNTS, LOADER, NOW, UNIT

pytestmark = pytest.mark.django_db

OWN = (
    ACCOUNTS
    + f"""
  - unit: {UNIT}
    bank: "970405"
    bank_name: Ngân hàng khác
    number: "6600201000001"
    holder: Trung tâm Phục vụ hành chính công phường Khánh Hậu
    valid_from: 2026-01-01
    valid_until: 2026-12-01
    legal_basis: Quyết định 12/QĐ-UBND
"""
)


def test_loading_is_recorded_and_harmless_again(accounts: Callable) -> None:
    assert accounts() == 1
    assert accounts() == 0
    assert accounts(ACCOUNTS.replace("0011000123456", "0011000999999")) == 1
    entries = ledger.history("collecting-account:general")
    assert [(e.kind, e.data["number"]) for e in entries] == [
        ("payments.account_set", "0011000123456"),
        ("payments.account_set", "0011000999999"),
    ]


def test_a_unit_has_its_own_account_or_the_general_one(accounts: Callable) -> None:
    accounts(OWN)
    assert api.account(UNIT).number == "6600201000001"
    assert api.account("tan-an-psc").number == "0011000123456"
    assert api.account("tan-an-psc").unit is None
    assert api.account(UNIT, dt.date(2025, 12, 31)).number == "0011000123456"
    assert api.account(UNIT, dt.date(2026, 11, 30)).number == "6600201000001"
    assert api.account(UNIT, dt.date(2026, 12, 1)).number == "0011000123456"


def test_before_any_account_there_is_none(accounts: Callable) -> None:
    accounts()
    with pytest.raises(NoCollectingAccount) as caught:
        api.account(UNIT, dt.date(2025, 6, 30))
    assert caught.value.params == {"unit": UNIT, "day": "2025-06-30"}


def test_a_charge_is_paid_by_its_qr(accounts: Callable, owed: Callable) -> None:
    charge = owed()
    with pytest.raises(NoCollectingAccount):
        api.qr_payload(charge)
    accounts(OWN)
    qr = vietqr.parse(api.qr_payload(charge))
    assert (qr.bank, qr.account, qr.amount, qr.reference) == ("970405", "6600201000001", 75_000, charge.reference)
    assert qr.name == "Trung tam Phuc vu hanh ch"
    assert (qr.service, qr.dynamic) == (vietqr.TO_ACCOUNT, True)


@pytest.mark.parametrize(
    ("text", "entry", "what"),
    [
        ("accounts: [", 0, "not YAML"),
        ("", 0, "no list"),
        ("accounts: {}", 0, "no list"),
        ("accounts: [7]", 1, "not a mapping"),
        (ACCOUNTS.replace("holder:", "owner:"), 1, "unknown key `owner`"),
        (ACCOUNTS.replace("    legal_basis: Thông tư 84/2016/TT-BTC", ""), 1, "`legal_basis` is missing"),
        (ACCOUNTS.replace('"970436"', "970436"), 1, "`bank`"),
        (ACCOUNTS.replace('"970436"', '"97043"'), 1, "`bank`"),
        (ACCOUNTS.replace('"0011000123456"', '"0011 0001"'), 1, "`number`"),
        (ACCOUNTS.replace("2025-07-01", '"soon"'), 1, "dates"),
        (ACCOUNTS + "    valid_until: 2025-07-01\n", 1, "dates"),
        (ACCOUNTS + ACCOUNTS.removeprefix("\naccounts:\n"), 2, "a second account"),
    ],
)
def test_a_wrong_pack_is_refused_with_a_remedy(accounts: Callable, text: str, entry: int, what: str) -> None:
    with pytest.raises(AccountsInvalid) as caught:
        accounts(text)
    assert (caught.value.params["file"], caught.value.params["entry"]) == ("accounts.yaml", entry)
    assert what in str(caught.value.params["what"])
    assert caught.value.params["remedy"]


def test_the_demo_packs_accounts_load() -> None:
    pack = Path(__file__).parents[5] / "packs" / "demo" / "accounts.yaml"
    assert api.load_accounts(LOADER, pack) >= 1
    assert api.account("any-unit", NOW.date()).bank.isdigit()
