"""Certificates, and signing with them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from tinhso.kernel.files.adapters import authority, pades
from tinhso.kernel.files.adapters.judging import Made
from tinhso.kernel.files.checking import chain_of, demo_folder, remember
from tinhso.kernel.files.engine.unsigned import never_signed
from tinhso.kernel.files.models import SigningCertificate
from tinhso.kernel.files.printing import render_look
from tinhso.kernel.files.queries import certificate_row, certificate_view
from tinhso.kernel.files.types import (
    CertificateInvalid,
    CertificateIssued,
    CertificateRevoked,
    CertificateView,
    FileSigned,
    KeyKind,
    KeyMissing,
    KeyPlace,
    NoCertificate,
    PreparedSignature,
    SignerNotAllowed,
)
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.lib.clock import TZ, now


def _key_file(serial: str) -> Path:
    return Path(settings.HOME) / "keys" / "signing" / f"{serial}.key"


def _installation_only(actor: Actor) -> None:
    """Certificates are given out by the installation (a command, the demonstration), never from a screen."""
    if actor.kind is not ActorKind.SYSTEM:
        raise SignerNotAllowed(owner="")


@ledger.operation
def create_demo_ca(actor: Actor) -> None:
    """Make the demonstration authority in ``HOME/keys/demo-ca``; from then on its certificates are trusted here. For
    demonstrations and tests only: never made by itself. SignerNotAllowed unless the installation itself acts."""
    _installation_only(actor)
    authority.create(demo_folder(), now())


@ledger.operation
def issue_demo_certificate(
    actor: Actor,
    owner: str,
    kind: KeyKind,
    *,
    name: str,
    organisation: str,
    title: str = "",
    region: str = "",
    keeper: str = "",
    span: tuple[datetime, datetime] | None = None,
) -> CertificateView:
    """A key on this server and its certificate, for ``owner`` (``official:<id>`` or ``unit:<key>``).

    ``keeper`` is the unit whose officials keep an agency's seal; ``region`` stands on the seal's lower rim. Valid for two years
    unless ``span`` says otherwise. NoDemoAuthority, SignerNotAllowed.
    """
    _installation_only(actor)
    key = authority.new_key()
    subject = authority.Subject(name, organisation, title, region)
    certificate = authority.issue(
        demo_folder(), subject, key.public_key(), span or (now() - timedelta(days=1), now() + timedelta(days=730))
    )
    authority.keep_key(_key_file(authority.facts(certificate).serial), lambda: key)
    return _register(owner, kind, KeyPlace.SERVER, certificate, keeper)


@ledger.operation
def issue_demo_token_certificate(
    actor: Actor, owner: str, kind: KeyKind, public_key: authority.PublicKey, *, name: str, organisation: str, keeper: str = ""
) -> CertificateView:
    """A certificate of the demonstration authority for a key that stays in its owner's token."""
    _installation_only(actor)
    span = (now() - timedelta(days=1), now() + timedelta(days=730))
    subject = authority.Subject(name, organisation)
    certificate = authority.issue(demo_folder(), subject, public_key, span)
    return _register(owner, kind, KeyPlace.TOKEN, certificate, keeper)


@ledger.operation
def register_certificate(actor: Actor, owner: str, kind: KeyKind, certificate: bytes, *, keeper: str = "") -> CertificateView:
    """Let ``owner`` sign here with a token whose ``certificate`` (DER) others issued. CertificateInvalid, SignerNotAllowed."""
    _installation_only(actor)
    return _register(owner, kind, KeyPlace.TOKEN, certificate, keeper)


def _register(owner: str, kind: KeyKind, place: KeyPlace, certificate: bytes, keeper: str) -> CertificateView:
    try:
        facts = authority.facts(certificate)
    except ValueError as error:
        raise CertificateInvalid(owner=owner) from error
    row = SigningCertificate.objects.create(
        owner=owner,
        keeper=keeper,
        kind=kind.value,
        place=place.value,
        name=facts.subject.name[:200],
        organisation=facts.subject.organisation[:300],
        serial=facts.serial,
        certificate=certificate,
        not_before=facts.not_before,
        not_after=facts.not_after,
        created_at=now(),
    )
    entry = CertificateIssued(
        owner=owner, serial=facts.serial, key_kind=kind.value, place=place.value, not_after=facts.not_after.date()
    )
    ledger.append(f"certificate:{facts.serial}", entry, after=0)
    return certificate_view(row)


@ledger.operation
def revoke_certificate(actor: Actor, certificate_id: str) -> CertificateView:
    """Never sign with it again; a demonstration certificate enters the authority's list. Its owner and the installation may."""
    row = SigningCertificate.objects.select_for_update().filter(pk=certificate_id).first()
    if row is None:
        raise NoCertificate(owner="")
    if actor.kind is not ActorKind.SYSTEM and not _may_use(actor, row):
        raise SignerNotAllowed(owner=row.owner)
    if row.revoked_at is None:
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        if authority.facts(bytes(row.certificate)).demo:
            revoked = SigningCertificate.objects.filter(revoked_at__isnull=False).values_list("serial", "revoked_at")
            authority.revoke(demo_folder(), {int(s, 16): at for s, at in revoked if at}, now())
        ledger.append(f"certificate:{row.serial}", CertificateRevoked(owner=row.owner, serial=row.serial))
    return certificate_view(row)


def _may_use(actor: Actor, row: SigningCertificate) -> bool:
    """A personal key is its owner's alone; a seal is used by officials of the unit that keeps it (or of the agency)."""
    if actor.official is None:
        return False
    if row.kind == KeyKind.PERSONAL:
        return row.owner == f"official:{actor.official}"
    at = {actor.unit, *(g.unit for g in actor.grants)}
    return row.owner.removeprefix("unit:") in at or (row.keeper != "" and row.keeper in at)


