"""Every template of ours can be read by the engine: no unknown tag or filter waits for the first visitor."""

from pathlib import Path

import pytest
from django.template import engines

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tinhso"
FOUND = sorted(p for p in SOURCE.rglob("templates/**/*") if p.suffix in {".html", ".txt"})


@pytest.mark.parametrize("path", FOUND, ids=lambda p: str(p.relative_to(SOURCE)))
def test_template_compiles(path: Path) -> None:
    engines["django"].from_string(path.read_text("utf-8"))
