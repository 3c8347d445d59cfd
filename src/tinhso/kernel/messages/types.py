"""What crosses the door of messages. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class DeliveryState(StrEnum):
    """What became of one notice on one channel."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Something a person was told. ``kind`` and ``params`` are turned into words by ``ui``; ``about`` is a reference
    such as ``case:<uuid>``."""

    id: str
    kind: str
    params: Mapping[str, Any]
    about: str
    created_at: datetime
    read_at: datetime | None
