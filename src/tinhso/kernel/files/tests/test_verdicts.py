"""A changed byte, an expired, a revoked and an untrusted certificate are four verdicts, never one for another."""

import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from tinhso.kernel.files import api as files
from tinhso.kernel.files.adapters import authority, judging, pades
from tinhso.kernel.files.checking import trusted
from tinhso.kernel.files.models import SigningCertificate, StoredFile
from tinhso.kernel.files.printing import render_look
from tinhso.kernel.files.tests import samples
from tinhso.kernel.files.tests.conftest import NOON
from tinhso.kernel.files.types import KeyKind, UnableToSign, Verdict
from tinhso.lib import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def without_time(monkeypatch):
    """Signatures without a trusted time: judged now."""
    monkeypatch.setattr("tinhso.kernel.files.operations.signing._timestamps", lambda demo: None)


def verdict(pdf: bytes) -> Verdict:
    return files.verify_pdf(pdf).verdict


def only(pdf: bytes):
    (signature,) = files.verify_pdf(pdf).signatures
    return signature


# --- changed --------------------------------------------------------------------------------------------------------------


def test_any_changed_byte_of_what_was_signed_is_changed(office):
    pdf = office.signed()
    start = pdf.index(b"/Contents <") + 11
    end = pdf.index(b">", start)
    for at in [*range(200, start, start // 20), start - 5, end - 9, *range(end + 1, len(pdf), (len(pdf) - end) // 9)]:
        altered = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
        assert verdict(altered) is Verdict.CHANGED, at


def test_a_changed_byte_in_the_first_of_two_revisions_breaks_both(office):
    pdf = office.issued()
    at = pdf.index(b"stream") + 40
    altered = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    assert {s.verdict for s in files.verify_pdf(altered).signatures} == {Verdict.CHANGED}


def test_a_changed_byte_in_the_signature_or_the_signers_certificate_is_never_valid(office):
    pdf = office.signed()
    serial = pdf.lower().index(office.leader.serial.encode())
    contents = pdf.index(b"/Contents <")
    for at in (serial + 4, serial + 900, contents + 30):
        altered = pdf[:at] + (b"0" if pdf[at : at + 1] != b"0" else b"1") + pdf[at + 1 :]
        assert verdict(altered) in {Verdict.CHANGED, Verdict.UNTRUSTED}


def increment(pdf: bytes, change) -> bytes:
    """Append a revision in which ``change(writer)`` did something, as a forger would."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def overwrite_page(writer) -> None:
    from pyhanko.pdf_utils import generic

    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def refill_number(writer) -> None:
    from pyhanko.pdf_utils import generic

    field = next(f for r in writer.root["/AcroForm"]["/Fields"] if (f := r.get_object())["/T"] == "number")
    field["/V"] = generic.TextStringObject("99/GPXD-UBND")
    writer.update_container(field)


@pytest.mark.parametrize("change", [overwrite_page, refill_number])
def test_a_revision_that_changes_a_sealed_document_is_changed(office, change):
    report = files.verify_pdf(increment(office.issued(), change))
    assert report.verdict is Verdict.CHANGED
    assert not any(s.covers_whole_file for s in report.signatures)


def test_a_page_changed_after_the_leader_signed_is_changed_whatever_is_sealed_afterwards(office):
    forged = increment(office.signed(), overwrite_page)
    sealed = files.sign(office.clerk, forged, "unit:pc", "agency")
    leader, seal = files.verify_pdf(sealed).signatures
    assert (leader.verdict, seal.verdict) == (Verdict.CHANGED, Verdict.VALID)
    assert verdict(sealed) is Verdict.CHANGED


def test_an_archival_timestamp_afterwards_breaks_nothing(office):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfTimeStamper
    from pyhanko.sign.timestamps import TimeStamper

    chain = authority.chain(office.folder)[:1]
    stamps = pades.LocalTimestamps(*authority.timestamp_pair(office.folder), chain, NOON)

    class Ours(TimeStamper):
        async def async_timestamp(self, message_digest, md_algorithm):
            return cms.ContentInfo.load(stamps.token(message_digest))

    writer = IncrementalPdfFileWriter(io.BytesIO(office.issued()))
    archived = PdfTimeStamper(Ours()).timestamp_pdf(writer, "sha256").getvalue()
    report = files.verify_pdf(archived)
    assert (report.verdict, len(report.signatures)) == (Verdict.VALID, 2)


def test_a_document_closed_to_changes_is_not_signed_again(office):
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    certificate, key = issued_by(office.folder, (NOON - DAY, NOON + DAY))
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = signers.SimpleSigner(asn1.Certificate.load(certificate), keys.PrivateKeyInfo.load(der), SimpleCertificateStore())
    meta = signers.PdfSignatureMetadata("leader", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
    closed = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(office.permit())), meta, signer).getvalue()
    with pytest.raises(UnableToSign):
        files.sign(office.clerk, closed, "unit:pc", "agency")


# --- expired --------------------------------------------------------------------------------------------------------------


def test_expired_without_a_trusted_time(office, without_time):
    pdf = office.signed()
    assert verdict(pdf) is Verdict.VALID
    signature = only(pdf)
    assert not signature.time_trusted and signature.signed_at == NOON
    with clock.at(office.leader.not_after + DAY):
        assert verdict(pdf) is Verdict.EXPIRED
    with clock.at(office.leader.not_before - DAY):
        assert verdict(pdf) is Verdict.EXPIRED


def test_a_trusted_time_keeps_it_good_after_the_certificate_expired(office):
    pdf = office.signed()
    with clock.at(office.leader.not_after + 400 * DAY):
        assert verdict(pdf) is Verdict.VALID


# --- revoked --------------------------------------------------------------------------------------------------------------


def test_revoked_without_a_trusted_time(office, without_time):
    pdf = office.signed()
    with clock.at(NOON + DAY):
        files.revoke_certificate(office.chairman, office.leader.id)
        assert verdict(pdf) is Verdict.REVOKED
        assert only(pdf).revoked_at == NOON + DAY
    with clock.at(office.leader.not_after + DAY):
        assert verdict(pdf) is Verdict.REVOKED


def test_signed_before_it_was_revoked_stays_good_when_the_time_is_trusted(office):
    pdf = office.signed()
    with clock.at(NOON + DAY):
        files.revoke_certificate(office.chairman, office.leader.id)
        assert verdict(pdf) is Verdict.VALID
        assert verdict(office_signs_with_a_stolen_key(office)) is Verdict.REVOKED


def office_signs_with_a_stolen_key(office) -> bytes:
    """A thief signs after the revocation, with an honest timestamp."""
    certificate = bytes(SigningCertificate.objects.get(pk=office.leader.id).certificate)
    key = authority.read_key(office.folder.parent / "signing" / f"{office.leader.serial}.key")
    return sign_with(office, certificate, key, stamped=True)


def sign_with(office, certificate: bytes, key, chain: tuple[bytes, ...] | None = None, stamped: bool = False) -> bytes:
    """Sign the permit around every permission, as a stranger would."""
    pdf = office.permit()
    width, height = pades.place_size(pdf, "leader")
    data = {"width": width, "height": height, "name": "x", "organisation": "y", "time": "z", "picture": None}
    links = authority.chain(office.folder)[:1] if chain is None else list(chain)
    look = render_look("person", data, day=NOON.date())
    stamps = pades.LocalTimestamps(*authority.timestamp_pair(office.folder), links, clock.now())
    prepared = pades.prepare(
        pdf,
        field="leader",
        certificate=certificate,
        chain=links,
        look=look,
        fills={},
        when=clock.now(),
        name="x",
        room_for_time=stamps.room,
    )
    return pades.embed(
        prepared, authority.sign_with(key, prepared.to_sign), chain=links, timestamper=stamps if stamped else None
    )


# --- untrusted ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stranger(tmp_path_factory) -> Path:
    """Somebody else's authority, with the very same names."""
    folder = tmp_path_factory.mktemp("stranger") / "ca"
    authority.create(folder, datetime(2026, 11, 1, tzinfo=UTC))
    return folder


def issued_by(folder: Path, span: tuple[datetime, datetime]):
    key = authority.new_key()
    subject = authority.Subject("Phạm Văn Hòa", "UBND phường Khánh Hậu")
    return authority.issue(folder, subject, key.public_key(), span), key


def test_an_authority_with_our_names_and_another_key_is_untrusted(office, stranger):
    certificate, key = issued_by(stranger, (NOON - DAY, NOON + DAY))
    pdf = sign_with(office, certificate, key, tuple(authority.chain(stranger)))
    assert verdict(pdf) is Verdict.UNTRUSTED
    assert only(pdf).signer == "Phạm Văn Hòa"


def test_an_untrusted_certificate_that_has_also_expired_is_untrusted(office, stranger):
    certificate, key = issued_by(stranger, (NOON - DAY, NOON + DAY))
    pdf = sign_with(office, certificate, key, tuple(authority.chain(stranger)))
    with clock.at(NOON + 100 * DAY):
        assert verdict(pdf) is Verdict.UNTRUSTED


def test_ours_without_our_authority_is_untrusted_and_a_trust_folder_changes_that(office, home):
    pdf = office.issued()
    (home / "trust").mkdir()
    demo = home / "keys" / "demo-ca"
    demo.rename(home / "elsewhere")
    assert verdict(pdf) is Verdict.UNTRUSTED
    root = x509.load_der_x509_certificate((home / "elsewhere" / "root.crt").read_bytes())
    (home / "trust" / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    report = files.verify_pdf(pdf)
    assert report.verdict is Verdict.VALID
    assert not report.signatures[0].revocation_known
    crl = x509.load_der_x509_crl((home / "elsewhere" / "issuing.crl").read_bytes())
    (home / "trust" / "issuing.crl").write_bytes(crl.public_bytes(serialization.Encoding.PEM))
    (home / "trust" / "root.crl").write_bytes((home / "elsewhere" / "root.crl").read_bytes())
    assert files.verify_pdf(pdf).signatures[0].revocation_known


def test_a_list_signed_by_a_stranger_revokes_nothing(office, home, stranger, without_time):
    pdf = office.signed()
    authority.revoke(stranger, {int(office.leader.serial, 16): NOON - DAY}, NOON)
    (home / "trust").mkdir()
    (home / "trust" / "false.crl").write_bytes((stranger / "issuing.crl").read_bytes())
    assert verdict(pdf) is Verdict.VALID


def test_a_timestamp_by_a_stranger_does_not_count(office, stranger, monkeypatch):
    stamps = pades.LocalTimestamps(*authority.timestamp_pair(stranger), authority.chain(stranger), NOON)
    monkeypatch.setattr("tinhso.kernel.files.operations.signing._timestamps", lambda demo: stamps)
    pdf = office.signed()
    assert not only(pdf).time_trusted
    with clock.at(office.leader.not_after + DAY):
        assert verdict(pdf) is Verdict.EXPIRED


def test_a_self_signed_certificate_is_untrusted(office):
    key = authority.new_key()
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "Ai đó")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(77)
        .not_valid_before(NOON - DAY)
        .not_valid_after(NOON + DAY)
        .sign(key, hashes.SHA256())
    )
    pdf = sign_with(office, certificate.public_bytes(serialization.Encoding.DER), key, ())
    assert verdict(pdf) is Verdict.UNTRUSTED


# --- neither --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"%PDF-1.7 broken", samples.encrypted_pdf(), b"%PDF-1.7 /ByteRange [0 1 2 3]", samples.picture()],
)
def test_what_can_not_be_read_is_unreadable(db, data):
    assert verdict(data) is Verdict.UNREADABLE


