"""What others plug into messages when the system is put together: channels, words, and who is told of which entry."""

from collections.abc import Callable, Sequence

from tinhso.kernel.ledger.types import Entry
from tinhso.kernel.messages.types import Channel, NoticeRequest, Rendered, Renderer, SendFailed

PORTAL = "portal"
"""The channel that needs no carrier: the notice stands in the portal as soon as it exists."""

Teller = Callable[[Entry], Sequence[NoticeRequest]]

_channels: dict[str, Channel] = {}
_tellers: dict[str, list[Teller]] = {}
_renderer: list[Renderer] = []


def connect(channel: Channel) -> None:
    """Connect a channel under its ``code``; connecting again replaces it (configuration, at start)."""
    _channels[channel.code] = channel


def channels() -> list[str]:
    """Codes of the connected channels beside the portal."""
    return list(_channels)


def channel(code: str) -> Channel | None:
    """The connected channel, None if it is not connected any more."""
    return _channels.get(code)


def set_renderer(renderer: Renderer) -> None:
    """Say who turns notices into words (configuration, at start)."""
    _renderer[:] = [renderer]


def render(kind: str, params: dict[str, object], about: str, language: str) -> Rendered:
    """The notice in words; :class:`SendFailed` when nobody was named who can."""
    if not _renderer:
        raise SendFailed("no_renderer")
    return _renderer[0](kind, params, about, language)


def add_teller(entry_kind: str, fn: Teller) -> list[str]:
    """Remember ``fn`` for entries of this kind; returns all kinds that somebody wants."""
    tellers = _tellers.setdefault(entry_kind, [])
    if fn not in tellers:
        tellers.append(fn)
    return sorted(_tellers)


def requests_for(entry: Entry) -> list[NoticeRequest]:
    """Whom to tell what of this entry."""
    return [request for fn in _tellers.get(entry.kind, []) for request in fn(entry)]
