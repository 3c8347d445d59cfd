"""Officials' accounts for those who administer them: list, one account whole, what is done to it beside its roles."""

import secrets
from uuid import UUID

from django.db.models import Q

from tinhso.kernel.identity import sign_in_rows, types
from tinhso.kernel.identity.models import Account, Membership
from tinhso.kernel.identity.operations import must_administer, set_password
from tinhso.kernel.identity.queries import account_view
from tinhso.kernel.identity.types import AccountKind, MembershipView, StaffPage, StaffRow, StaffView
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.lib import clock
from tinhso.lib.text import fold

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look like one another on paper."""


def staff(actor: Actor, text: str = "", after: str = "", size: int = 30) -> StaffPage:
    """Officials' accounts by name, narrowed by a part of the name or of the username (accents not needed for it).

    At most three statements. Raises NotAllowed for who does not administer accounts.
    """
    must_administer(actor)
    rows = Account.objects.filter(kind=AccountKind.OFFICIAL).order_by("name", "id")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(username__icontains=".".join(fold(text).split())))
    begin = _found(after)
    if begin is not None:
        rows = rows.filter(Q(name__gt=begin.name) | Q(name=begin.name, id__gt=begin.id))
    found = list(rows[: size + 1])
    ids, today = [row.id for row in found[:size]], clock.today()
    proved = sign_in_rows.with_second_factor(ids)
    held: dict[UUID, list[tuple[str, str]]] = {}
    current = Membership.objects.filter(Q(until__isnull=True) | Q(until__gt=today), account__in=ids, since__lte=today)
    for account, role, unit in current.order_by("unit", "role").values_list("account", "role", "unit"):
        held.setdefault(account, []).append((role, unit))
    return StaffPage(
        rows=tuple(
            StaffRow(
                id=str(row.id),
                name=row.name,
                username=row.username,
                active=row.is_active,
                second_factor=row.id in proved,
                last_sign_in_at=row.last_sign_in_at,
                roles=tuple(held.get(row.id, ())),
            )
            for row in found[:size]
        ),
        after=str(found[size - 1].id) if len(found) > size else None,
    )


def _found(account_id: str) -> Account | None:
    try:
        return Account.objects.filter(id=UUID(account_id)).first()
    except ValueError:
        return None


def staff_member(actor: Actor, account_id: str) -> StaffView:
    """One official's account with all its roles. Raises NotAllowed, NoSuchAccount."""
    must_administer(actor)
    account = _official(account_id)
    rows = Membership.objects.filter(account=account).order_by("-since", "unit", "role")
    return StaffView(
        account=account_view(account),
        second_factor=bool(sign_in_rows.with_second_factor([account.id])),
        created_at=account.created_at,
        last_sign_in_at=account.last_sign_in_at,
        memberships=tuple(MembershipView(row.role, row.unit, row.since, row.until) for row in rows),
    )


def _official(account_id: str) -> Account:
    account = _found(account_id)
    if account is None or account.kind != AccountKind.OFFICIAL:
        raise types.NoSuchAccount
    return account


@ledger.operation
def reset_second_factor(actor: Actor, account_id: str) -> bool:
    """Take an official's second factor and recovery codes away, so that he sets a new one up when he next signs in.

    False if he had none: nothing happens. Raises NotAllowed, NoSuchAccount.
    """
    must_administer(actor)
    account = _official(account_id)
    if not sign_in_rows.forget_second_factors(account.id):
        return False
    ledger.append(f"account:{account.id}", types.SecondFactorChanged(str(account.id), "all", False))
    return True


@ledger.operation
def give_password(actor: Actor, account_id: str) -> str:
    """Give an official a new password that nobody chose, and return it: it is shown once and kept nowhere readable.

    Raises NotAllowed, NoSuchAccount.
    """
    must_administer(actor)
    account = _official(account_id)
    password = new_password()
    set_password(actor, str(account.id), password)
    return password


def new_password() -> str:
    """A password to be read out or written down: 16 letters and digits in fours, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
