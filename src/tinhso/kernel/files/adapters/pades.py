"""PDF signatures with pyHanko (PAdES): places, preparing, embedding, timestamps.

Both ways of signing are one way: :func:`prepare` writes the revision with room for the signature and says what is to be
signed; whoever holds the key signs that; :func:`embed` checks the answer and puts it in. pyHanko takes 0.7 s to import, so
it is imported where it is used.
"""

import asyncio
import hashlib
import io
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tinhso.kernel.files.adapters.authority import Key, sign_with
from tinhso.kernel.files.adapters.press import Reserved
from tinhso.kernel.files.engine import cms
from tinhso.kernel.files.types import (
    FieldNotFree,
    PreparedSignature,
    SignatureMismatch,
    TimestampAway,
    UnableToSign,
)
from tinhso.lib.clock import TZ

DIGEST = "sha256"
_ROOM = 1536
"""Bytes kept free for one signature, or one timestamp of ours, beside its certificates: attributes and the signature itself."""
AGENCY_FIELD = "agency"
"""The last signature: after it nothing may be filled in any more."""


def add_places(pdf: bytes, places: Sequence[Reserved]) -> bytes:
    """Add an empty form field for each place, before anybody signs: what was there at the first signature may be filled later.

    The first signature locks everything but the other places; the agency's locks everything.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields  # noqa: PLC0415

    if not places:
        return pdf
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    later = [p.name for p in places if p.kind == "text"] + [AGENCY_FIELD]
    for place in places:
        if place.kind == "text":
            _add_text_field(writer, place)
            continue
        everything = place.name == AGENCY_FIELD
        fields.append_signature_field(
            writer,
            fields.SigFieldSpec(
                sig_field_name=place.name,
                on_page=place.page - 1,
                box=_box(writer, place),
                field_mdp_spec=fields.FieldMDPSpec(fields.FieldMDPAction.ALL)
                if everything
                else fields.FieldMDPSpec(fields.FieldMDPAction.EXCLUDE, fields=later),
            ),
        )
    return _written(writer)


def _written(writer: Any) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _exact_box(writer: Any, place: Reserved) -> tuple[float, float, float, float]:
    """The place in PDF's own coordinates (from the bottom left)."""
    page = writer.prev.find_page_for_modification(place.page - 1)[0].get_object()
    bottom = float(page["/MediaBox"][3]) - place.y - place.height
    return place.x, bottom, place.x + place.width, bottom + place.height


def _box(writer: Any, place: Reserved) -> tuple[int, int, int, int]:
    """The same in whole points."""
    left, bottom, right, top = (round(n) for n in _exact_box(writer, place))
    return left, bottom, right, top


def _add_text_field(writer: Any, place: Reserved) -> None:
    """A read-only text field without text, drawn as nothing, with its widget on the page."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string  # noqa: PLC0415

    left, bottom, right, top = _exact_box(writer, place)
    page_ref = writer.find_page_for_modification(place.page - 1)[0]
    nothing = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(generic.FloatObject(n) for n in (0, 0, right - left, top - bottom)),
            pdf_name("/Resources"): generic.DictionaryObject(),
        },
        stream_data=b"",
    )
    field = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): pdf_string(place.name),
            pdf_name("/TU"): pdf_string(place.name),
            pdf_name("/Ff"): generic.NumberObject(1),
            pdf_name("/F"): generic.NumberObject(4),
            pdf_name("/DA"): pdf_string(f"/{'Italic' if place.italic else 'Regular'} {place.size:g} Tf 0 g"),
            pdf_name("/Rect"): generic.ArrayObject(generic.FloatObject(n) for n in (left, bottom, right, top)),
            pdf_name("/P"): page_ref,
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(nothing)}),
        }
    )
    field_ref = writer.add_object(field)
    writer.register_annotation(page_ref, field_ref)
    if "/AcroForm" not in writer.root:
        writer.root[pdf_name("/AcroForm")] = writer.add_object(
            generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject()})
        )
        writer.update_root()
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.append(field_ref)
    writer.update_container(fields)


def open_fields(pdf: bytes) -> list[str]:
    """The names of the signature places not taken yet."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415

    return [name for name, value, _ in enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf))) if value is None]


