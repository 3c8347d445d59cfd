"""Keyset cursors over (due, id), cases without a due instant last: opaque to the outside, the same on both databases."""

import base64
import binascii
import json
import uuid
from datetime import UTC, datetime

from django.db.models import F, Q
from django.db.models.expressions import OrderBy

from tinhso.kernel.cases.models import Case
from tinhso.lib.problems import Invalid

LONGEST = 200
"""Characters of a cursor; ours have about a hundred."""
ORDER: tuple[OrderBy | str, ...] = (F("due_at").asc(nulls_last=True), "id")


def after_case(case: Case) -> str:
    """The cursor of what follows ``case``."""
    due = case.due_at.isoformat() if case.due_at else None
    return base64.urlsafe_b64encode(json.dumps([due, case.id.hex]).encode()).decode().rstrip("=")


def beyond(cursor: str) -> Q:
    """The predicate of the rows behind ``cursor``; raises :class:`Invalid` for what is no cursor of ours."""
    if len(cursor) > LONGEST:
        raise Invalid([("after", "cursor", {})])
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        due, key = json.loads(raw)
        last = uuid.UUID(hex=key)
        instant = None if due is None else datetime.fromisoformat(due)
        if instant is not None and instant.tzinfo is not None:
            instant = instant.astimezone(UTC)
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error) as fault:
        raise Invalid([("after", "cursor", {})]) from fault
    if instant is None:
        return Q(due_at__isnull=True, id__gt=last)
    if instant.tzinfo is None:
        raise Invalid([("after", "cursor", {})])
    return Q(due_at__gt=instant) | Q(due_at=instant, id__gt=last) | Q(due_at__isnull=True)
