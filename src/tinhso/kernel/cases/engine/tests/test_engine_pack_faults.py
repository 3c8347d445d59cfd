"""Each kind of fault a pack can have (pack_faults.yaml): the message names the line, what is wrong, and what to do about it."""

from pathlib import Path

import pytest
import yaml

from tinhso.kernel.cases.engine import pack
from tinhso.kernel.cases.engine.pack_text import PackText
from tinhso.kernel.cases.types import PackInvalid

FAULTS = yaml.safe_load(Path(__file__).with_name("pack_faults.yaml").read_text("utf-8"))


@pytest.mark.parametrize("row", FAULTS, ids=[row["what"] for row in FAULTS])
def test_a_fault_is_named_with_its_line_and_its_remedy(good, family, row):
    assert row["good"] in good, "the pack has changed: this row changes nothing"
    broken = good.replace(row["good"], row["bad"], 1)
    with pytest.raises(PackInvalid) as caught:
        pack.load(broken, {family.code: family}, "permit.yaml")
    faults = caught.value.params["faults"]
    matching = [f for f in faults if row["what"] in f.what and row["remedy"] in f.remedy]
    assert matching, [str(f) for f in faults]
    lines = broken.splitlines()
    assert any(row["line"] in lines[f.line - 1] for f in matching), [(f.line, lines[f.line - 1]) for f in matching]
    assert all(f.file == "permit.yaml" for f in faults)


def test_several_faults_are_told_at_once_in_the_order_of_the_file(good, family):
    broken = good.replace("by: services.signer", "by: services.singer", 1).replace("status: 9\n", "status: 99\n", 1)
    with pytest.raises(PackInvalid) as caught:
        pack.load(broken, {family.code: family}, "permit.yaml")
    faults = caught.value.params["faults"]
    assert [f.what for f in faults] == ["there is no status '99'", "there is no role 'services.singer'"]
    assert (caught.value.params["line"], caught.value.params["what"]) == (faults[0].line, faults[0].what)
    assert str(faults[0]).startswith(f"permit.yaml:{faults[0].line}: there is no status '99'. Known: 1, 10, 2")


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b"", 1, "no declaration"),
        (b"- a\n- b\n", 1, "no declaration"),
        (b"type: x\nname: \xff\n", 2, "not UTF-8"),
        (b"type: \x00x\n", 1, "cannot be read"),
        (b"type: x\n", 1, "lacks 'family'"),
    ],
)
def test_what_is_no_declaration_at_all_is_refused_too(tmp_path, family, content, line, what):
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(PackInvalid) as caught:
        pack.load(path, {family.code: family})
    first = caught.value.params["faults"][0]
    assert (first.line, first.file) == (line, str(path))
    assert what in first.what


def test_a_family_nobody_declares_is_named_even_when_there_is_none(good):
    with pytest.raises(PackInvalid) as caught:
        pack.load(good, {})
    assert caught.value.params["remedy"] == "Known: none"


def test_the_same_text_is_the_same_version_and_another_text_is_not(good, family):
    first = pack.load(good, {family.code: family})
    assert first.version == pack.load(good, {family.code: family}).version
    assert first.version.startswith("2025-07-01.")
    assert first.version != pack.load(good + "\n# a comment\n", {family.code: family}).version
    assert (first.code, first.public.step("ready").status) == ("construction-permit-house", 9)
    assert first.text == good


def test_what_only_several_changes_break(good, family):
    def whats(text):
        with pytest.raises(PackInvalid) as caught:
            pack.load(text, {family.code: family}, "permit.yaml")
        return " ".join(f.what for f in caught.value.params["faults"])

    assert "for the assignee only, but nothing assigns" in whats(good.replace("    does: assign\n", ""))
    result = good[good.index("  - code: permit\n    title: { vi: Giấy phép") : good.index("tasks:\n")]
    assert "two results are called 'permit'" in whats(good.replace("tasks:\n", result + "tasks:\n", 1))


def test_a_type_may_do_without_extension_fees_and_tasks(good, family):
    begin, end = good.index("extension:\n"), good.index("form:\n")
    typed = pack.load(good[:begin] + good[end:], {family.code: family})
    assert typed.extension is None


def test_a_fault_without_a_line_of_its_own_is_shown_at_the_nearest():
    text = PackText("f.yaml", lines={(): 1, ("moves", 2): 7})
    text.fault(("moves", 2, "to", "when"), "something is wrong", "Mend it")
    assert str(text.faults[0]) == "f.yaml:7: something is wrong. Mend it."
