#!/usr/bin/env python3
"""Extract the country's administrative areas into the CSV facts beside this file. Run by developers, never by the product.

    python packs/national/areas/extract.py            download the wheel with pip, write the CSV files
    python packs/national/areas/extract.py --wheel F  use a wheel already at hand
    python packs/national/areas/extract.py --check    write nothing; fail if the files here differ

Source: the data files inside the PyPI wheel ``vietnamadminunits`` 1.0.4 (MIT; units before and after 1/7/2025, the mapping
between them, coordinates; state of August 2025). The package itself is neither installed nor imported: its requirements
include a GPL library. Names in English are Vietnamese names without diacritics, with the usual exceptions below.
"""

import argparse
import csv
import io
import json
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "vietnamadminunits==1.0.4"
HERE = Path(__file__).parent
ENGLISH = {"Hà Nội": "Hanoi", "Hải Phòng": "Haiphong", "Hoàng Sa": "Paracel (Hoang Sa)", "Trường Sa": "Spratly (Truong Sa)"}
TYPES = {
    "Tỉnh": "province",
    "Thành phố": "city",
    "Quận": "urban-district",
    "Huyện": "district",
    "Thị xã": "town",
    "Phường": "ward",
    "Xã": "commune",
    "Thị trấn": "township",
    "Đặc khu": "special-zone",
}
CORRECTED_CODES = {"06970": "06978"}
"""Xã Ba Chẽ: 06978 in the lists of 2026; the wheel of 2025 still has a number that the final list did not keep."""

Table = tuple[list[str], list[list[str]]]


def english(name: str) -> str:
    """The name as written in English texts."""
    if name in ENGLISH:
        return ENGLISH[name]
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def split_title(title: str) -> tuple[str, str]:
    """``Thị xã Trảng Bàng`` → (``town``, ``Trảng Bàng``)."""
    for words, kind in sorted(TYPES.items(), key=lambda item: -len(item[0])):
        if title.lower().startswith(words.lower() + " "):
            return kind, title[len(words) + 1 :]
    raise SystemExit(f"What is {title!r}? Add its type to TYPES.")


def number(value: float | None, digits: int = 4) -> str:
    """A coordinate or size with as many digits as it is worth (4 decimals of a degree are about 11 m)."""
    return "" if value is None else f"{value:.{digits}f}".rstrip("0").rstrip(".")


@contextmanager
def wheel_data(wheel: Path | None) -> Iterator[tuple[sqlite3.Connection, dict[str, dict[str, dict[str, list[object]]]]]]:
    """The wheel's table of units and its conversion lists."""
    with tempfile.TemporaryDirectory() as folder:
        if wheel is None:
            subprocess.run(  # noqa: S603
                [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE], check=True
            )
            wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extract("vietnamadminunits/data/dataset.db", folder)
            conversion = json.loads(archive.read("vietnamadminunits/data/converter_2025.json"))
        connection = sqlite3.connect(Path(folder, "vietnamadminunits/data/dataset.db"))
        connection.row_factory = sqlite3.Row
        try:
            yield connection, conversion
        finally:
            connection.close()


def present(connection: sqlite3.Connection) -> Iterator[tuple[str, Table]]:
    """Provinces and communes since 1/7/2025."""
    rows = connection.execute("SELECT * FROM admin_units ORDER BY provinceCode, wardCode").fetchall()
    provinces: dict[str, list[str]] = {}
    communes = []
    for row in rows:
        kind, name = split_title(row["province"])
        provinces[row["provinceCode"]] = [
            row["provinceCode"], kind, name, english(name), number(row["provinceLat"]), number(row["provinceLon"]),
        ]  # fmt: skip
        kind, name = split_title(row["ward"])
        communes.append([
            CORRECTED_CODES.get(row["wardCode"], row["wardCode"]), row["provinceCode"], kind, name, english(name),
            number(row["wardLat"]), number(row["wardLon"]), number(row["wardAreaKm2"], 2),
        ])  # fmt: skip
    yield "provinces", (["code", "type", "name", "name_en", "lat", "lon"], list(provinces.values()))
    header = ["code", "parent", "type", "name", "name_en", "lat", "lon", "km2"]
    yield "communes", (header, sorted(communes))


