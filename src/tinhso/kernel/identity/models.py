"""Tables of identity: accounts, parties, memberships, who looked at whom, and the mark of a demo."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models.functions import Lower

from tinhso.kernel.identity.types import AccountKind, Assurance, PartyKind, Purpose
from tinhso.kernel.ledger.types import Grant


def _choices(kinds: type[AccountKind] | type[PartyKind]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class Party(models.Model):
    """A person, household or business that the province deals with; it may have an account or none.

    The identifier (personal number, business code) is kept twice: sealed, to be shown with a purpose, and as a keyed
    digest, to be found again by equality. ``checked`` says that somebody compared it with papers or the national
    identity; only checked parties are unique by identifier, so nobody can claim another's dossiers by typing a number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=_choices(PartyKind))
    name = models.CharField(max_length=250, blank=True)
    identifier_digest = models.CharField(max_length=64, blank=True, db_index=True)
    identifier_sealed = models.TextField(blank=True)
    identifier_tail = models.CharField(max_length=4, blank=True)
    """Its last figures, for masked lists: they need no key."""
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=500, blank=True)
    checked = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=[k.value for k in PartyKind]), name="identity_party_kind"),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(
                    name="", identifier_digest="", identifier_sealed="", identifier_tail="", phone="", email="", address=""
                ),
                name="identity_party_erased_is_blank",
            ),
            models.UniqueConstraint(
                fields=["identifier_digest"],
                condition=models.Q(checked=True) & ~models.Q(identifier_digest=""),
                name="identity_party_checked_identifier",
            ),
        ]

    def __str__(self) -> str:
        return f"party:{self.id}"


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts as signing-in needs them."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account with this username, whatever its case."""
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """One person's way in: a citizen's, somebody's who acts for a business, or an official's.

    A person who is both an official and a citizen has two accounts, so that neither's rights leak into the other.
    ``phone`` is kept as +84…, ``email`` in lower case; either signs in as well as the username. ``assurance`` is a number
    of :class:`~tinhso.kernel.identity.types.Assurance`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=_choices(AccountKind))
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    official = models.OneToOneField("organisation.Official", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    assurance = models.PositiveSmallIntegerField(default=Assurance.DECLARED.value)
    created_at = models.DateTimeField()
    last_sign_in_at = models.DateTimeField(null=True, blank=True)

    own_grants: tuple[date, tuple[Grant, ...], bool] | None = None
    """The roles held on a day, if they were read together with the account."""

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="identity_account_username"),
            models.UniqueConstraint(fields=["phone"], condition=~models.Q(phone=""), name="identity_account_phone"),
            models.UniqueConstraint(fields=["email"], condition=~models.Q(email=""), name="identity_account_email"),
            models.UniqueConstraint(
                fields=["party"], condition=models.Q(kind=AccountKind.CITIZEN.value), name="identity_account_citizen_party"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=AccountKind.OFFICIAL.value, official__isnull=False)
                | models.Q(kind__in=[AccountKind.CITIZEN.value, AccountKind.BUSINESS.value], official__isnull=True),
                name="identity_account_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(assurance__in=[a.value for a in Assurance]), name="identity_account_assurance"
            ),
        ]

    def __str__(self) -> str:
        return f"account:{self.id}"

    @property
    def last_login(self) -> datetime | None:  # type: ignore[override]
        """Django's name for it; a property, since Django's own field is written by a signal, outside any operation."""
        return self.last_sign_in_at

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. Writes nothing: a hash of older strength is renewed at sign-in, by an operation."""
        return check_password(raw_password, self.password)


class Membership(models.Model):
    """A role that an account holds at a unit from ``since`` until ``until``, the first day on which he no longer does (None:
    until further notice). Half-open like the dates of the organisation: a role ended today is gone at once.

    ``unit`` is the unit's stable key (checked when granted), ``role`` a code that an app declared.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=60)
    unit = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="identity_membership_dates",
            ),
            models.CheckConstraint(condition=~models.Q(role="") & ~models.Q(unit=""), name="identity_membership_whole"),
            models.UniqueConstraint(fields=["account", "role", "unit", "since"], name="identity_membership_once"),
            models.UniqueConstraint(
                fields=["account", "role", "unit"], condition=models.Q(until__isnull=True), name="identity_membership_open"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["role", "unit"], name="identity_membership_role")]

    def __str__(self) -> str:
        return f"{self.role}@{self.unit}"


class Look(models.Model):
    """Somebody saw a party's whole data in the half hour that began at ``half_hour``; the ledger holds the same fact."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="looks")
    actor = models.CharField(max_length=120)
    official = models.CharField(max_length=64, blank=True)
    unit = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Purpose])
    about = models.CharField(max_length=120, blank=True)
    half_hour = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "actor", "purpose", "about", "half_hour"], name="identity_look_once_per_half_hour"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["party", "-half_hour"], name="identity_look_party")]

    def __str__(self) -> str:
        return f"look:{self.id}"


class Attempt(models.Model):
    """How often somebody did something within one span of time. ``key`` is a keyed digest of what, who and which span, so
    that no address of anybody's network is kept; the row means nothing after ``until`` and is swept away.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"attempt:{self.key[:8]}"


class DemoMark(models.Model):
    """At most one row: this database is a demo, with sign-ins on the first page. It can't be taken away again."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="identity_demo_mark_single")]

    def __str__(self) -> str:
        return f"demo since {self.since:%Y-%m-%d}"