def _fill(writer: Any, name: str, text: str, look: bytes) -> None:
    """Put text into a reserved place: the value for machines, ``look`` (a one-page PDF) for people."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415
    from pyhanko.pdf_utils.generic import pdf_name  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field.get("/T") == name and field.get("/FT") == "/Tx" and "/V" not in field:
            field[pdf_name("/V")] = generic.TextStringObject(text)
            drawing = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(look)))
            field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): drawing})
            writer.mark_update(reference)
            return
    raise FieldNotFree(field=name)


def text_places(pdf: bytes) -> dict[str, dict[str, Any]]:
    """The text places not filled yet: width, height and letter size in points, and whether in italics."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    root = PdfFileReader(io.BytesIO(pdf)).root
    found: dict[str, dict[str, Any]] = {}
    for field in root["/AcroForm"]["/Fields"] if "/AcroForm" in root else ():
        if field.get_object().get("/FT") == "/Tx" and "/V" not in field.get_object():
            left, bottom, right, top = (float(n) for n in field.get_object()["/Rect"])
            font, size = str(field.get_object()["/DA"]).split()[:2]
            found[str(field.get_object()["/T"])] = {
                "width": right - left,
                "height": top - bottom,
                "size": float(size),
                "italic": font == "/Italic",
            }
    return found


def place_size(pdf: bytes, field: str) -> tuple[float, float]:
    """Width and height of a signature place in points. FieldNotFree when it is taken or is not there; UnableToSign."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415

    try:
        for name, value, reference in enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf))):
            if name == field and value is None:
                left, bottom, right, top = (float(n) for n in reference.get_object()["/Rect"])
                return right - left, top - bottom
    except PdfError as error:
        raise UnableToSign(what=type(error).__name__) from error
    raise FieldNotFree(field=field)


def _stamp_style(look: bytes) -> Any:
    """A signature that looks like the one page of ``look``."""
    from pyhanko.pdf_utils import content, layout  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.stamp import StaticStampStyle  # noqa: PLC0415

    class Look(content.PdfContent):
        """The page of a PDF in memory."""

        def render(self) -> bytes:
            drawing = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(look)))
            self.resources.xobject["/Look"] = drawing
            x1, y1, x2, y2 = drawing.get_object()["/BBox"]
            self.box = layout.BoxConstraints(width=abs(x1 - x2), height=abs(y1 - y2))
            return b"/Look Do"

    whole = layout.SimpleBoxLayoutRule(
        x_align=layout.AxisAlignment.ALIGN_MIN, y_align=layout.AxisAlignment.ALIGN_MIN, margins=layout.Margins.uniform(0)
    )
    return StaticStampStyle(background=Look(), background_opacity=1.0, border_width=0, background_layout=whole)


def prepare(
    pdf: bytes,
    *,
    field: str,
    certificate: bytes,
    chain: Sequence[bytes],
    look: bytes,
    fills: Mapping[str, tuple[str, bytes]],
    when: datetime,
    name: str,
    room_for_time: int = 0,
) -> PreparedSignature:
    """Write the next revision with room for the signature of ``certificate`` (DER) in ``field``.

    ``fills`` are text and look of the places filled in the same revision, ``room_for_time`` bytes for a timestamp. The first
    signature of a document certifies it and allows filling in, so that a later change of anything else breaks it. Raises
    UnableToSign and FieldNotFree.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415
    from pyhanko.sign.general import SigningError  # noqa: PLC0415

    who = cms.identity(certificate)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        first = not list(writer.prev.embedded_signatures)
        for place, (text, drawing) in fills.items():
            _fill(writer, place, text, drawing)
        meta = signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm=DIGEST,
            subfilter=fields.SigSeedSubFilter.PADES,
            name=name,
            certify=first,
            docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        )
        session = signers.PdfSigner(meta, _outside_signer(certificate), stamp_style=_stamp_style(look)).init_signing_session(
            writer, existing_fields_only=True
        )
        session.system_time = when.astimezone(TZ)
        room = _ROOM + len(certificate) + sum(map(len, chain)) + room_for_time
        document = session.prepare_tbs_document(validation_info=None, bytes_reserved=2 * room)
        out: Any
        prepared, out = document.digest_tbs_document()
    except (PdfError, SigningError) as error:
        raise UnableToSign(what=type(error).__name__) from error
    return PreparedSignature(
        pdf=out.getvalue(),
        to_sign=cms.attributes(who, prepared.document_digest),
        document_digest=prepared.document_digest,
        digest_algorithm=DIGEST,
        reserved_start=prepared.reserved_region_start,
        reserved_end=prepared.reserved_region_end,
        certificate=certificate,
        field=field,
    )


