"""Reads a book of measures and indicators. What is wrong with it is told at start, with its place."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tinhso.kernel.indicators.types import Better, Book, Indicator, Measure, MeasureKind, Shape
from tinhso.lib.text import Words

MOST_DIMENSIONS = 3


class BookInvalid(ValueError):
    """A book cannot be used; the message names the file, the place in it and what is expected there."""


def read(path: Path) -> Book:
    """The book in a YAML file. Raises :class:`BookInvalid`."""
    try:
        return _book(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, _Wrong) as fault:
        raise BookInvalid(f"{path}: {fault}") from fault


class _Wrong(ValueError):
    pass


def _take(given: Any, at: str, required: frozenset[str], optional: frozenset[str] = frozenset()) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise _Wrong(f"{at}: a mapping is expected")
    if missing := sorted(required - set(given)):
        raise _Wrong(f"{at}: {', '.join(missing)} missing")
    if unknown := sorted(map(str, set(given) - required - optional)):
        raise _Wrong(f"{at}: {', '.join(unknown)} unknown; there may be {', '.join(sorted(required | optional))}")
    return given


def _words(given: Any, at: str) -> Words:
    found = _take(given, at, frozenset({"vi", "en"}))
    return Words(str(found["vi"]).strip(), str(found["en"]).strip())


def _names(given: Any, at: str) -> tuple[str, ...]:
    if not isinstance(given, list) or any(not isinstance(name, str) for name in given):
        raise _Wrong(f"{at}: a list of names is expected")
    return tuple(given)


def _choice(kinds: type[Any], given: Any, at: str) -> Any:
    try:
        return kinds(given)
    except ValueError as fault:
        raise _Wrong(f"{at}: {given} is none of {', '.join(str(kind) for kind in kinds)}") from fault


def _book(given: Any) -> Book:
    whole = _take(given, "book", frozenset({"book", "dimensions", "measures"}), frozenset({"where", "indicators"}))
    name, dimensions = str(whole["book"]), _names(whole["dimensions"], "dimensions")
    if len(dimensions) > MOST_DIMENSIONS:
        raise _Wrong(f"dimensions: at most {MOST_DIMENSIONS}, there are {len(dimensions)}")
    common = _where(whole.get("where", {}), "where")
    measures = tuple(_measure(name, key, each, common) for key, each in whole["measures"].items())
    known = {measure.code for measure in measures}
    indicators = tuple(_indicator(name, key, each, known) for key, each in (whole.get("indicators") or {}).items())
    if twice := known & {indicator.code for indicator in indicators}:
        raise _Wrong(f"indicators: {', '.join(sorted(twice))} is the name of a measure too")
    return Book(name, dimensions, measures, indicators, _edition(dimensions, measures))


def _where(given: Any, at: str) -> dict[str, tuple[Any, ...]]:
    if not isinstance(given, dict):
        raise _Wrong(f"{at}: fields with their values are expected")
    return {str(field): tuple(values) if isinstance(values, list) else (values,) for field, values in given.items()}


def _measure(book: str, key: str, given: Any, common: Mapping[str, tuple[Any, ...]]) -> Measure:
    at = f"measures.{key}"
    required = frozenset({"title", "definition", "kind", "of", "unit"})
    found = _take(given, at, required, frozenset({"where", "value", "legal_basis"}))
    kind = _choice(MeasureKind, found["kind"], f"{at}.kind")
    if (kind is MeasureKind.COUNT) == bool(found.get("value")):
        raise _Wrong(f"{at}: a sum and a set need a value, a count has none")
    return Measure(
        code=f"{book}.{key}",
        kind=kind,
        of=_names(found["of"], f"{at}.of"),
        where={**common, **_where(found.get("where", {}), f"{at}.where")},
        unit=str(found["unit"]),
        value=str(found.get("value", "")),
        title=_words(found["title"], f"{at}.title"),
        definition=_words(found["definition"], f"{at}.definition"),
        legal_basis=str(found.get("legal_basis", "")),
    )


def _indicator(book: str, key: str, given: Any, known: set[str]) -> Indicator:
    at = f"indicators.{key}"
    required = frozenset({"title", "definition", "numerator"})
    found = _take(given, at, required, frozenset({"denominator", "shape", "better", "decimals", "legal_basis"}))
    parts = {}
    for part in ("numerator", "denominator"):
        parts[part] = tuple(f"{book}.{name}" for name in _names(found.get(part, []), f"{at}.{part}"))
        if strange := [code for code in parts[part] if code not in known]:
            raise _Wrong(f"{at}.{part}: no measure {', '.join(strange)}")
    return Indicator(
        code=f"{book}.{key}",
        title=_words(found["title"], f"{at}.title"),
        definition=_words(found["definition"], f"{at}.definition"),
        shape=_choice(Shape, found.get("shape", "number"), f"{at}.shape"),
        better=_choice(Better, found.get("better", "neither"), f"{at}.better"),
        decimals=int(found.get("decimals", 0)),
        legal_basis=str(found.get("legal_basis", "")),
        **parts,
    )


def _edition(dimensions: tuple[str, ...], measures: tuple[Measure, ...]) -> str:
    """A digest of all that decides what is counted; words may change without counting anew."""
    counted = [
        [m.code, m.kind, m.of, {field: list(values) for field, values in m.where.items()}, m.unit, m.value] for m in measures
    ]
    text = json.dumps([dimensions, counted], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