def test_a_kind_of_signature_from_before_pades_is_unreadable_not_changed(office):
    pdf = office.signed().replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1 ")
    assert verdict(pdf) is Verdict.UNREADABLE


def test_no_signature_is_unsigned(db):
    assert verdict(samples.small_pdf()) is Verdict.UNSIGNED


def test_an_empty_place_is_unsigned(office):
    assert verdict(office.permit()) is Verdict.UNSIGNED
    assert verdict(samples.small_pdf(trailer=b"/ByteRange[0 0 0 0]")) is Verdict.UNSIGNED


def test_cut_short_anywhere_never_raises_and_is_never_valid(office):
    pdf = office.issued()
    for size in range(0, len(pdf) - 1, len(pdf) // 40):
        assert verdict(pdf[:size]) is not Verdict.VALID


def test_a_signed_upload_carries_its_verdict_as_data(office, actor):
    ref = files.store(actor, "giay-phep.pdf", office.issued(), owner="draft:1")
    assert ref.verdict is Verdict.VALID
    plain = files.store(actor, "don.pdf", samples.small_pdf(), owner="draft:1")
    photo = files.store(actor, "anh.png", samples.picture(), owner="draft:1")
    assert (plain.verdict, photo.verdict) == (Verdict.UNSIGNED, None)
    row = StoredFile.objects.get(verdict="valid")
    assert [s["signer"] for s in row.signatures] == ["Phạm Văn Hòa", "UBND phường Khánh Hậu"]
    assert row.signatures[0]["signed_at"].startswith("2026-11-22T07:05:33")


def test_verifying_is_quick(office):
    """Target 50 ms on a quiet machine; the bound catches an order of magnitude, not a busy neighbour."""
    pdf = office.signed()
    files.verify_pdf(pdf)
    times = []
    for _ in range(7):
        start = time.process_time()
        judging.judge(pdf, trusted(), NOON)
        times.append(time.process_time() - start)
    assert min(times) < 0.2


def test_a_seal_of_the_kind_and_two_agencies_do_not_mix(office):
    other = files.issue_demo_certificate(
        office.system, "unit:other", KeyKind.AGENCY, name="Sở Xây dựng", organisation="Sở Xây dựng", keeper="office"
    )
    pdf = files.sign(office.clerk, office.signed(), "unit:other", "agency")
    assert files.verify_pdf(pdf).signatures[1].signer == other.name