def _outside_signer(certificate: bytes) -> Any:
    """pyHanko's view of a signer whose key is elsewhere. Only the PDF part is pyHanko's; the CMS is ours."""
    from asn1crypto import x509 as asn1  # noqa: PLC0415
    from pyhanko.sign.signers import ExternalSigner  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    return ExternalSigner(asn1.Certificate.load(certificate), SimpleCertificateStore(), signature_value=None)


def check_signature(prepared: PreparedSignature, signature: bytes) -> None:
    """SignatureMismatch unless ``signature`` is the certificate's over what was to be signed, and that fits the document: what
    was kept between the two halves may have been tampered with."""
    rest = prepared.pdf[: prepared.reserved_start] + prepared.pdf[prepared.reserved_end :]
    if hashlib.sha256(rest).digest() != prepared.document_digest or prepared.document_digest not in prepared.to_sign:
        raise SignatureMismatch(field=prepared.field)
    key = x509.load_der_x509_certificate(prepared.certificate).public_key()
    digest = hashes.SHA256()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, prepared.to_sign, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, prepared.to_sign, ec.ECDSA(digest))
        else:
            raise SignatureMismatch(field=prepared.field)
    except InvalidSignature as error:
        raise SignatureMismatch(field=prepared.field) from error


class Stamps(Protocol):
    """Where trusted time comes from."""

    @property
    def room(self) -> int:
        """Bytes that a token takes at most."""

    def token(self, digest: bytes) -> bytes:
        """A timestamp token (DER) over a SHA-256. TimestampAway when the authority does not answer."""


def embed(prepared: PreparedSignature, signature: bytes, *, chain: Sequence[bytes], timestamper: Stamps | None = None) -> bytes:
    """The signed PDF. SignatureMismatch when the signature is not right, TimestampAway when the authority does not answer,
    UnableToSign when its answer is longer than the room kept for it."""
    check_signature(prepared, signature)
    token = timestamper.token(hashlib.sha256(signature).digest()) if timestamper else None
    content = cms.signed_data(cms.identity(prepared.certificate), prepared.to_sign, signature, chain, timestamp=token).hex()
    start, end = prepared.reserved_start + 1, prepared.reserved_end - 1  # within the brackets < >
    if len(content) > end - start:
        raise UnableToSign(what="too little room")
    return prepared.pdf[:start] + content.encode().ljust(end - start, b"0") + prepared.pdf[end:]


@dataclass(frozen=True, slots=True)
class TimestampService:
    """A timestamp authority reached over HTTP (RFC 3161)."""

    url: str
    room: int = 8 * 1024

    def token(self, digest: bytes) -> bytes:
        """Ask it. TimestampAway."""
        from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError  # noqa: PLC0415

        try:
            answer = asyncio.run(HTTPTimeStamper(self.url, timeout=10).async_timestamp(digest, DIGEST))
        except (TimestampRequestError, OSError) as error:
            raise TimestampAway(what=type(error).__name__) from error
        return bytes(answer.dump())


@dataclass(frozen=True, slots=True)
class LocalTimestamps:
    """A timestamp authority inside this process, for demonstrations: its clock is ours."""

    certificate: bytes
    key: Key
    chain: Sequence[bytes]
    when: datetime

    @property
    def room(self) -> int:
        """Bytes that a token takes at most."""
        return _ROOM + len(self.certificate) + sum(map(len, self.chain))

    def token(self, digest: bytes, nonce: int | None = None) -> bytes:
        """Sign the time."""
        who = cms.identity(self.certificate)
        info = cms.time_info(digest, self.when, secrets.randbits(63), nonce)
        attributes = cms.attributes(who, hashlib.sha256(info).digest(), cms.TIME_INFO)
        return cms.signed_data(who, attributes, sign_with(self.key, attributes), self.chain, time_info=info)
