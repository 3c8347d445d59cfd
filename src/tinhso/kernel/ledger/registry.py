"""The kinds of entry this installation knows, declared by the rooms that append them."""

from typing import Any

from tinhso.kernel.ledger.types import Event, Undeclared

_kinds: dict[str, type[Any]] = {}


def declare(*event_classes: type[Event]) -> None:
    """Make the kinds of ``event_classes`` known. Declaring a class twice is harmless; two classes of one kind are refused."""
    for cls in event_classes:
        kind = getattr(cls, "kind", None)
        if not isinstance(kind, str) or "." not in kind:
            raise TypeError(f'{cls.__qualname__} needs a dotted kind, such as "room.thing_happened"')
        known = _kinds.setdefault(kind, cls)
        if known is not cls:
            raise TypeError(f"kind {kind} is declared by both {known.__qualname__} and {cls.__qualname__}")


def kinds() -> dict[str, type[Any]]:
    """Every declared kind and its class."""
    return dict(_kinds)


def check(event: Event) -> str:
    """The kind of a declared event; Undeclared otherwise."""
    if _kinds.get(event.kind) is not type(event):
        raise Undeclared(kind=str(event.kind), event=type(event).__qualname__)
    return event.kind
