"""No text of a screen is hard-coded, and every text has its Vietnamese; no template smuggles in style or script."""

import re
from pathlib import Path

import pytest

from tinhso.config import translations

ROOMS = translations.rooms()
TEMPLATES = sorted(path for room in ROOMS for path in room.rglob("templates/**/*.html"))
ALLOWED = {
    "Tỉnh Số",
    "English",
    "Tiếng Việt",
    "QR",
    "SHA-256:",
    "SHA-256",
    "Esc",
    "J",
    "K",
    "PDF",
    "J K",
    "1022",
    "·",
    "–",
    "…",
}
"""Names, letters of keys and what is the same in every language."""

_COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
_TRANSLATED = re.compile(r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}", re.DOTALL)
_CLASSES = re.compile(r"\{% block \w*class \w*%\}[\w\s-]*\{% endblock %\}|\{% block \w*class %\}[\w\s-]*(?=\{)")
_VERBATIM = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"<[^>]*>", re.DOTALL)
_SPOKEN = re.compile(r"""\b(?:alt|title|placeholder|aria-label|content)=(["'])(.*?)\1""")
_LETTER = re.compile(r"[^\W\d_]{2,}")


def bare_texts(source: str) -> list[str]:
    """The words of a template that no translation reaches."""
    source = _CLASSES.sub("", source.replace("Tỉnh Số", ""))
    source = _VERBATIM.sub("\n", _TRANSLATED.sub("\n", _COMMENT.sub("", source)))
    spoken = [value for _quote, value in _SPOKEN.findall(_CODE.sub("", source))]
    shown = _TAG.sub("\n", _CODE.sub("\n", source)).split("\n")
    texts = [text.strip() for text in (*shown, *spoken)]
    bare = [t for t in texts if _LETTER.search(t) and t not in ALLOWED and not t.startswith(("width=", "default-src"))]
    return [text for text in bare if not re.fullmatch(r"&\w+;|H53[\w.\-]*", text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(translations.ROOT / "src" / "tinhso")))
def test_no_text_of_a_template_is_hard_coded(path: Path) -> None:
    assert bare_texts(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(translations.ROOT / "src" / "tinhso")))
def test_no_template_needs_a_lax_content_policy(path: Path) -> None:
    source = _COMMENT.sub("", path.read_text("utf-8"))
    if "email" not in path.parts:
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script>|javascript:|https?://(?!www\.w3\.org)", source)


@pytest.mark.parametrize("room", ROOMS, ids=lambda p: p.name)
def test_every_text_has_its_vietnamese(room: Path) -> None:
    assert translations.out_of_step(room) == [], "run: python -m tinhso.config.translations, then translate"


def unlike(catalogs: dict[str, dict[tuple[str, str], object]]) -> list[str]:
    """Texts that two rooms say otherwise: Django lays all catalogues on one heap, so one of them would never be seen."""
    said: dict[tuple[str, str], dict[str, set[str]]] = {}
    for room, catalog in catalogs.items():
        for key, words in catalog.items():
            said.setdefault(key, {}).setdefault(str(words), set()).add(room)
    return sorted(f"{key[1]}: {ways}" for key, ways in said.items() if len(ways) > 1)


def test_one_text_has_one_vietnamese_in_all_rooms() -> None:
    catalogs = {str(room): {(m.context or "", str(m.id)): m.string for m in translations.known(room) if m.id} for room in ROOMS}
    assert unlike(catalogs) == []


def test_a_text_said_otherwise_is_found() -> None:
    assert unlike({"desk": {("", "Key"): "Khóa"}, "console": {("", "Key"): "Khóa ký"}})


def test_a_planted_text_is_found() -> None:
    assert bare_texts("<p>Welcome {{ name }}</p>") == ["Welcome"]
    assert bare_texts('<img alt="A house">{% translate "Home" %}') == ["A house"]
    assert bare_texts("{% blocktranslate %}Hello{% endblocktranslate %}{# note #}") == []
