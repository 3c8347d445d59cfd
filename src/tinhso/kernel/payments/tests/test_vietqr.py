"""VietQR payloads are built right and read strictly."""

# ruff: noqa: E501  payloads stay whole, as they were published

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tinhso.kernel.payments.engine import vietqr
from tinhso.kernel.payments.engine.vietqr import VietQr, build, checksum, fold, parse, read
from tinhso.kernel.payments.types import QrInvalid

# Payloads that public libraries publish (xuannghia/vietnam-qr-pay, liopayvn/vietqr-php, binhnguyenduc/vietqr-ts; MIT), with
# what a strict reader must find in them. Several are published as right and are not.
TRANSFERS = [
    (
        "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F",
        VietQr(bank="970416", account="257678859", dynamic=False),
    ),
    (
        "00020101021138620010A000000727013200069710250118PSP1234567890000000208QRIBFTTA53037045802VN62190515MOMOW2W123456786304821F",
        VietQr(bank="971025", account="PSP123456789000000", dynamic=False),
    ),
    (
        "00020101021138620010A00000072701320006970454011899ZP24009M072482670208QRIBFTTA53037045802VN6304073C",
        VietQr(bank="970454", account="99ZP24009M07248267", dynamic=False),
    ),
    (
        "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN62150811Chuyen tien6304BBB8",
        VietQr(bank="970416", account="257678859", amount=1000, reference="Chuyen tien"),
    ),
    (
        "00020101021238540010A00000072701240006970436011010175956000208QRIBFTTA530370454061800005802VN62230819thanh toan don hang630470FA",
        VietQr(bank="970436", account="1017595600", amount=180_000, reference="thanh toan don hang"),
    ),
    (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E",
        VietQr(bank="970403", account="0011012345678", amount=180_000, reference="thanh toan don hang"),
    ),
    (
        "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
        VietQr(bank="970403", account="0011012345678", dynamic=False),
    ),
]
OTHER_SCHEMES = [
    "00020101021126610013vn.airpay.www014000000201010100064185noC4efDjGKq0or5GbeBz5204581253037045910RESTAURANT6009HOCHIMINH5802VN6304DA5C",
    "00020101021126280010A0000007750110010215477853037045802VN5912TUGIACOMPANY62310315TU GIA COMPUTER0708TUGIACO16304DF44",
    "00020101021126280010A000000775011001087990425204597753037045802VN5909MYPHAMHER6005HANOI62260311MY PHAM HER0707MPHER0163041C50",
    "00020101021002020103069084010411VNPayWallet071003933571580809Lê Anh Tú09051000010037041107content63042678",
]
BROKEN = [
    # the checksum is not the payload's
    (
        "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN62150811Chuyen tien6304BBB5",
        "checksum",
    ),
    (
        "00020101021238560010A0000007270138000697042201120123456789020208QRIBFTTA53037045405100005802VN62140810Thanh toan6304E6A9",
        "checksum",
    ),
    ("00020101021138570010A00000072701390006970422011301234567890200208QRIBFTTA53037045802VN63040000", "checksum"),
    ("00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA530370454061000005802VN63041D8E", "checksum"),
    ("00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN6304FFFF", "checksum"),
    ("00020101021138570010A00000072701390006970422011301234567890200208QRIBFTTA53037045802VN6304B7C9", "checksum"),
    ("00020101021138570010A00000072701390006970422011301234567890200208QRIBFTTA53037045802VN6304a3cf", "checksum"),
    # the checksum is right, the structure is not: the service nested inside the beneficiary
    ("00020101021138570010A00000072701390006970422011301234567890200208QRIBFTTA53037045802VN6304A3CF", "nested"),
    (
        "00020101021238570010A00000072701390006970422011301234567890200208QRIBFTTA53037045405100005802VN62350809Test Memo0706PAYBIL0908INV-20246304074A",
        "nested",
    ),
    # lengths that count bytes, or nothing at all
    (
        "00020101021238570010A00000072701390006970422011301234567890200208QRIBFTTA53037045405100005802VN62260822Thanh toán hóa đơn630432F8",
        "structure",
    ),
    ("00020101021138570010A00000072701270006970403011301234567020869QRIBFTTA53037045802VN630424F5", "structure"),
    ("00020101021138580010A00000072701250006970422011113012345678908020208QRIBFTTA53037045802VN63045E3F", "structure"),
    ("00020101021138570010A00000072701270006970436011234567890208QRIBFTTA53037045802VN6304C5A3", "length"),
]


@pytest.mark.parametrize(("payload", "transfer"), TRANSFERS)
def test_published_transfer_is_read(payload: str, transfer: VietQr) -> None:
    assert parse(payload) == transfer


@pytest.mark.parametrize("payload", OTHER_SCHEMES)
def test_other_schemes_are_read_but_are_no_vietqr(payload: str) -> None:
    assert read(payload)["00"] == "01"
    with pytest.raises(QrInvalid) as caught:
        parse(payload)
    assert caught.value.params["fault"] == "not_vietqr"


@pytest.mark.parametrize(("payload", "fault"), BROKEN)
def test_broken_payload_is_refused(payload: str, fault: str) -> None:
    with pytest.raises(QrInvalid) as caught:
        read(payload)
    assert caught.value.params["fault"] == fault


def test_we_build_what_others_published() -> None:
    payload = "00020101021238540010A00000072701240006970436011010175956000208QRIBFTTA530370454061800005802VN62230819thanh toan don hang630470FA"
    assert build(VietQr(bank="970436", account="1017595600", amount=180_000, reference="thanh toan don hang")) == payload


