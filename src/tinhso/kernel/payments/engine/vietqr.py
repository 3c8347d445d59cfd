"""QR payloads by EMVCo (merchant-presented) as NAPAS uses them: built and read, strictly.

A payload is a row of fields, each two digits of id, two digits of length and the value; lengths count characters. Field 63, the
last, holds CRC-16/CCITT-FALSE of everything before its value, in four upper-case hexadecimal digits, over UTF-8. A right
checksum alone is no right payload: in the wild, generators nest the service code inside the beneficiary or count bytes.
"""

import binascii
import re
import unicodedata
from dataclasses import dataclass

from tinhso.kernel.payments.types import QrInvalid

NAPAS = "A000000727"
DONG = "704"
VIETNAM = "VN"
STATIC, DYNAMIC = "11", "12"
TO_ACCOUNT, TO_CARD, PUSH = "QRIBFTTA", "QRIBFTTC", "QRPUSH"
SERVICES = frozenset({TO_ACCOUNT, TO_CARD, PUSH})

AMOUNT_MAX = 9_999_999_999_999
REFERENCE_MAX, NAME_MAX, CITY_MAX, ACCOUNT_MAX = 25, 25, 15, 19

_VERSION, _INITIATION, _MERCHANT, _CURRENCY, _AMOUNT = "00", "01", "38", "53", "54"
_COUNTRY, _NAME, _CITY, _ADDITIONAL, _CRC = "58", "59", "60", "62", "63"
_PURPOSE = "08"
_TEMPLATES = frozenset(f"{n:02}" for n in [*range(26, 52), 62, 64, *range(80, 100)])
"""Fields whose value is itself a row of fields."""

_DIGITS2 = re.compile(r"[0-9]{2}")
_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}")
_WHOLE = re.compile(r"[1-9][0-9]{0,12}")
_PRINTABLE = re.compile(r"[\x20-\x7e]+")


@dataclass(frozen=True, slots=True)
class VietQr:
    """A transfer to a Vietnamese account, as a QR carries it. ``amount`` in đồng (None: the payer types it);
    ``reference`` is the purpose (62.08), by which the transfer finds its charge."""

    bank: str
    account: str
    amount: int | None = None
    reference: str = ""
    name: str = ""
    city: str = ""
    service: str = TO_ACCOUNT
    dynamic: bool = True


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE of ``text`` in UTF-8, as four upper-case hexadecimal digits."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def fold(text: str) -> str:
    """``text`` in the printable ASCII that every bank's application shows: diacritics off, đ as d, what is left out."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(c for c in plain if " " <= c <= "~")
    return " ".join(kept.split())


def build(qr: VietQr) -> str:
    """The payload of ``qr``. Names are folded to ASCII and cut to their length; anything else out of range is refused."""
    _check_transfer(qr)
    beneficiary = _field("00", qr.bank) + _field("01", qr.account)
    rows = [
        _field(_VERSION, "01"),
        _field(_INITIATION, DYNAMIC if qr.dynamic else STATIC),
        _field(_MERCHANT, _field("00", NAPAS) + _field("01", beneficiary) + _field("02", qr.service)),
        _field(_CURRENCY, DONG),
        _field(_AMOUNT, str(qr.amount)) if qr.amount is not None else "",
        _field(_COUNTRY, VIETNAM),
        _optional(_NAME, fold(qr.name)[:NAME_MAX].strip()),
        _optional(_CITY, fold(qr.city)[:CITY_MAX].strip()),
        _optional(_ADDITIONAL, _optional(_PURPOSE, qr.reference)),
        f"{_CRC}04",
    ]
    text = "".join(rows)
    return text + checksum(text)


def read(payload: str) -> dict[str, str]:
    """The top-level fields of any EMVCo payload, after every check of structure and checksum; templates checked inside.

    Where field 38 is NAPAS's, its beneficiary and service are checked too. Raises :class:`QrInvalid`.
    """
    fields = _fields(payload, "")
    _check_frame(payload, fields)
    for key, value in fields.items():
        if key in _TEMPLATES:
            _fields(value, key)
    if _is_napas(fields):
        _merchant(fields[_MERCHANT])
    return fields


def parse(payload: str) -> VietQr:
    """The transfer in a payload; :class:`QrInvalid` if it is not a whole and right VietQR."""
    fields = read(payload)
    if not _is_napas(fields):
        raise QrInvalid(fault="not_vietqr", at=_MERCHANT)
    bank, account, service = _merchant(fields[_MERCHANT])
    initiation = fields.get(_INITIATION)
    if initiation not in {STATIC, DYNAMIC}:
        raise QrInvalid(fault="initiation", at=_INITIATION)
    if fields.get(_CURRENCY) != DONG:
        raise QrInvalid(fault="currency", at=_CURRENCY)
    if fields.get(_COUNTRY) != VIETNAM:
        raise QrInvalid(fault="country", at=_COUNTRY)
    amount = fields.get(_AMOUNT)
    if amount is not None and not _WHOLE.fullmatch(amount):
        raise QrInvalid(fault="amount", at=_AMOUNT)
    additional = _fields(fields[_ADDITIONAL], _ADDITIONAL) if _ADDITIONAL in fields else {}
    return VietQr(
        bank=bank,
        account=account,
        amount=None if amount is None else int(amount),
        reference=additional.get(_PURPOSE, ""),
        name=fields.get(_NAME, ""),
        city=fields.get(_CITY, ""),
        service=service,
        dynamic=initiation == DYNAMIC,
    )


def _field(key: str, value: str) -> str:
    return f"{key}{len(value):02}{value}"


def _optional(key: str, value: str) -> str:
    return _field(key, value) if value else ""


def _fields(text: str, inside: str) -> dict[str, str]:
    """The row of fields in ``text``, in order; the path of a fault begins with ``inside``."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        key, size = text[at : at + 2], text[at + 2 : at + 4]
        path = f"{inside}.{key}" if inside else key
        if not (_DIGITS2.fullmatch(key) and _DIGITS2.fullmatch(size)):
            raise QrInvalid(fault="structure", at=path)
        value = text[at + 4 : at + 4 + int(size)]
        if not value or len(value) != int(size):
            raise QrInvalid(fault="length", at=path)
        if key in found:
            raise QrInvalid(fault="repeated", at=path)
        found[key] = value
        at += 4 + int(size)
    return found


