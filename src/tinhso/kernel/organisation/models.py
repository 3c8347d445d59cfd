"""Tables of the organisation: areas, units, posts, who holds them, and the working calendar; all dated.

Dates are half-open: a row holds from ``valid_from`` (inclusive) until ``valid_to`` (exclusive); None means "until further
notice". No two versions of one thing overlap: the database refuses it (migration 0002).
"""

import uuid

from django.db import models
from django.db.models import F, Q

from tinhso.kernel.organisation.types import AreaKind


class Dated(models.Model):
    """A row that holds for a time."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


def _ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name=name)


class Edition(models.Model):
    """Which edition of a set of facts is loaded. ``token`` changes with every write, so that caches know they are stale."""

    name = models.CharField(max_length=20, primary_key=True)
    token = models.UUIDField(default=uuid.uuid4)
    digest = models.CharField(max_length=64, blank=True)
    value = models.CharField(max_length=80, blank=True)
    """``home``: the code of the province that this installation serves."""


class Area(Dated):
    """One version of an administrative area. Codes were used again on 1/7/2025 (80 was Long An, now it is Tây Ninh)."""

    code = models.CharField(max_length=5)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in AreaKind])
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    parent = models.CharField(max_length=5, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    confirmed = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="area_version"),
            _ends_after_start("area_ends_after_start"),
        ]
        indexes = [models.Index(fields=["parent", "kind"], name="area_parent")]


class AreaSuccession(models.Model):
    """An area that went, whole or in part, into another on a date. ``main``: where an address goes when no more is known."""

    predecessor = models.ForeignKey("organisation.Area", models.CASCADE, related_name="successions")
    successor = models.ForeignKey("organisation.Area", models.CASCADE, related_name="origins")
    on = models.DateField()
    main = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="area_succession_once")]


class Unit(models.Model):
    """An agency or office for as long as it exists; everything that can change is in its versions."""

    key = models.CharField(max_length=80, unique=True)


class UnitVersion(Dated):
    """What a unit was called, whom it belonged to and which area it served in a time."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="versions")
    code = models.CharField(max_length=35)
    kind = models.CharField(max_length=40)
    speciality = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    short = models.CharField(max_length=60)
    parent = models.ForeignKey("organisation.Unit", models.PROTECT, null=True, related_name="child_versions")
    area = models.CharField(max_length=5, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="unit_version"),
            _ends_after_start("unit_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["kind", "area"], name="unit_kind_area"),
            models.Index(fields=["code"], name="unit_code"),
        ]


class Coverage(Dated):
    """An area that a unit serves besides (or instead of) the one it sits in: the communes of a land office branch."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="coverage")
    area = models.CharField(max_length=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "area", "valid_from"], name="coverage_once"),
            _ends_after_start("coverage_ends_after_start"),
        ]
        indexes = [models.Index(fields=["area"], name="coverage_area")]


class UnitSuccession(models.Model):
    """A unit whose work went to another on a date; a merge has several predecessors, a split several successors."""

    predecessor = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="successions")
    successor = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="origins")
    on = models.DateField()
    main = models.BooleanField(default=True)
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="unit_succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="unit_succeeds_another"),
        ]


class Post(Dated):
    """A seat in a unit ("Chánh Văn phòng"). A chief post heads the unit and has one holder at a time."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="posts")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    chief = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=50)
    """Order in lists: the chief is 10, deputies 20, others 50."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "code", "valid_from"], name="post_once"),
            models.UniqueConstraint(fields=["unit"], condition=Q(chief=True, valid_to=None), name="one_chief_post"),
            _ends_after_start("post_ends_after_start"),
        ]


class Official(models.Model):
    """A civil servant: a name, and through holdings the posts he has had. His account, if any, is identity's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)


class Holding(Dated):
    """A post held by an official for a time. ``chief`` repeats the post's, so that the database can refuse two at once."""

    post = models.ForeignKey("organisation.Post", models.PROTECT, related_name="holdings")
    official = models.ForeignKey("organisation.Official", models.PROTECT, related_name="holdings")
    chief = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "official", "valid_from"], name="holding_once"),
            models.UniqueConstraint(fields=["post"], condition=Q(chief=True, valid_to=None), name="one_chief"),
            _ends_after_start("holding_ends_after_start"),
        ]


class Delegation(Dated):
    """Roles lent by one official to another at a unit; always with an end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    giver = models.ForeignKey("organisation.Official", models.PROTECT, related_name="delegations_given")
    receiver = models.ForeignKey("organisation.Official", models.PROTECT, related_name="delegations_received")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="delegations")
    roles = models.JSONField(default=list)
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            _ends_after_start("delegation_ends_after_start"),
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="delegation_ends"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="delegation_to_another"),
        ]


class CalendarDay(models.Model):
    """A day that is not what its weekday says, by an act: off, or a make-up working day."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    legal_basis = models.CharField(max_length=200)
    confirmed = models.BooleanField(default=True)


class CalendarYear(models.Model):
    """A year whose official calendar (Tết, 2/9, swaps) is known; deadlines beyond the last one are provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    legal_basis = models.CharField(max_length=200)


class OfficeHours(models.Model):
    """When offices are open, from a date on; empty ``province`` for all provinces without hours of their own."""

    valid_from = models.DateField()
    province = models.CharField(max_length=5, blank=True)
    sessions = models.JSONField()
    """``[["07:30", "11:30"], ["13:00", "17:00"]]``"""
    weekdays = models.JSONField()
    """Ordinary working days, Monday 1 to Sunday 7."""
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province", "valid_from"], name="office_hours_version")]


class ClockPolicy(models.Model):
    """How time limits are counted, from a date on (types.ClockPolicy)."""

    valid_from = models.DateField(primary_key=True)
    rules = models.JSONField()