def test_checksum_is_ccitt_false() -> None:
    assert checksum("123456789") == "29B1"


def test_names_are_folded_and_cut() -> None:
    payload = build(VietQr("970436", "1", name="Trung tâm Phục vụ hành chính công phường Khánh Hậu", city="Đồng Tháp"))
    assert parse(payload).name == "Trung tam Phuc vu hanh ch"
    assert parse(payload).city == "Dong Thap"
    assert payload.isascii()


def test_fold_leaves_out_what_has_no_ascii() -> None:
    assert fold("Ủy ban – 人民\tđường  Đỗ") == "Uy ban duong Do"


@pytest.mark.parametrize(
    ("transfer", "at"),
    [
        (VietQr("97043", "1"), "38.01.00"),
        (VietQr("970436", ""), "38.01.01"),
        (VietQr("970436", "1" * 20), "38.01.01"),
        (VietQr("970436", "12 34"), "38.01.01"),
        (VietQr("970436", "1", service="QRIBFTTX"), "38.02"),
        (VietQr("970436", "1", amount=0), "54"),
        (VietQr("970436", "1", amount=vietqr.AMOUNT_MAX + 1), "54"),
        (VietQr("970436", "1", reference="A" * 26), "62.08"),
        (VietQr("970436", "1", reference="hồ sơ"), "62.08"),
    ],
)
def test_out_of_range_is_not_built(transfer: VietQr, at: str) -> None:
    with pytest.raises(QrInvalid) as caught:
        build(transfer)
    assert caught.value.params["at"] == at


def _sealed(body: str) -> str:
    """A payload with a right checksum, whatever its structure."""
    return body + "6304" + checksum(body + "6304")


_MERCHANT = "38540010A00000072701240006970436011010175956000208QRIBFTTA"


def _napas(beneficiary: str, service: str) -> str:
    merchant = f"0010A00000072701{len(beneficiary):02}{beneficiary}{service}"
    return _sealed(f"00020101021238{len(merchant):02}{merchant}53037045802VN")


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        ("", "version"),
        (_sealed("000202"), "version"),
        (_sealed("010212" + _MERCHANT), "version"),
        ("000201010212", "no_checksum"),
        (_sealed("000201010212")[:-1], "length"),
        (_sealed("000201" + "010212" + _MERCHANT) + "5802VN", "no_checksum"),
        (_sealed("000201010212010212"), "repeated"),
        (_sealed("0002010102125400"), "length"),
        (_sealed("000201010212٥٤01X"), "structure"),
        (_sealed("00020101021262050899A"), "length"),
        (_sealed("00020101021338540010A00000072701240006970436011010175956000208QRIBFTTA53037045802VN"), "initiation"),
        (_sealed("000201" + _MERCHANT + "53037045802VN"), "initiation"),
        (_sealed("000201010212" + _MERCHANT + "53038405802VN"), "currency"),
        (_sealed("000201010212" + _MERCHANT + "53037045802TH"), "country"),
        (_sealed("000201010212" + _MERCHANT + "530370454041e035802VN"), "amount"),
        (_sealed("000201010212" + _MERCHANT + "5303704540501.005802VN"), "amount"),
        (_sealed("000201010212" + _MERCHANT + "530370454040100" + "5802VN"), "amount"),
        (_napas("0003970" + "010212", "0208QRIBFTTA"), "bank"),
        (_napas("0106123456", "0208QRIBFTTA"), "bank"),
        (_napas("0006970436", "0208QRIBFTTA"), "account"),
        (_napas("0006970436" + "010412 4", "0208QRIBFTTA"), "account"),
        (_napas("0006970436" + "010212", ""), "service"),
        (_napas("0006970436" + "010212", "0208QRIBFTTX"), "service"),
        (_napas("0006970436" + "010212" + "0208QRIBFTTA", ""), "nested"),
        (_sealed("00020101021238140010A000000727"), "bank"),
    ],
)
def test_a_right_checksum_is_not_enough(payload: str, fault: str) -> None:
    with pytest.raises(QrInvalid) as caught:
        parse(payload)
    assert caught.value.params["fault"] == fault


transfers = st.builds(
    VietQr,
    bank=st.from_regex(r"[0-9]{6}", fullmatch=True, alphabet="0123456789"),
    account=st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", min_size=1, max_size=19),
    amount=st.none() | st.integers(1, vietqr.AMOUNT_MAX),
    reference=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=25),
    name=st.text(max_size=60),
    city=st.text(max_size=40),
    service=st.sampled_from(sorted(vietqr.SERVICES)),
    dynamic=st.booleans(),
)


@given(transfers)
def test_what_we_build_we_read(transfer: VietQr) -> None:
    again = parse(build(transfer))
    assert (again.bank, again.account, again.amount) == (transfer.bank, transfer.account, transfer.amount)
    assert (again.reference, again.service, again.dynamic) == (transfer.reference, transfer.service, transfer.dynamic)
    assert again.name == fold(transfer.name)[:25].strip()
    assert again.city == fold(transfer.city)[:15].strip()
    assert build(again) == build(transfer)


@given(transfers, st.data())
def test_one_changed_character_is_noticed(transfer: VietQr, data: st.DataObject) -> None:
    payload = build(transfer)
    at = data.draw(st.integers(0, len(payload) - 1))
    other = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    assume(other != payload[at])
    with pytest.raises(QrInvalid):
        parse(payload[:at] + other + payload[at + 1 :])


@given(st.text(max_size=120))
def test_no_text_makes_the_reader_fall_over(text: str) -> None:
    with pytest.raises(QrInvalid):
        parse(text)
