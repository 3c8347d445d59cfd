"""Keeps the translation files in step with the code::

    .venv/bin/python -m tinhso.config.translations          # add new texts, drop old ones, list what has no Vietnamese
    .venv/bin/python -m tinhso.config.translations --check  # only say what is out of step

Each room that shows text keeps its own ``locale/vi/LC_MESSAGES/django.po``: English msgids, complete Vietnamese. Needs no
gettext programs: Babel reads Python, Django's own ``templatize`` turns a template into something Babel reads.
"""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[3]
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
VOLATILE = tuple(
    f'"{name}'.encode()
    for name in (
        "POT-Creation",
        "PO-Revision",
        "Last-Translator",
        "Language-Team",
        "Project-Id",
        "Generated-By",
        "Report-Msgid",
    )
)
"""Header lines that would change with every run."""
HEADER = "# Vietnamese words of this room. Kept in step by tinhso.config.translations.\n#"


def rooms(root: Path = ROOT) -> list[Path]:
    """The rooms that show text: ``ui``, every app, every portal."""
    source = root / "src" / "tinhso"
    folders = [source / "ui", *sorted((source / "apps").iterdir()), *sorted((source / "portals").iterdir())]
    return [folder for folder in folders if (folder / "__init__.py").exists()]


def _sources(room: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(room.rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            yield path, path.read_text("utf-8")
    for kind in ("*.html", "*.txt"):
        for path in sorted(room.rglob(f"templates/**/{kind}")):
            yield path, templatize(path.read_text("utf-8"), origin=str(path))


def texts(room: Path) -> Catalog:
    """Every text of a room that can be translated."""
    catalog = Catalog(locale="vi", header_comment=HEADER, charset="utf-8", fuzzy=False)
    for path, code in _sources(room):
        found = extract("python", io.BytesIO(code.encode("utf-8")), keywords=KEYWORDS)
        for _line, message, _comments, context in found:
            if message and message != ("", ""):
                catalog.add(message, context=context, locations=[(str(path.relative_to(room)), 0)])
    return catalog


def po_path(room: Path) -> Path:
    """Where a room keeps its Vietnamese."""
    return room / "locale" / "vi" / "LC_MESSAGES" / "django.po"


def known(room: Path) -> Catalog:
    """What a room has translated so far."""
    path = po_path(room)
    if not path.exists():
        return Catalog(locale="vi")
    with path.open("rb") as file:
        return read_po(file, locale="vi", abort_invalid=True)


def _key(message: Message) -> tuple[str, str]:
    first = message.id[0] if isinstance(message.id, list | tuple) else message.id
    return str(first), message.context or ""


def merged(room: Path) -> Catalog:
    """The room's texts with the Vietnamese that is there already; texts that are gone are left out."""
    old = {_key(message): message for message in known(room) if message.id}
    catalog = texts(room)
    for message in catalog:
        before = old.get(_key(message))
        if message.id and before is not None:
            plural = isinstance(message.id, list | tuple)
            said = before.string
            if plural and isinstance(said, str):
                message.string = (said,)
            elif not plural and isinstance(said, list | tuple):
                message.string = said[0]
            else:
                message.string = said
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """The texts without Vietnamese."""
    missing = []
    for message in catalog:
        said = message.string if isinstance(message.string, str) else "".join(message.string or ())
        if message.id and not said:
            missing.append(_key(message)[0])
    return missing


def _written(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=128, sort_output=True, omit_header=False, include_lineno=False)
    lines = [line for line in buffer.getvalue().splitlines(keepends=True) if not line.startswith(VOLATILE)]
    return b"".join(lines)


def out_of_step(room: Path) -> list[str]:
    """What is wrong with a room's translations: texts without Vietnamese, and texts that are no more."""
    catalog = merged(room)
    now = {_key(message) for message in catalog if message.id}
    gone = [f"no longer used: {_key(m)[0]!r}" for m in known(room) if m.id and _key(m) not in now]
    return [f"no Vietnamese: {text!r}" for text in untranslated(catalog)] + gone


def update(room: Path) -> list[str]:
    """Writes the room's file anew; the texts that still want Vietnamese."""
    catalog = merged(room)
    if not any(message.id for message in catalog):
        return []
    path = po_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_written(catalog))
    return untranslated(catalog)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 when something wants a translator."""
    parser = argparse.ArgumentParser(description="Keep the translation files in step with the code.")
    parser.add_argument("--check", action="store_true", help="change nothing, only report")
    options = parser.parse_args(arguments)
    wanting = 0
    for room in rooms():
        for fault in out_of_step(room) if options.check else update(room):
            wanting += 1
            sys.stdout.write(f"{room.relative_to(ROOT)}: {fault}\n")
    sys.stdout.write(f"{wanting} texts want attention\n" if wanting else "all texts have their Vietnamese\n")
    return 1 if wanting else 0


if __name__ == "__main__":
    raise SystemExit(main())
