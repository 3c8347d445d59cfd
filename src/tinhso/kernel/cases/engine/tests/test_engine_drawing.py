"""The picture of a process: whole, in both languages, and harmless."""

from xml.etree import ElementTree

import pytest

from tinhso.kernel.cases.engine import drawing

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_step_and_every_way_is_in_the_picture(definition, language):
    root = ElementTree.fromstring(drawing.svg(definition, language, {"applicant": "Người dân"}))
    titles = [group.find(f"{SVG}text").text for group in root.iter(f"{SVG}g")]
    assert titles == [getattr(step.rule.title, language) for step in definition.steps.values()]
    told = " ".join(path.find(f"{SVG}title").text for path in root.iter(f"{SVG}path") if path.find(f"{SVG}title") is not None)
    for move in definition.moves.values():
        if move.branches:
            assert getattr(move.rule.title, language) in told
    heads = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "flow-head"]
    assert heads == ["receiving", "Người dân", "responsible", "commune-pc", "commune-office", "end"]


def test_it_needs_nothing_that_a_strict_page_forbids(definition):
    text = drawing.svg(definition, "vi", {"end": "<script>alert(1)</script>"})
    assert "style=" not in text
    assert "<script" not in text


def test_everything_is_inside_the_frame(definition):
    root = ElementTree.fromstring(drawing.svg(definition, "vi", {}))
    _, _, width, height = map(int, root.get("viewBox").split())
    for box in root.iter(f"{SVG}rect"):
        assert 0 <= int(box.get("x")) <= int(box.get("x")) + int(box.get("width")) <= width
        assert 0 <= int(box.get("y")) <= int(box.get("y")) + int(box.get("height")) <= height
