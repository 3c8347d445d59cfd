"""What a report has beside its case: where it lies, which one it was joined to, and what of it is public."""

from django.db import models


class Report(models.Model):
    """One report. ``case`` is where it stands; ``commune``, ``category`` and the point repeat the form, so that neighbours are
    found. ``public_*`` is all that anybody may read, written by an official; nothing else of a report is ever shown."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    commune = models.CharField(max_length=20)
    category = models.CharField(max_length=40)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    filed_at = models.DateTimeField()
    main = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    """The report that this one was joined to; that one is joined to none."""
    answer = models.TextField(blank=True)
    """What the office says, for the reporters: a draft until it is answered."""
    answered_at = models.DateTimeField(null=True)
    public_text = models.TextField(blank=True)
    public_place = models.CharField(max_length=250, blank=True)
    photos = models.JSONField(default=list)
    """Ids of the photos that may be seen by anybody, in order."""
    published_at = models.DateTimeField(null=True)
    """Null: not public (yet, or any more)."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | ~models.Q(public_text=""), name="feedback_public_text"
            ),
            models.CheckConstraint(condition=~models.Q(main=models.F("id")), name="feedback_not_its_own_main"),
        ]
        indexes = [
            models.Index(fields=["commune", "category", "-filed_at"], name="feedback_near"),
            models.Index(
                fields=["-published_at", "-id"], condition=models.Q(published_at__isnull=False), name="feedback_public"
            ),
        ]
