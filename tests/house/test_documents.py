"""What documents for developers name exists: a path that moved is found here, not by a newcomer."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")]
DOCUMENTS += sorted((ROOT / "docs" / "decisions").glob("*.md"))
_NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|yaml|toml))`")
_LINKED = re.compile(r"\]\((?!https?:)([^)#]+)\)")
OUTSIDE = ("TINHSO_HOME/", "HOME/", ".venv/", "build/", "locale/", "engine/", "adapters/", "tests/journeys/")
"""Made at run time, or the name of a folder that several rooms have."""


def lost(text: str, folder: Path) -> list[str]:
    """The files and folders that a document names and that are not there, from the root or from ``src/tinhso``."""
    named = [name for name in _NAMED.findall(text) if not name.startswith(OUTSIDE)]
    tree = [str(path.relative_to(ROOT)) for top in ("src", "tests", "docs", "packs", "bin") for path in (ROOT / top).rglob("*")]
    tree += [path.name for path in ROOT.iterdir()]
    ends = {"/".join(parts[n:]) for path in tree for parts in [path.split("/")] for n in range(len(parts))}
    there = ends | {name.removesuffix(".py") for name in ends if name.endswith(".py")}
    gone = [n for n in named if n.rstrip("/") not in there and n.rpartition(".")[0] not in there]
    return gone + [n for n in _LINKED.findall(text) if not (folder / n).exists()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_is_there(path: Path) -> None:
    assert lost(path.read_text(), path.parent) == []


def test_a_lost_path_is_found() -> None:
    said = "See `tests/house/test_routes.py`, `kernel/cases/api.py`, `gone.py` and [this](NOWHERE.md)."
    assert lost(said, ROOT) == ["tests/house/test_routes.py", "gone.py", "NOWHERE.md"]
