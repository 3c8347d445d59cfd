"""The facts of ``packs/national/areas`` as dated rows. Pure: reads text, returns rows, knows no database."""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import yaml

from tinhso.kernel.organisation.types import AreaKind, FactsInvalid
from tinhso.lib.text import plain

REFORM = date(2025, 7, 1)
"""NQ 202/2025/QH15: 34 provinces, no districts."""
BEFORE_RECORDS = date(1900, 1, 1)
"""Start of rows of which we know only that they held before the reform."""

_KIND_BY_LENGTH = {2: AreaKind.PROVINCE, 3: AreaKind.DISTRICT, 5: AreaKind.COMMUNE}
_WORDS = {
    "province": ("Tỉnh", "Province"),
    "city": ("Thành phố", "City"),
    "urban-district": ("Quận", "District"),
    "district": ("Huyện", "District"),
    "town": ("Thị xã", "Town"),
    "ward": ("Phường", "Ward"),
    "commune": ("Xã", "Commune"),
    "township": ("Thị trấn", "Township"),
    "special-zone": ("Đặc khu", "Special Zone"),
}


@dataclass(frozen=True, slots=True)
class AreaFact:
    """One version of an area, as the table wants it."""

    code: str
    type: str
    name: str
    name_en: str
    parent: str
    latitude: float | None
    longitude: float | None
    valid_from: date
    valid_to: date | None = None
    confirmed: bool = True

    @property
    def kind(self) -> AreaKind:
        """Level, told by the length of the statistical code."""
        return _KIND_BY_LENGTH[len(self.code)]

    @property
    def title(self) -> str:
        """``Phường Khánh Hậu``; ``Phường 1`` is not said twice."""
        word = _WORDS[self.type][0]
        return self.name if self.name.startswith(word + " ") else f"{word} {self.name}"

    @property
    def title_en(self) -> str:
        """``Khanh Hau Ward``, ``Ward 1``."""
        word = _WORDS[self.type][1]
        if self.title == self.name:
            return self.name_en
        return f"{word} {self.name_en}" if self.name_en[0].isdigit() else f"{self.name_en} {word}"


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """All areas and successions of the pack, and the digest of the files they came from."""

    areas: tuple[AreaFact, ...]
    succession: tuple[tuple[str, str, bool], ...]
    digest: str


def _rows(folder: Path, name: str, digest: "hashlib._Hash") -> Iterator[Mapping[str, str]]:
    path = folder / name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FactsInvalid(file=str(path), line=0, what="missing") from error
    digest.update(raw)
    reader = csv.DictReader(raw.decode("utf-8").splitlines())
    for row in reader:
        if len(row.get("code", row.get("old", ""))) not in _KIND_BY_LENGTH:
            raise FactsInvalid(file=str(path), line=reader.line_num, what="code")
        yield row


def _degrees(text: str | None) -> float | None:
    return float(text) if text else None


def _named(row: Mapping[str, str]) -> tuple[str, str]:
    """Name in both languages; a bare number is no name, so that one keeps its type ("Phường 1")."""
    if row["name"].isdigit():
        words = _WORDS[row["type"]]
        return f"{words[0]} {row['name']}", f"{words[1]} {row['name']}"
    return row["name"], row.get("name_en") or plain(row["name"])


def _facts(rows: Iterable[Mapping[str, str]], valid_from: date, valid_to: date | None) -> list[AreaFact]:
    return [
        AreaFact(
            code=row["code"],
            type=row["type"],
            name=_named(row)[0],
            name_en=_named(row)[1],
            parent=row.get("parent", ""),
            latitude=_degrees(row.get("lat")),
            longitude=_degrees(row.get("lon")),
            valid_from=valid_from,
            valid_to=valid_to,
        )
        for row in rows
    ]


def _apply_changes(areas: list[AreaFact], changes: Iterable[Mapping[str, object]], path: Path) -> list[AreaFact]:
    """Close the version in force and open a new one for each change since the reform, in order of date."""
    current = {a.code: a for a in areas if a.valid_to is None}
    closed = [a for a in areas if a.valid_to is not None]
    for number, change in enumerate(changes, 1):
        on = change["from"]
        codes = change["codes"]
        if not isinstance(on, date) or not isinstance(codes, list) or change["type"] not in _WORDS:
            raise FactsInvalid(file=str(path), line=0, what=f"change {number}")
        for code in map(str, codes):
            before = current.get(code)
            if before is None or on <= before.valid_from:
                raise FactsInvalid(file=str(path), line=0, what=f"change {number}: {code}")
            closed.append(replace(before, valid_to=on))
            current[code] = replace(before, type=str(change["type"]), valid_from=on, confirmed=bool(change["confirmed"]))
    return [*closed, *current.values()]


def read_areas(folder: Path) -> AreaFacts:
    """Read the pack's files. Raises FactsInvalid with file and line."""
    from_text = hashlib.sha256()
    old = []
    for name in ("old_provinces.csv", "old_districts.csv", "old_communes.csv"):
        old += _facts(_rows(folder, name, from_text), BEFORE_RECORDS, REFORM)
    new = []
    for name in ("provinces.csv", "communes.csv"):
        new += _facts(_rows(folder, name, from_text), REFORM, None)
    succession = tuple((row["old"], row["new"], row["main"] == "1") for row in _rows(folder, "succession.csv", from_text))
    changes_path = folder / "changes.yaml"
    raw = changes_path.read_bytes()
    from_text.update(raw)
    new = _apply_changes(new, yaml.safe_load(raw), changes_path)
    return AreaFacts((*old, *new), succession, from_text.hexdigest())
