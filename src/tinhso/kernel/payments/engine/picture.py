"""Pictures of QR payloads. Making one takes about 25 ms, so they are kept: a payload always looks the same."""

import io
from functools import lru_cache

import segno

_BORDER = 4
"""Modules of quiet zone, as ISO 18004 asks."""


@lru_cache(maxsize=512)
def svg(payload: str) -> str:
    """The QR as an ``<svg>`` element to place in a page: no ``style``, no fixed size, so it works under a strict CSP."""
    out = io.BytesIO()
    segno.make_qr(payload, error="m").save(
        out, kind="svg", border=_BORDER, xmldecl=False, omitsize=True, svgclass="qr", lineclass=None, light="#ffffff"
    )
    return out.getvalue().decode()
