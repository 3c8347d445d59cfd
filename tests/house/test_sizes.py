"""Nothing grows into a god: files, functions and classes have a size at which they are parted."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE, FUNCTION, CLASS, METHODS, P95 = 800, 60, 300, 25, 45


def _python() -> list[Path]:
    return [p for p in (ROOT / "src").rglob("*.py") if "migrations" not in p.parts and "tests" not in p.parts]


def _span(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1  # type: ignore[attr-defined]


def faults(name: str, source: str) -> list[str]:
    """What is too large in one file."""
    found = []
    lines = source.count("\n")
    if lines > FILE:
        found.append(f"{name}: {lines} lines, at most {FILE}")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and _span(node) > FUNCTION:
            found.append(f"{name}:{node.lineno} {node.name}: {_span(node)} lines, at most {FUNCTION}")
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(n, ast.FunctionDef) for n in node.body)
            if _span(node) > CLASS or methods > METHODS:
                found.append(f"{name}:{node.lineno} {node.name}: {_span(node)} lines, {methods} methods")
    return found


def test_everything_is_small_enough():
    assert [f for p in _python() for f in faults(str(p.relative_to(ROOT)), p.read_text())] == []


def test_most_functions_are_short():
    spans = sorted(_span(n) for p in _python() for n in ast.walk(ast.parse(p.read_text())) if isinstance(n, ast.FunctionDef))
    assert spans[int(len(spans) * 0.95)] <= P95


def test_templates_and_styles_are_small_enough():
    long = [p for kind in ("html", "css", "js", "typ") for p in (ROOT / "src").rglob(f"*.{kind}")]
    assert [str(p) for p in long if p.read_text().count("\n") > FILE] == []


def test_what_is_too_large_is_found():
    body = "\n".join("    x = 1" for _ in range(61))
    assert faults("planted.py", f"def grown():\n{body}\n") == ["planted.py:1 grown: 62 lines, at most 60"]
    assert faults("planted.py", "x = 1\n" * 801) == ["planted.py: 801 lines, at most 800"]
