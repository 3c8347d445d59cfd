"""What crosses the door of messages. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from tinhso.lib.problems import Conflict, NotAllowed, NotFound, Problem


class DeliveryState(StrEnum):
    """What became of one notice on one channel."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Given up after the last try, or refused for good; a person can have it tried again."""
    SKIPPED = "skipped"
    """Nothing to send: no address, turned off by its owner, or the news too old."""


class Skip(StrEnum):
    """Why a delivery was skipped."""

    NO_ADDRESS = "no_address"
    TURNED_OFF = "turned_off"
    TOO_OLD = "too_old"


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


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A keyset page of notices, newest first. ``after`` is the cursor of the next page, None at the end."""

    rows: tuple[NoticeView, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class NoticeRequest:
    """Whom to tell what. ``recipient`` is ``party:<id>`` or ``account:<id>`` (an actor's id); ``params`` are JSON values."""

    recipient: str
    kind: str
    params: Mapping[str, Any]
    about: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A notice in words."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person wants to be told; the portal always tells."""

    email: bool = True
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class DeliveryCount:
    """How many deliveries of a channel stand in a state, and how long the oldest of them has."""

    channel: str
    state: DeliveryState
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One delivery, for whoever looks after them: no name, no address, no words."""

    id: str
    channel: str
    state: DeliveryState
    notice_kind: str
    about: str
    attempts: int
    error_code: str
    changed_at: datetime


class Channel(Protocol):
    """A way to reach people outside the portal."""

    code: str

    def address(self, recipient: str) -> str | None:
        """Where to reach this recipient, None if nowhere."""
        ...

    def send(self, delivery: str, address: str, message: Rendered) -> str:
        """Send; returns the carrier's reference. ``delivery`` is the same at every try, so that a carrier or a reader can
        tell a repetition. Raises :class:`SendFailed`."""
        ...


class Renderer(Protocol):
    """Turns a notice into words."""

    def __call__(self, kind: str, params: Mapping[str, Any], about: str, language: str) -> Rendered:
        """The notice in ``language`` (``vi`` or ``en``)."""
        ...


class SendFailed(Exception):
    """A channel could not send. ``code`` says why in one dotted word; ``permanent``: trying again will not help."""

    def __init__(self, code: str, permanent: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


# --- entries -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """A notice could not be brought to its recipient on a channel; it still stands in the portal."""

    kind: ClassVar[str] = "messages.delivery_failed"
    delivery: str
    channel: str
    notice_kind: str
    about: str
    error_code: str
    attempts: int


@dataclass(frozen=True, slots=True)
class PreferencesSet:
    """A person said how to be told."""

    kind: ClassVar[str] = "messages.preferences_set"
    email: bool
    language: str


# --- problems ----------------------------------------------------------------------------------------------------------


class BadRecipient(Problem):
    """Neither ``party:<id>`` nor ``account:<id>``."""

    code = "messages.bad_recipient"
    status = 500


class UnknownLanguage(Problem):
    """Not a language we speak."""

    code = "messages.unknown_language"
    status = 422


class NotKeeper(NotAllowed):
    """Looking after deliveries needs the keeper's role."""

    code = "messages.not_keeper"


class DeliveryNotFound(NotFound):
    """There is no such delivery."""

    code = "messages.delivery_not_found"


class NotFailed(Conflict):
    """Only a failed delivery is tried again by hand."""

    code = "messages.not_failed"