def _allowed_row(actor: Actor, signer: str, place: KeyPlace) -> SigningCertificate:
    row = certificate_row(signer, place)
    if not _may_use(actor, row):
        raise SignerNotAllowed(owner=signer)
    return row


@ledger.operation
def sign(
    actor: Actor,
    pdf: bytes,
    signer: str,
    field: str,
    *,
    fills: Mapping[str, str] | None = None,
    picture: bytes | None = None,
) -> bytes:
    """The PDF with one more signature, made with ``signer``'s key on this server (PAdES B-T where time can be had, else B-B).

    ``signer`` is ``official:<id>`` or ``unit:<key>``; ``field`` a place the template reserved; ``fills`` text for reserved
    places (number, date), put in by the same revision; ``picture`` a PNG of the handwriting or the seal. Earlier signatures
    stay whole. Raises NoCertificate, SignerNotAllowed, KeyMissing, FieldNotFree, UnableToSign, TimestampAway.
    """
    row = _allowed_row(actor, signer, KeyPlace.SERVER)
    try:
        key = authority.read_key(_key_file(row.serial))
    except FileNotFoundError as error:
        raise KeyMissing(owner=signer) from error
    when = now()
    prepared = _prepare(row, pdf, field, fills or {}, picture, when)
    signature = authority.sign_with(key, prepared.to_sign)
    return _embed(row, prepared, signature, pdf, when if never_signed(pdf) else None)


@ledger.operation
def prepare_signature(
    actor: Actor,
    pdf: bytes,
    signer: str,
    field: str,
    *,
    fills: Mapping[str, str] | None = None,
    picture: bytes | None = None,
) -> PreparedSignature:
    """The first half of signing with a token: what it has to sign (RSA PKCS#1 v1.5 or ECDSA over SHA-256 of ``to_sign``).

    Parameters and errors as :func:`sign`; the second half is :func:`embed_signature`.
    """
    return _prepare(_allowed_row(actor, signer, KeyPlace.TOKEN), pdf, field, fills or {}, picture, now())


@ledger.operation
def embed_signature(actor: Actor, signer: str, prepared: PreparedSignature, signature: bytes) -> bytes:
    """The second half: the signed PDF. SignatureMismatch when ``signature`` is not this certificate's over this document."""
    row = _allowed_row(actor, signer, KeyPlace.TOKEN)
    if bytes(row.certificate) != prepared.certificate:
        raise NoCertificate(owner=signer)
    return _embed(row, prepared, signature)


def _prepare(
    row: SigningCertificate, pdf: bytes, field: str, fills: Mapping[str, str], picture: bytes | None, when: datetime
) -> PreparedSignature:
    """Draw the signature, fill in the text, leave room."""
    width, height = pades.place_size(pdf, field)
    facts = authority.facts(bytes(row.certificate))
    data: dict[str, Any] = {
        "width": width,
        "height": height,
        "name": row.name,
        "organisation": row.organisation,
        "time": when.astimezone(TZ).strftime("%d/%m/%Y %H:%M:%S +07:00"),
        "picture": "picture.png" if picture else None,
        "region": facts.subject.locality,
        "demo": facts.demo,
    }
    pictures = {"picture.png": picture} if picture else None
    day = when.astimezone(TZ).date()
    look = render_look("person" if row.kind == KeyKind.PERSONAL else "seal", data, day=day, pictures=pictures)
    places = pades.text_places(pdf) if fills else {}
    drawn = {
        name: (text, render_look("text", {"text": text, **places[name]}, day=day) if name in places else b"")
        for name, text in fills.items()
    }
    return pades.prepare(
        pdf,
        field=field,
        certificate=bytes(row.certificate),
        chain=chain_of(bytes(row.certificate)),
        look=look,
        fills=drawn,
        when=when,
        name=row.name,
        room_for_time=stamps.room if (stamps := _timestamps(facts.demo)) else 0,
    )


def _embed(
    row: SigningCertificate,
    prepared: PreparedSignature,
    signature: bytes,
    before: bytes | None = None,
    when: datetime | None = None,
) -> bytes:
    """Put the signature in and write it down. ``when`` is given if all of ``before``, which nobody had signed, and of the
    signature was made here: then its verdict is known and need not be worked out again when it is stored."""
    certificate = bytes(row.certificate)
    stamps, chain = _timestamps(authority.facts(certificate).demo), chain_of(certificate)
    signed = pades.embed(prepared, signature, chain=chain, timestamper=stamps)
    after = hashlib.sha256(signed).hexdigest()
    local = stamps if isinstance(stamps, pades.LocalTimestamps) else None
    if when is not None and stamps is local:  # what another authority answers is not known without reading it
        stamped = (local.certificate, local.when) if local else None
        remember(Made(after, certificate, tuple(chain), prepared.field, when, stamped))
    entry = FileSigned(
        before=hashlib.sha256(before).hexdigest() if before is not None else prepared.document_digest.hex(),
        after=after,
        field=prepared.field,
        certificate_serial=row.serial,
        signer=row.owner,
        place=row.place,
        timestamped=stamps is not None,
    )
    ledger.append(f"document:{after}", entry, after=0)
    return signed


def _timestamps(demo: bool) -> pades.Stamps | None:
    """Where trusted time comes from: the authority of the settings, the demonstration's own, or nowhere."""
    address = str(getattr(settings, "FILES", {}).get("timestamps", ""))
    if address:
        return pades.TimestampService(address)
    if demo and authority.exists(demo_folder()):
        return pades.LocalTimestamps(*authority.timestamp_pair(demo_folder()), authority.chain(demo_folder())[:1], now())
    return None
