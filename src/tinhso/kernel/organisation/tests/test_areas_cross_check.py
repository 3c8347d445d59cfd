"""The areas agree with the published list of 25/7/2026, where that list is at hand (TINHSO_AREA_LIST names the file)."""

import gzip
import json
import os
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from tinhso.kernel.organisation import api
from tinhso.kernel.organisation.types import AreaKind

LIST = os.environ.get("TINHSO_AREA_LIST", "")
ON = date(2026, 7, 25)
pytestmark = pytest.mark.skipif(not Path(LIST).is_file(), reason="TINHSO_AREA_LIST names no list to compare with")


def spelled(title: str) -> list[str]:
    """Letters and marks of each word, wherever the tone mark stands (Hòa, Hoà)."""
    return ["".join(sorted(unicodedata.normalize("NFD", word.lower()))) for word in title.split()]


@pytest.fixture(scope="module")
def published():
    return json.loads(gzip.decompress(Path(LIST).read_bytes()))


def test_provinces_agree(areas, published):
    ours = {area.code: area for area in api.areas(kind=AreaKind.PROVINCE, on=ON)}
    assert set(ours) == {row["Code"] for row in published}
    assert [r["FullName"] for r in published if spelled(r["FullName"]) != spelled(ours[r["Code"]].title)] == []
    assert [r["FullName"] for r in published if r["FullNameEn"] != ours[r["Code"]].title_en] == []


def test_communes_agree(areas, published):
    ours = {area.code: area for area in api.areas(kind=AreaKind.COMMUNE, on=ON)}
    theirs = {ward["Code"]: ward for province in published for ward in province["Wards"]}
    assert set(ours) == set(theirs)
    assert len(theirs) == 3321
    assert [code for code, ward in theirs.items() if ours[code].parent != ward["ProvinceCode"]] == []
    assert [ward["FullName"] for code, ward in theirs.items() if spelled(ward["FullName"]) != spelled(ours[code].title)] == []
    assert sum(ward["FullName"].startswith("Đặc khu") for ward in theirs.values()) == 13
