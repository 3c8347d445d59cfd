"""``tinhso setup``, ``tinhso check`` and ``tinhso packs``: what the province's IT people see."""

import json
import shutil
from pathlib import Path

from django.conf import settings

from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger

PACK = Path(settings.PACKS) / "national" / "procedures" / "construction-permit-house.yaml"
ADMIN = ("--admin", "quantri", "--admin-name", "Nguyễn Văn Quản", "--password", "lua-thom-cau-tre-9")


def levels(output):
    return {finding["name"]: finding["level"] for finding in json.loads(output)["findings"]}


def test_setup_asks_for_what_it_was_not_told(country, db, home, run):
    answers = "80\nquantri\nNguyễn Văn Quản\n12345678\n12345678\nlua-thom-cau-tre-9\nlua-thom-cau-tre-9\n"
    code, said = run("setup", input=answers)
    assert code == 0, said
    assert "won't do" in said
    assert identity.account_by_username("quantri") is not None


def test_setup_refuses_a_demonstration_and_an_unknown_province(country, db, home, run):
    code, said = run("setup", "--province", "99", *ADMIN)
    assert code == 1 and "could not be finished" in said
    identity.mark_as_demo(identity.system("test"))
    code, said = run("setup", "--province", "80", *ADMIN)
    assert code == 1 and "demonstration" in said


def test_check_says_what_is_missing_and_how_to_mend_it(country, db, home, run):
    code, said = run("check", "--json")
    assert code == 1
    assert levels(said)["province"] == "fail"
    run("setup", "--province", "80", *ADMIN)
    code, said = run("check", "--json")
    found = levels(said)
    assert (found["province"], found["worker"], found["database"], found["keys"]) == ("ok", "warn", "ok", "ok")
    assert {name for name, level in found.items() if level == "fail"} <= {"fonts", "screens"}, said
    (home / "keys" / "ledger.key").chmod(0o644)
    code, said = run("check")
    assert code == 1 and f"chmod 600 {home / 'keys' / 'ledger.key'}" in said


def test_check_sees_a_worker_and_warns_of_a_demonstration(db, home, run):
    identity.mark_as_demo(identity.system("test"))
    while ledger.work_once():
        pass
    _, said = run("check", "--json")
    assert (levels(said)["worker"], levels(said)["purpose"]) == ("ok", "warn")


def test_check_names_files_that_have_lost_their_content(db, home, run):
    from tests import world

    ref = world.stored(identity.system("test"))
    shutil.rmtree(home / "files")
    code, said = run("check")
    assert code == 1 and ref.id in said


def test_packs_are_checked_without_loading_and_each_fault_has_line_and_remedy(db, run, tmp_path):
    assert run("packs", "check")[0] == 0
    broken = tmp_path / "broken.yaml"
    text = PACK.read_text(encoding="utf-8")
    broken.write_text(text.replace("to: assigning", "to: nowhere", 1), encoding="utf-8")
    code, said = run("packs", "check", broken)
    assert code == 1 and f"{broken}:" in said and "nowhere" in said
    code, said = run("packs", "load", broken)
    assert code == 1 and "Nothing was loaded" in said


def test_packs_are_loaded_and_loading_again_changes_nothing(country, db, run):
    code, said = run("packs", "load")
    assert code == 0 and "construction-permit-house" in said
    assert run("packs", "load")[1] == said
