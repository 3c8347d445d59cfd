"""The icons: drawn inline from the Lucide sprite that the set-up builds, so that no page waits for a second file."""

import logging
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

log = logging.getLogger("tinhso.ui")

_SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
_OLD_NAMES = {
    "home": "house",
    "help-circle": "circle-question-mark",
    "alert-circle": "circle-alert",
    "alert-triangle": "triangle-alert",
}
_BLANK = re.compile(r"\s*\n\s*")


def sprite_path() -> Path:
    """Where ``config/frontend.py`` puts the sprite."""
    return Path(settings.ROOT) / "build" / "static" / "vendor" / "icons.svg"


@lru_cache(maxsize=1)
def symbols() -> dict[str, str]:
    """Every icon's drawing by name; empty when the front-end files were not built."""
    path = sprite_path()
    if not path.exists():
        log.error("no icons: run src/tinhso/config/frontend.py (bin/demo and bin/test do)")
        return {}
    return {name: _BLANK.sub("", drawing) for name, drawing in _SYMBOL.findall(path.read_text("utf-8"))}


def draw(name: str, label: str = "", extra_class: str = "") -> SafeString:
    """An icon as inline SVG. Without a label it is decoration: a word must stand beside it.

    A name that the sprite does not have draws a plain circle and is logged: a pack may name an icon that a later version
    of the sprite dropped, and no page shall fail for that.
    """
    drawing = symbols().get(_OLD_NAMES.get(name, name))
    if drawing is None:
        if symbols():
            log.warning("no icon named %r", name)
        drawing = '<circle cx="12" cy="12" r="9"/>'
    classes = escape(f"i {extra_class}".strip())
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(f'<svg class="{classes}" viewBox="0 0 24 24" {said}>{drawing}</svg>')  # noqa: S308  our own sprite
