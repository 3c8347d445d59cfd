"""Setting documents with Typst.

A template sees its own folder, the shared library ``official.typ`` and its data, nothing else: sources are handed over in
memory, the root is an empty folder, fonts come from one folder (Tinos), system fonts are ignored, packages can't be loaded.
"""

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from tinhso.kernel.files.types import FontsMissing, TemplateBroken

LIBRARY = Path(__file__).resolve().parents[1] / "typst"
_PACKAGE = re.compile(rb"""(?:import|include)\s*"@""")
_READABLE = {".typ", ".svg", ".png", ".json", ".csv"}


@dataclass(frozen=True, slots=True)
class Reserved:
    """A place that a template keeps free for a signature or for text to come: points from the top left; pages from 1."""

    name: str
    kind: Literal["signature", "text"]
    page: int
    x: float
    y: float
    width: float
    height: float
    size: float = 13


@lru_cache(maxsize=4)
def _fonts(folder: str) -> Any:
    import typst  # noqa: PLC0415  heavy: only where a document is set

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return fonts if fonts.families() else None


@lru_cache(maxsize=1)
def _empty_root() -> str:
    """A folder with nothing in it, for as long as this process lives."""
    return tempfile.mkdtemp(prefix="tinhso-press-")


def _sources(template: Path) -> dict[str, bytes]:
    """The template's folder (one level) over the shared library, by name."""
    shared = {p.name: p.read_bytes() for p in LIBRARY.iterdir() if p.suffix in _READABLE}
    own = {p.name: p.read_bytes() for p in template.parent.iterdir() if p.suffix in _READABLE}
    for name, source in own.items():
        if name.endswith(".typ") and _PACKAGE.search(source):  # Typst would go and fetch it from the Internet
            raise TemplateBroken(template=name, what="a package is imported; copy what is needed beside the template", where="")
    return shared | own


def _main(template: Path, title: str, day: date) -> bytes:
    """What is compiled: the properties PDF/A wants, then the template."""
    return (
        f"#set document(title: {json.dumps(title, ensure_ascii=False)}, "
        f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day}))\n"
        '#set text(font: "Tinos", lang: "vi", region: "VN", fallback: false)\n'
        f'#include "{template.name}"\n'
    ).encode()


def press(
    template: Path, data: Mapping[str, Any], *, title: str, day: date, fonts: Path, standard: str = "a-2b"
) -> tuple[bytes, list[Reserved]]:
    """The PDF (PDF/A-2b) and the places it keeps free. ``data`` reach the template as ``data`` of ``official.typ``.

    Raises FontsMissing and TemplateBroken (with Typst's own words: they are for the programmer).
    """
    import typst  # noqa: PLC0415

    known = _fonts(str(fonts)) if fonts.is_dir() else None
    if known is None:
        raise FontsMissing(folder=str(fonts))
    sources = {"main.typ": _main(template, title, day)} | _sources(template)
    compiler: Any = typst.Compiler
    compiled: Any = typst.compile  # its stubs do not know that sources may be a mapping
    setting: dict[str, Any] = {
        "root": _empty_root(),
        "font_paths": known,
        "ignore_system_fonts": True,
        "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
        "package_path": _empty_root(),
        "package_cache_path": _empty_root(),
    }
    try:
        # Two compilers: one whose sources are in memory forgets them after its first job (typst 0.15.2).
        pdf = compiled(sources, format="pdf", pdf_standards=[standard] if standard else [], **setting)
        places = json.loads(compiler(sources, **setting).query("<tinhso-reserved>", field="value"))
    except typst.TypstError as error:
        raise TemplateBroken(template=template.name, what=error.message, where="; ".join(error.trace)[:500]) from error
    return pdf, [Reserved(**place) for place in places]
