"""Setting documents with Typst.

A template sees its own folder, the shared library ``official.typ`` and its data, nothing else: sources are handed over in
memory, the root is an empty folder, fonts come from one folder (Tinos), system fonts are ignored, packages can't be loaded.
"""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
    italic: bool = False


@lru_cache(maxsize=4)
def _fonts(folder: str) -> Any:
    import typst  # noqa: PLC0415  heavy: only where a document is set

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return fonts if fonts.families() else None


@lru_cache(maxsize=1)
def _empty_root() -> str:
    """A folder with nothing in it, for as long as this process lives."""
    return tempfile.mkdtemp(prefix="tinhso-press-")


def _sources(template: Path, files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Text and pictures: the shared library, the template's folder (one level) and ``files`` over it, by name."""
    found: dict[str, bytes] = {}
    for folder in (LIBRARY, template.parent):
        found |= {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix in _READABLE}
    found |= files
    text = {name: content for name, content in found.items() if not name.endswith(".png")}
    for name, source in text.items():
        if name.endswith(".typ") and _PACKAGE.search(source):  # Typst would go and fetch it from the Internet
            raise TemplateBroken(template=name, what="a package is imported; copy what is needed beside the template", where="")
    return text, {name: content for name, content in found.items() if name.endswith(".png")}


@contextmanager
def _root(pictures: Mapping[str, bytes]) -> Iterator[str]:
    """What Typst takes for the whole disk: an empty folder, or one that holds the pictures (sources in memory must be text)."""
    if not pictures:
        yield _empty_root()
        return
    with tempfile.TemporaryDirectory(prefix="tinhso-press-") as folder:
        for name, content in pictures.items():
            (Path(folder) / Path(name).name).write_bytes(content)
        yield folder


def _run(sources: Mapping[str, bytes], setting: Mapping[str, Any], tags: bool) -> tuple[bytes, list[dict[str, Any]]]:
    """The PDF and what ``reserve`` left in it. Two compilers: one whose sources are in memory forgets them after a job."""
    import typst  # noqa: PLC0415

    compiler: Any = typst.Compiler
    compiled: Any = typst.compile  # its stubs do not know that sources may be a mapping
    pdf = compiled(sources, format="pdf", pdf_standards=["a-2b"], pdf_tags=tags, **setting)
    return pdf, json.loads(compiler(sources, **setting).query("<tinhso-reserved>", field="value"))


def _main(template: Path, title: str, day: date) -> bytes:
    """What is compiled: the properties PDF/A wants, then the template."""
    return (
        f"#set document(title: {json.dumps(title, ensure_ascii=False)}, "
        f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day}))\n"
        '#set text(font: "Tinos", lang: "vi", region: "VN", fallback: false)\n'
        f'#include "{template.name}"\n'
    ).encode()


def press(
    template: Path,
    data: Mapping[str, Any],
    *,
    title: str,
    day: date,
    fonts: Path,
    files: Mapping[str, bytes] | None = None,
    tags: bool = True,
) -> tuple[bytes, list[Reserved]]:
    """The PDF (PDF/A-2b) and the places it keeps free. ``data`` reach the template as ``data`` of ``official.typ``.

    ``files`` are pictures beside the template; ``tags`` False leaves out the structure for screen readers (stamps).
    Raises FontsMissing and TemplateBroken (with Typst's own words: they are for the programmer).
    """
    known = _fonts(str(fonts)) if fonts.is_dir() else None
    if known is None:
        raise FontsMissing(folder=str(fonts))
    sources, pictures = _sources(template, files or {})
    sources["main.typ"] = _main(template, title, day)
    setting: dict[str, Any] = {
        "font_paths": known,
        "ignore_system_fonts": True,
        "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
        "package_path": _empty_root(),
        "package_cache_path": _empty_root(),
    }
    try:
        with _root(pictures) as root:
            pdf, places = _run(sources, setting | {"root": root}, tags)
    except RuntimeError as error:  # typst.TypstError where Typst has words of its own, a plain one where it has not
        what = getattr(error, "message", str(error))
        trace = "; ".join(getattr(error, "trace", []))[:500]
        raise TemplateBroken(template=template.name, what=what, where=trace) from error
    return pdf, [Reserved(**place) for place in places]
