"""A leader signs, the clerk numbers and seals: two signatures, both whole, made here or with a token."""

import http.server
import shutil
import subprocess
import threading
import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tinhso.kernel.files import api as files
from tinhso.kernel.files.adapters import authority, drawing, pades
from tinhso.kernel.files.tests import samples
from tinhso.kernel.files.types import (
    CertificateInvalid,
    FieldNotFree,
    KeyKind,
    KeyMissing,
    KeyPlace,
    NoCertificate,
    NoDemoAuthority,
    SignatureMismatch,
    SignerNotAllowed,
    TimestampAway,
    UnableToSign,
    Verdict,
)
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.lib import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_two_signatures_and_a_number_in_between(office):
    report = files.verify_pdf(office.issued())
    assert report.verdict is Verdict.VALID
    leader, seal = report.signatures
    assert (leader.signer, leader.organisation, leader.field) == ("Phạm Văn Hòa", "UBND phường Khánh Hậu", "leader")
    assert (seal.signer, seal.field) == ("UBND phường Khánh Hậu", "agency")
    assert not leader.covers_whole_file and seal.covers_whole_file
    assert leader.time_trusted and leader.signed_at == datetime(2026, 11, 22, 7, 5, 33, tzinfo=UTC)
    assert leader.revocation_known and leader.issuer == "Tinh So DEMO Issuing CA"
    assert files.verify_pdf(office.permit()).verdict is Verdict.UNSIGNED


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed")
def test_another_reader_agrees_and_sees_number_and_date(office, tmp_path):
    (tmp_path / "x.pdf").write_bytes(office.issued())
    said = subprocess.run(["pdfsig", "-nocert", str(tmp_path / "x.pdf")], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid") == 2
    assert "Total document signed" in said
    text = subprocess.run(["pdftotext", "-layout", str(tmp_path / "x.pdf"), "-"], capture_output=True, text=True, check=True)
    assert "Số: 12/GPXD-UBND" in text.stdout
    assert "ngày 22 tháng 11 năm 2026" in text.stdout
    fonts = subprocess.run(["pdffonts", str(tmp_path / "x.pdf")], capture_output=True, text=True, check=True).stdout
    assert all("Tinos" in line for line in fonts.splitlines()[2:])


def test_what_it_looks_like_changes_where_it_was_reserved(office):
    assert len({drawing.draw_pdf_page(pdf, 1, 900) for pdf in (office.permit(), office.signed(), office.issued())}) == 3


def test_the_ledger_has_hashes_of_before_and_after(office):
    import hashlib

    permit = office.permit()
    signed = files.sign(office.chairman, permit, "official:hoa", "leader")
    (entry,) = ledger.history(f"document:{hashlib.sha256(signed).hexdigest()}")
    assert entry.kind == "files.signed"
    assert entry.data["before"] == hashlib.sha256(permit).hexdigest()
    assert (entry.data["field"], entry.data["certificate_serial"]) == ("leader", office.leader.serial)
    assert entry.data["timestamped"] is True


def test_a_place_is_taken_once(office):
    signed = office.signed()
    for field in ("leader", "nowhere"):
        with pytest.raises(FieldNotFree):
            files.sign(office.chairman, signed, "official:hoa", field)
    with pytest.raises(FieldNotFree):
        files.sign(office.clerk, signed, "unit:pc", "agency", fills={"nowhere": "x"})
    assert pades.open_fields(signed) == ["agency"]
    assert pades.open_fields(office.issued()) == []


@pytest.mark.parametrize("data", [b"no pdf", b"%PDF-1.7\nbroken", samples.encrypted_pdf()])
def test_what_is_no_pdf_can_not_be_signed(office, data):
    with pytest.raises((UnableToSign, FieldNotFree)):
        files.sign(office.chairman, data, "official:hoa", "leader")


def test_a_key_is_used_by_whom_it_is_meant_for(office):
    stranger = Actor(id="account:duc", kind=ActorKind.OFFICIAL, unit="economic", official="duc")
    for actor, signer in (
        (stranger, "official:hoa"),
        (office.clerk, "official:hoa"),
        (stranger, "unit:pc"),
        (Actor(id="account:tham", kind=ActorKind.CITIZEN), "official:hoa"),
        (office.system, "unit:pc"),
    ):
        with pytest.raises(SignerNotAllowed):
            files.sign(actor, office.permit(), signer, "leader")
    with pytest.raises(NoCertificate):
        files.sign(office.chairman, office.permit(), "official:duc", "leader")
    for fn in (
        lambda: files.create_demo_ca(office.chairman),
        lambda: files.issue_demo_certificate(office.chairman, "official:hoa", KeyKind.PERSONAL, name="x", organisation="y"),
        lambda: files.revoke_certificate(stranger, office.leader.id),
    ):
        with pytest.raises(SignerNotAllowed):
            fn()


def test_the_agency_itself_may_use_its_seal(office):
    assert files.verify_pdf(files.sign(office.chairman, office.permit(), "unit:pc", "agency")).verdict is Verdict.VALID


def test_a_missing_key_is_said(office, home):
    (home / "keys" / "signing" / f"{office.leader.serial}.key").unlink()
    with pytest.raises(KeyMissing):
        office.signed()


def test_keys_are_ours_alone(office, home):
    keys = list((home / "keys").rglob("*.key"))
    assert len(keys) == 5
    assert {p.stat().st_mode & 0o777 for p in keys} == {0o600}


def test_revoked_expired_and_future_certificates_do_not_sign(office):
    assert files.signing_certificate("official:hoa") == office.leader
    with clock.at(datetime(2029, 1, 1, tzinfo=UTC)), pytest.raises(NoCertificate):
        office.signed()
    files.revoke_certificate(office.chairman, office.leader.id)
    again = files.revoke_certificate(office.system, office.leader.id)
    assert again.revoked_at is not None
    with pytest.raises(NoCertificate):
        office.signed()
    assert files.signing_certificate("official:hoa") is None
    assert [c.serial for c in files.certificates_of("official:hoa")] == [office.leader.serial]
    with pytest.raises(NoCertificate):
        files.revoke_certificate(office.system, "00000000-0000-0000-0000-000000000000")


def test_a_picture_of_handwriting_can_be_used(office):
    pdf = files.sign(office.chairman, office.permit(), "official:hoa", "leader", picture=samples.picture())
    assert files.verify_pdf(pdf).verdict is Verdict.VALID


def test_without_an_authority_there_are_no_demo_certificates(db):
    system = Actor(id="system:x", kind=ActorKind.SYSTEM)
    with pytest.raises(NoDemoAuthority):
        files.issue_demo_certificate(system, "official:x", KeyKind.PERSONAL, name="x", organisation="y")


def test_making_the_authority_twice_keeps_the_first(db, home):
    system = Actor(id="system:x", kind=ActorKind.SYSTEM)
    files.create_demo_ca(system)
    first = (home / "keys" / "demo-ca" / "root.crt").read_bytes()
    files.create_demo_ca(system)
    assert (home / "keys" / "demo-ca" / "root.crt").read_bytes() == first


# --- with a token ---------------------------------------------------------------------------------------------------------


class Token:
    """A stand-in for a USB token: it signs what it is given; its key never leaves it and never reaches the product."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.public_key = self._key.public_key()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())


@pytest.fixture
def token(office) -> Token:
    token = Token()
    files.issue_demo_token_certificate(
        office.system, "official:hoa", KeyKind.PERSONAL, token.public_key, name="Phạm Văn Hòa", organisation="UBND"
    )
    return token


def test_a_token_signs_elsewhere_and_only_its_signature_comes_back(office, token, home):
    prepared = files.prepare_signature(office.chairman, office.permit(), "official:hoa", "leader")
    assert prepared.digest_algorithm == "sha256" and prepared.field == "leader"
    signed = files.embed_signature(office.chairman, "official:hoa", prepared, token.sign(prepared.to_sign))
    assert files.verify_pdf(signed).verdict is Verdict.VALID
    serials = {c.serial for c in files.certificates_of("official:hoa") if c.place is KeyPlace.TOKEN}
    assert serials and not serials & {p.stem for p in (home / "keys").rglob("*.key")}
    sealed = files.sign(office.clerk, signed, "unit:pc", "agency", fills={"number": "12/GPXD-UBND"})
    assert [s.verdict for s in files.verify_pdf(sealed).signatures] == [Verdict.VALID, Verdict.VALID]


def test_a_wrong_signature_is_not_embedded(office, token):
    prepared = files.prepare_signature(office.chairman, office.permit(), "official:hoa", "leader")
    good = token.sign(prepared.to_sign)
    other = files.prepare_signature(office.chairman, office.permit("Lê Minh Tâm"), "official:hoa", "leader")
    for wrong, of in (
        (b"", prepared),
        (good[:-1] + bytes([good[-1] ^ 1]), prepared),
        (Token().sign(prepared.to_sign), prepared),
        (good, replace(prepared, pdf=other.pdf)),
        (good, replace(prepared, pdf=prepared.pdf.replace(b"/Rotate", b"/rotate").replace(b"%PDF-1.7", b"%PDF-1.6"))),
    ):
        with pytest.raises(SignatureMismatch):
            files.embed_signature(office.chairman, "official:hoa", of, wrong)
    elsewhere = replace(prepared, certificate=(office.folder / "root.crt").read_bytes())
    with pytest.raises(NoCertificate):
        files.embed_signature(office.chairman, "official:hoa", elsewhere, good)


def test_a_certificate_from_elsewhere_is_registered(office):
    certificate = authority.issue(
        office.folder, authority.Subject("Lan", "UBND"), Token().public_key, (clock.now(), clock.now() + timedelta(days=9))
    )
    view = files.register_certificate(office.system, "official:lan", KeyKind.PERSONAL, certificate)
    assert (view.place, view.name) == (KeyPlace.TOKEN, "Lan")
    stranger_key = Token()
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "Hòa")])
    builder = x509.CertificateBuilder(name, name, stranger_key.public_key, 6, clock.now() - DAY, clock.now() + DAY)
    foreign = builder.sign(stranger_key._key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    other = files.register_certificate(office.system, "official:lan", KeyKind.PERSONAL, foreign)
    assert files.revoke_certificate(office.clerk, other.id).revoked_at == clock.now()
    with pytest.raises(CertificateInvalid):
        files.register_certificate(office.system, "official:lan", KeyKind.PERSONAL, b"rubbish")


# --- time -----------------------------------------------------------------------------------------------------------------


def test_a_demo_certificate_outlives_its_authority_without_time_or_chain(office, home):
    """Keys in service and the authority's folder gone: signing goes on as B-B, and nobody here trusts the result."""
    office.folder.rename(home / "elsewhere")
    pdf = office.signed()
    (signature,) = files.verify_pdf(pdf).signatures
    assert (signature.verdict, signature.time_trusted) == (Verdict.UNTRUSTED, False)
    with pytest.raises(NoDemoAuthority):
        authority.timestamp_pair(office.folder)


def test_a_token_may_hold_an_elliptic_curve_key_and_nothing_stranger(office):
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    def certified(key) -> bytes:
        name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "Hòa")])
        builder = x509.CertificateBuilder(name, name, key.public_key(), 5, clock.now() - DAY, clock.now() + DAY)
        digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
        return builder.sign(key, digest).public_bytes(serialization.Encoding.DER)

    curve, strange = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
    owner = "official:hoa"
    files.register_certificate(office.system, owner, KeyKind.PERSONAL, certified(curve))
    prepared = files.prepare_signature(office.chairman, office.permit(), owner, "leader")
    signed = files.embed_signature(office.chairman, owner, prepared, curve.sign(prepared.to_sign, ec.ECDSA(hashes.SHA256())))
    assert files.verify_pdf(signed).verdict is Verdict.UNTRUSTED
    with pytest.raises(SignatureMismatch):
        pades.check_signature(replace(prepared, certificate=certified(strange)), b"x")


class TimeAuthority(threading.Thread):
    """An RFC 3161 authority over HTTP on this machine."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        stamps = pades.LocalTimestamps(*authority.timestamp_pair(folder), authority.chain(folder)[:1], clock.now())

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
                token = stamps.token(asked["message_imprint"]["hashed_message"].native, asked["nonce"].native)
                answer = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)})
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(answer.dump())

            def log_message(self, *args: object) -> None:
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.start()

    def run(self) -> None:
        self.server.serve_forever()


def test_time_comes_from_an_authority_over_http(office, settings):
    there = TimeAuthority(office.folder)
    settings.FILES = {"timestamps": f"http://127.0.0.1:{there.server.server_port}/"}
    try:
        (signature,) = files.verify_pdf(office.signed()).signatures
    finally:
        there.server.shutdown()
        there.server.server_close()
    assert signature.time_trusted and signature.verdict is Verdict.VALID


def test_a_silent_timestamp_authority_stops_signing(office, settings):
    settings.FILES = {"timestamps": "http://127.0.0.1:9/tsa"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(TimestampAway):
            office.signed()


def test_signing_takes_few_statements(office, statements):
    permit = office.permit()
    with statements(2):
        files.sign(office.chairman, permit, "official:hoa", "leader")
