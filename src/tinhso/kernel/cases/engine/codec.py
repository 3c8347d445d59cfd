"""States and facts as JSON and back, exactly: driven by the dataclasses' own types, nothing to keep in step by hand."""

import dataclasses
import types
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dump(value: Any) -> Any:
    """A JSON value for a dataclass of ours, or for anything that is in one."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: dump(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: dump(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [dump(item) for item in value]
    return value


def load(kind: type[T], data: Mapping[str, Any]) -> T:
    """The dataclass that :func:`dump` gave ``data`` for. Names it does not know are passed over (a later version's)."""
    hints = _hints(kind)
    names = {f.name for f in dataclasses.fields(kind)}  # type: ignore[arg-type] # T is a dataclass by contract
    return kind(**{name: _read(hints[name], value) for name, value in data.items() if name in names})


_known: dict[type, dict[str, Any]] = {}


def _hints(kind: type) -> dict[str, Any]:
    """Resolving annotations costs more than all the rest: once a class."""
    if kind not in _known:
        _known[kind] = get_type_hints(kind)
    return _known[kind]


def _read(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (types.UnionType, Union):
        if value is None:
            return None
        kind = next(k for k in get_args(kind) if k is not type(None))
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return load(kind, value)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return dict(value) if get_origin(kind) is Mapping else value
