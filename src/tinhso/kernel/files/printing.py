"""Setting documents: the door to the press, with this installation's fonts."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from tinhso.kernel.files.adapters import pades, press


def render_pdf(
    template: Path,
    data: Mapping[str, Any],
    *,
    title: str,
    date: date,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Set ``template`` (Typst, may import ``official.typ``) with ``data`` (JSON values) as PDF/A-2b in Tinos.

    ``title`` and ``date`` become properties of the document; ``pictures`` are files that the template names. Places that the
    template reserves (``reserve("leader")``) become empty form fields, so that later signatures leave earlier ones whole.
    Raises FontsMissing, TemplateBroken.
    """
    pdf, places = press.press(template, data, title=title, day=date, fonts=Path(settings.FONTS_DIR), files=pictures)
    return pades.add_places(pdf, places)


def render_look(name: str, data: Mapping[str, Any], *, day: date, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """One of our own small drawings (``look-*.typ``), without structure: it becomes part of another document."""
    template = press.LIBRARY / f"look-{name}.typ"
    fonts = Path(settings.FONTS_DIR)
    return press.press(template, data, title=name, day=day, fonts=fonts, files=pictures, tags=False)[0]
