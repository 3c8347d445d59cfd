"""Tables of files: stored files, published documents, signing certificates."""

import uuid

from django.db import models

from tinhso.kernel.files.types import KeyKind, KeyPlace, ScanState, Verdict


def _values(kinds: type[ScanState] | type[Verdict] | type[KeyKind] | type[KeyPlace]) -> list[str]:
    return [k.value for k in kinds]


class StoredFile(models.Model):
    """One file somebody handed in or the province made. Several rows may share one content (``sha256``).

    ``owner`` is a reference as text (``case:<uuid>``): the room below knows no cases. ``keep_until`` is the last day it must be
    kept, None for "as long as its owner". ``verdict`` and ``signatures`` say what the check of its signatures found when it
    came in.
    ``created_by`` is the pseudonymous actor id.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=130)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    pages = models.PositiveIntegerField(null=True)
    owner = models.CharField(max_length=80, db_index=True)
    keep_until = models.DateField(null=True)
    scan_state = models.CharField(max_length=12)
    scanned_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, null=True, db_index=True)
    signatures = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="files_storedfile_not_empty"),
            models.CheckConstraint(condition=models.Q(scan_state__in=_values(ScanState)), name="files_storedfile_scan_state"),
            models.CheckConstraint(
                condition=models.Q(verdict__isnull=True) | models.Q(verdict__in=_values(Verdict)),
                name="files_storedfile_verdict",
            ),
        ]
        indexes = [
            models.Index(fields=["created_by", "created_at"], name="files_by_whom_and_when"),
            models.Index(
                fields=["created_at"], name="files_waiting_scan", condition=models.Q(scan_state=ScanState.WAITING.value)
            ),
        ]


class PublishedDocument(models.Model):
    """A document that everybody who has its code may check. ``facts`` hold no personal data."""

    code = models.CharField(primary_key=True, max_length=12)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=80, db_index=True)
    facts = models.JSONField(default=dict)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)


class SigningCertificate(models.Model):
    """A certificate with which an official or an agency signs here. The private key is never in the database: it is in a
    file under ``HOME/keys/signing`` (place ``server``) or in the owner's own token.

    ``owner`` is ``official:<id>`` or ``unit:<key>``; ``keeper`` the unit whose officials keep the seal (văn thư), empty for a
    personal certificate.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=80, db_index=True)
    keeper = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=10)
    place = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=300)
    serial = models.CharField(max_length=64, unique=True)
    certificate = models.BinaryField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=_values(KeyKind)), name="files_certificate_kind"),
            models.CheckConstraint(condition=models.Q(place__in=_values(KeyPlace)), name="files_certificate_place"),
        ]
