"""The picture of a QR works under a strict policy and is the same each time."""

import xml.etree.ElementTree as ET

import pytest

from tinhso.kernel.payments import api
from tinhso.kernel.payments.engine import picture

PAYLOAD = "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F"


def test_svg_has_no_style_and_no_script_and_scales() -> None:
    text = picture.svg(PAYLOAD)
    root = ET.fromstring(text)
    assert root.tag.endswith("svg")
    assert "viewBox" in root.attrib
    assert not {"width", "height", "style"} & set(root.attrib)
    assert "style" not in text
    assert "script" not in text
    assert picture.svg(PAYLOAD) is text


@pytest.mark.django_db
def test_pictures_of_a_charge(owed, accounts) -> None:
    accounts()
    charge = owed()
    assert api.qr_svg(charge) == picture.svg(api.qr_payload(charge))
