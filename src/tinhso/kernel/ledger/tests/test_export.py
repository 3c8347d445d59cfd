"""The export and its offline verifier: whoever has the zip and the public key can check everything, without us."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tinhso.kernel.ledger import api, keys
from tinhso.kernel.ledger.engine import archive, canonical, offline
from tinhso.kernel.ledger.types import FaultKind

ROOT = Path(__file__).parents[5]
SIZE = 700


@pytest.fixture
def exported(db, sealed, note, tmp_path):
    """An export of 700 entries in rounds of 70, with one entry that was not sealed yet."""
    sealed(SIZE, 70)
    note("case:unsealed")
    path = tmp_path / "ledger.zip"
    assert api.export(path) == SIZE
    return path


@pytest.fixture
def rewritten(exported, tmp_path):
    """``rewritten(name, change)``: a copy in which one member's lines went through ``change``."""

    def copy(name, change):
        path = tmp_path / f"tampered-{name}.zip"
        with zipfile.ZipFile(exported) as old, zipfile.ZipFile(path, "w") as new:
            for member in old.namelist():
                content = old.read(member)
                new.writestr(member, change(content) if member == name else content)
        return path

    return copy


def in_lines(change):
    """Change a list of lines in place."""

    def apply(content):
        lines = content.splitlines(keepends=True)
        change(lines)
        return b"".join(lines)

    return apply


def named(report, kind):
    return [fault.position for fault in report.faults if fault.kind is kind]


def test_an_export_proves_itself(exported):
    report = offline.verify_export(exported, keys.public_keys(), api.head())
    assert report.ok, report.faults
    assert (report.size, report.heads, report.head) == (SIZE, 10, api.head())


def test_it_holds_what_its_own_description_says(exported):
    with zipfile.ZipFile(exported) as file:
        names = {"FORMAT.md", "entries.jsonl", "leaves.bin", "heads.jsonl", f"keys/{api.head().key_id}.pub", "manifest.json"}
        assert set(file.namelist()) == names
        lines = file.read("entries.jsonl").splitlines()
        assert len(lines) == SIZE
        assert file.read("leaves.bin")[32:64] == canonical.leaf(lines[1])
        assert json.loads(lines[1])["stream"] == "case:0"
        assert file.read("FORMAT.md").decode() == archive.FORMAT


def test_the_documentation_holds_the_description():
    assert archive.FORMAT.split("\n", 1)[1].strip() in (ROOT / "docs/ledger-format.md").read_text()


@pytest.mark.parametrize("place", [0, 100, 255, 256, 650, 699])
def test_a_changed_line_is_named(rewritten, place):
    def change(lines):
        lines[place] = lines[place].replace(b"ghi ch", b"sua ch")

    report = offline.verify_export(rewritten("entries.jsonl", in_lines(change)))
    (fault,) = report.faults
    assert (fault.kind, fault.position, fault.stream, fault.version) == (
        FaultKind.CHANGED,
        place,
        f"case:{place // 3}",
        place % 3 + 1,
    )


@pytest.mark.parametrize("place", [0, 100, 255, 256, 650])
def test_a_removed_line_is_named(rewritten, place):
    report = offline.verify_export(rewritten("entries.jsonl", in_lines(lambda lines: lines.pop(place))))
    assert [(f.kind, f.position) for f in report.faults] == [(FaultKind.REMOVED, place)]


def test_the_last_line_removed_is_named(rewritten):
    report = offline.verify_export(rewritten("entries.jsonl", in_lines(lambda lines: lines.pop())))
    assert [(f.kind, f.position) for f in report.faults] == [(FaultKind.REMOVED, 699)]


@pytest.mark.parametrize("place", [0, 100, 255, 256, 650, 700])
def test_an_added_line_is_named(rewritten, place):
    forged = canonical.dump({"stream": "forged", "version": 1}) + b"\n"
    report = offline.verify_export(rewritten("entries.jsonl", in_lines(lambda lines: lines.insert(place, forged))))
    assert [(f.kind, f.position, f.stream) for f in report.faults] == [(FaultKind.ADDED, place, "forged")]