def _check_frame(payload: str, fields: dict[str, str]) -> None:
    """Version first, checksum last and right."""
    keys = list(fields)
    if not keys or keys[0] != _VERSION or fields[_VERSION] != "01":
        raise QrInvalid(fault="version", at=_VERSION)
    if keys[-1] != _CRC or len(fields[_CRC]) != 4:
        raise QrInvalid(fault="no_checksum", at=_CRC)
    if fields[_CRC] != checksum(payload[:-4]):
        raise QrInvalid(fault="checksum", at=_CRC)


def _is_napas(fields: dict[str, str]) -> bool:
    return fields.get(_MERCHANT, "").startswith(_field("00", NAPAS))


def _merchant(value: str) -> tuple[str, str, str]:
    """Bank, account and service of field 38."""
    parts = _fields(value, _MERCHANT)
    beneficiary = _fields(parts.get("01", ""), f"{_MERCHANT}.01")
    bank, account, service = beneficiary.get("00", ""), beneficiary.get("01", ""), parts.get("02", "")
    if set(beneficiary) - {"00", "01"}:
        raise QrInvalid(fault="nested", at=f"{_MERCHANT}.01")
    _check_beneficiary(bank, account, service)
    return bank, account, service


def _check_beneficiary(bank: str, account: str, service: str) -> None:
    if not _BIN.fullmatch(bank):
        raise QrInvalid(fault="bank", at=f"{_MERCHANT}.01.00")
    if not _ACCOUNT.fullmatch(account):
        raise QrInvalid(fault="account", at=f"{_MERCHANT}.01.01")
    if service not in SERVICES:
        raise QrInvalid(fault="service", at=f"{_MERCHANT}.02")


def _check_transfer(qr: VietQr) -> None:
    """What we are about to write is in range; names are not checked, they are folded and cut."""
    _check_beneficiary(qr.bank, qr.account, qr.service)
    if qr.amount is not None and not 0 < qr.amount <= AMOUNT_MAX:
        raise QrInvalid(fault="amount", at=_AMOUNT)
    if qr.reference and not (len(qr.reference) <= REFERENCE_MAX and _PRINTABLE.fullmatch(qr.reference)):
        raise QrInvalid(fault="reference", at=f"{_ADDITIONAL}.{_PURPOSE}")