def past(connection: sqlite3.Connection) -> Iterator[tuple[str, Table]]:
    """Provinces, districts and communes before 1/7/2025."""
    provinces: dict[str, list[str]] = {}
    districts: dict[str, list[str]] = {}
    communes = []
    for row in connection.execute("SELECT * FROM admin_units_legacy ORDER BY wardCode"):
        kind, name = split_title(row["province"])
        provinces[row["provinceCode"]] = [row["provinceCode"], "", kind, name]
        kind, name = split_title(row["district"])
        districts[row["districtCode"]] = [row["districtCode"], row["provinceCode"], kind, name]
        if row["wardCode"]:
            kind, name = split_title(row["ward"])
            communes.append([
                row["wardCode"], row["districtCode"], kind, name, number(row["wardLat"]), number(row["wardLon"]),
            ])  # fmt: skip
    header = ["code", "parent", "type", "name"]
    yield "old_provinces", (header, sorted(provinces.values()))
    yield "old_districts", (header, sorted(districts.values()))
    yield "old_communes", ([*header, "lat", "lon"], sorted(communes))


def succession(connection: sqlite3.Connection, conversion: dict[str, dict[str, dict[str, list[object]]]]) -> Iterable[Table]:
    """Which old unit went into which new ones; ``main`` marks the one an old address goes to when nothing more is known.
    Islands that were districts without communes go straight from district to commune."""
    old = {
        f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey'] or ''}": r["wardCode"] or r["districtCode"]
        for r in connection.execute("SELECT * FROM admin_units_legacy")
    }
    old_province = {r[0]: r[1] for r in connection.execute("SELECT DISTINCT provinceKey, provinceCode FROM admin_units_legacy")}
    new_province = {r[0]: r[1] for r in connection.execute("SELECT DISTINCT provinceKey, provinceCode FROM admin_units")}
    new = {
        (r[0], r[1]): CORRECTED_CODES.get(r[2], r[2])
        for r in connection.execute("SELECT provinceKey, wardKey, wardCode FROM admin_units")
    }
    pairs = set()
    provinces: dict[str, list[str]] = conversion["DICT_PROVINCE"]  # type: ignore[assignment]
    for after, befores in provinces.items():
        pairs |= {(old_province[before], new_province[after], "1") for before in befores}
    for province, wards in conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        pairs |= {(old[str(before)], new[province, after], "1") for after, befores in wards.items() for before in befores}
    for province, wards in conversion["DICT_PROVINCE_WARD_DIVIDED"].items():
        for before, afters in wards.items():
            for after in afters:
                assert isinstance(after, dict)
                pairs.add((old[before], new[province, after["newWardKey"]], "1" if after["isDefaultNewWard"] else "0"))
    yield ["old", "new", "main"], [list(pair) for pair in sorted(pairs, key=lambda p: (len(p[0]), p))]


def as_csv(table: Table) -> str:
    """The table as text, line feeds only, so that a change is a readable difference."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table[0])
    writer.writerows(table[1])
    return out.getvalue()


def main() -> None:
    """Write the files, or with ``--check`` compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="a wheel already downloaded")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    options = parser.parse_args()
    with wheel_data(options.wheel) as (connection, conversion):
        tables = {**dict(present(connection)), **dict(past(connection))}
        (tables["succession"],) = succession(connection, conversion)
    different = []
    for name, table in tables.items():
        path, text = HERE / f"{name}.csv", as_csv(table)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            different.append(path.name)
            if not options.check:
                path.write_text(text, encoding="utf-8")
        print(f"{path.name}: {len(table[1])} rows")  # noqa: T201
    if options.check and different:
        raise SystemExit(f"Different from the wheel: {', '.join(different)}")


if __name__ == "__main__":
    main()