@pytest.mark.parametrize(("one", "two"), [(3, 4), (0, 699), (255, 256), (100, 600)])
def test_swapped_lines_are_named(rewritten, one, two):
    def swap(lines):
        lines[one], lines[two] = lines[two], lines[one]

    report = offline.verify_export(rewritten("entries.jsonl", in_lines(swap)))
    assert sorted(named(report, FaultKind.REORDERED)) == sorted([one, two])
    assert len(report.faults) == 2


def test_an_emptied_line_is_named(rewritten):
    def empty(lines):
        lines[5] = b"\n"

    report = offline.verify_export(rewritten("entries.jsonl", in_lines(empty)))
    assert [(f.kind, f.position) for f in report.faults] == [(FaultKind.REMOVED, 5)]


def test_a_line_that_is_no_json_is_named_by_its_position(rewritten):
    def garble(lines):
        lines[5] = b"\xff{\n"

    (fault,) = offline.verify_export(rewritten("entries.jsonl", in_lines(garble))).faults
    assert (fault.kind, fault.position, fault.stream) == (FaultKind.CHANGED, 5, None)


def test_changed_leaf_hashes_are_told_from_changed_entries(rewritten):
    report = offline.verify_export(rewritten("leaves.bin", lambda content: bytes(32) + content[32:]))
    assert [(f.kind, f.position) for f in report.faults] == [(FaultKind.TREE, 0)]


def test_an_entry_and_its_leaf_hash_changed_is_bounded_by_the_heads(exported, tmp_path):
    path = tmp_path / "tampered.zip"
    with zipfile.ZipFile(exported) as old, zipfile.ZipFile(path, "w") as new:
        lines = old.read("entries.jsonl").splitlines()
        lines[200] = lines[200].replace(b"ghi ch", b"sua ch")
        leaves = old.read("leaves.bin")
        for member in set(old.namelist()) - {"entries.jsonl", "leaves.bin"}:
            new.writestr(member, old.read(member))
        new.writestr("entries.jsonl", b"".join(line + b"\n" for line in lines))
        new.writestr("leaves.bin", leaves[: 200 * 32] + canonical.leaf(lines[200]) + leaves[201 * 32 :])
    (fault,) = offline.verify_export(path).faults
    assert (fault.kind, fault.position) == (FaultKind.HEAD, 140)
    assert "positions 140 to 209" in fault.detail


def test_a_changed_head_is_named(rewritten):
    def change(lines):
        lines[2] = lines[2].replace(b'"size":210', b'"size":211')

    report = offline.verify_export(rewritten("heads.jsonl", in_lines(change)))
    assert [f.kind for f in report.faults] == [FaultKind.SIGNATURE]


def test_cut_short_with_its_heads_it_belies_its_manifest_and_a_head_kept_outside(rewritten, exported, tmp_path):
    path = rewritten("entries.jsonl", in_lines(lambda lines: lines.__delitem__(slice(630, None))))
    shorter = tmp_path / "shorter.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(shorter, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, b"".join(content.splitlines(keepends=True)[:-1]) if member == "heads.jsonl" else content)
    assert [f.kind for f in offline.verify_export(shorter).faults] == [FaultKind.HEAD]
    assert FaultKind.OUTSIDE in [f.kind for f in offline.verify_export(shorter, against=api.head()).faults]


def test_a_key_that_did_not_sign_proves_nothing(exported):
    stranger = Ed25519PrivateKey.generate().public_key()
    key, public = archive.public_key(keys.public_pem(stranger))
    report = offline.verify_export(exported, {key: public})
    assert {f.kind for f in report.faults} == {FaultKind.SIGNATURE}


