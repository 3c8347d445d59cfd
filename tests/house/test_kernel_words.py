"""The kernel knows no kind of case: no word of any app's, its code, its roles, its case types, stands in it."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
KERNEL = ROOT / "src/tinhso/kernel"
PACKS = sorted((ROOT / "packs/national").glob("*/*.yaml"))


def declared() -> set[str]:
    """Codes that apps and packs declare: apps' own prefixes, case types, fields of law, result templates."""
    words = {f"{path.name}." for path in (ROOT / "src/tinhso/apps").iterdir() if (path / "apps.py").exists()}
    for path in PACKS:
        pack = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        if isinstance(pack, dict) and "type" in pack and "family" in pack:
            words |= {pack["type"], pack["family"], pack["field"]["code"]}
            words |= {result["template"] for result in pack.get("results", ())}
    return words


def sources() -> dict[str, str]:
    """The kernel's own files: code, schemas; not its tests."""
    found = [path for path in KERNEL.rglob("*") if path.suffix in (".py", ".json") and "tests" not in path.parts]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in found}


def said(words: set[str], files: dict[str, str]) -> list[str]:
    """Each place where a file says one of the words in code: strings and names, not what a docstring gives as an example."""
    told = []
    for name, text in files.items():
        code = re.sub(r'"""[\s\S]*?"""', "", text)
        for word in sorted(words):
            tail = "" if word.endswith(".") else r"(?![\w-])"
            if re.search(rf"(?<![\w.-]){re.escape(word)}{tail}", code):
                told.append(f"{name} says {word}")
    return told


def test_the_kernel_has_no_word_of_any_kind_of_case() -> None:
    words = declared()
    assert {"feedback.", "street-report", "services.", "construction-permit-house"} <= words
    assert said(words, sources()) == []


@pytest.mark.parametrize("line", ['if family == "feedback.report":', 'ROLE = "services.intake"', 'TYPE = "street-report"'])
def test_a_word_of_an_app_is_found(line: str) -> None:
    assert said(declared(), {"kernel/planted.py": line})