def test_an_empty_ledger_can_be_exported(db, tmp_path):
    assert api.export(tmp_path / "empty.zip") == 0
    report = offline.verify_export(tmp_path / "empty.zip")
    assert (report.ok, report.head) == (True, None)
    assert offline.main([str(tmp_path / "empty.zip")]) == 0


def test_an_export_overwrites_nothing(exported):
    with pytest.raises(FileExistsError):
        api.export(exported)


def test_progress_is_told(db, sealed, tmp_path):
    sealed(10, 10)
    seen = []
    api.export(tmp_path / "x.zip", progress=lambda *step: seen.append(step))
    assert seen == [(10, 10)]


def test_what_is_no_export_is_refused(tmp_path, rewritten):
    (tmp_path / "no.zip").write_bytes(b"no zip")
    for path, why in [
        (tmp_path / "no.zip", "not a zip"),
        (tmp_path / "absent.zip", "No such file"),
        (rewritten("manifest.json", lambda _: b'{"format":2}'), "format 2"),
        (rewritten("heads.jsonl", lambda _: b"{}"), "not a signed head"),
    ]:
        with pytest.raises(archive.NotAnArchive, match=why):
            offline.verify_export(path)


def test_what_is_no_public_key_is_refused():
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for content in (b"none", pem):
        with pytest.raises(archive.NotAnArchive):
            archive.public_key(content)


def test_a_faulty_ledger_can_be_exported_and_the_export_tells(fresh_database, sealed, tamper, tmp_path):
    sealed(30, 10)
    tamper(
        "UPDATE ledger_entry SET actor = 'account:other' WHERE id = (SELECT entry_id FROM ledger_seal WHERE position = 7)",
        "DELETE FROM ledger_seal WHERE position = 8",
    )
    api.export(tmp_path / "x.zip")
    report = offline.verify_export(tmp_path / "x.zip")
    assert (FaultKind.CHANGED, 7) in [(f.kind, f.position) for f in report.faults]
    assert (FaultKind.REMOVED, 8) in [(f.kind, f.position) for f in report.faults]


# --- the command ---


@pytest.fixture
def kept(exported, tmp_path):
    """Files kept elsewhere: the public key and a head."""
    key = keys.folder() / f"ledger-{api.head().key_id}.pub"
    head = tmp_path / "head.json"
    head.write_text(json.dumps(archive.head_as_json(api.head())))
    return str(key), str(head)


def test_it_runs_alone_and_without_django(exported, kept):
    code = (
        "import sys; from tinhso.kernel.ledger.engine.offline import main; code = main(sys.argv[1:]);"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django']; sys.exit(code)"
    )
    command = [sys.executable, "-c", code, str(exported), "--key", kept[0], "--against", kept[1]]
    said = subprocess.run(command, env={"PYTHONPATH": "src"}, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "700 entries, 10 signed heads" in said.stdout
    assert "OK: the record is whole" in said.stdout


def test_the_command_says_where_its_key_came_from(exported, capsys):
    assert offline.main([str(exported)]) == 0
    assert "came from the export itself" in capsys.readouterr().out


def test_the_command_names_the_fault(rewritten, capsys):
    def change(lines):
        lines[9] = lines[9].replace(b"ghi ch", b"sua ch")

    path = rewritten("entries.jsonl", in_lines(change))
    assert offline.main([str(path)]) == 1
    assert "CHANGED position 9, case:3 version 1: it is not what was sealed here" in capsys.readouterr().out
    assert offline.main([str(path), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["faults"][0]["stream"] == "case:3"


@pytest.mark.parametrize("given", [["absent.zip"], ["{exported}", "--key", "absent"], ["{exported}", "--against", __file__]])
def test_what_can_not_be_read_ends_with_two(exported, capsys, given):
    assert offline.main([part.format(exported=exported) for part in given]) == 2
    assert "can't verify" in capsys.readouterr().err
