"""``tinhso demo``: a model province with every state of the permit, raised once, never in a real database."""

from click.testing import CliRunner
from django.db import connection
from django.test import Client

from tinhso.config.cli import main
from tinhso.config.demo import opening
from tinhso.config.demo.cast import CAST
from tinhso.config.demo.opening import Found, Wanted
from tinhso.kernel.cases import api as cases
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api as organisation


def run(*arguments):
    result = CliRunner().invoke(main, ["demo", "--no-serve", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def actor(username):
    return identity.actor_for(identity.account_by_username(username))


def test_every_state_is_there_and_the_second_run_changes_nothing(fresh_database):
    code, said = run("--dossiers", 29)
    assert code == 0, said
    assert "Nguyễn Thị Hồng Thắm" in said and "tinhso-demo" in said
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT step FROM cases_case WHERE type_code = 'construction-permit-house'")
        steps = {row[0] for row in cursor.fetchall()}
    waiting = {
        "filed",
        "correcting",
        "assigning",
        "handling",
        "supplement",
        "review",
        "signing",
        "numbering",
        "payment",
        "ready",
    }
    assert steps == waiting | {"returned", "refused", "withdrawn", "stopped"}
    assert {row.step for row in cases.my_cases(actor("tham"))} == {"supplement", "handling", "ready"}
    work = {"tam": "to_receive", "duc": "to_assign", "bao": "mine", "hoa": "to_sign", "lan": "to_number", "ykien": "asked"}
    for username, wanted in work.items():
        counts = {found.id: found.count for found in cases.work_lists(actor(username))}
        assert counts[wanted] > 0, f"{username} has nothing in {wanted}"
    overdue = {found.id: found.count for found in cases.work_lists(actor("bao"))}["overdue"]
    assert overdue > 0
    assert ledger.verify().ok
    assert not [state for state in ledger.follower_states() if state.error or state.behind > 1]
    size = ledger.sealed_size()
    code, said = run()
    assert code == 0 and "--fresh" in said and ledger.sealed_size() == size
    client = Client()
    for part in CAST:
        assert client.post("/account/sign-in/demo/", {"who": part.username}).status_code == 302


def test_an_interrupted_first_run_begins_again_from_scratch(fresh_database, raised):
    identity.mark_as_demo(identity.system("test"))
    organisation.load_calendar(identity.system("test"))
    assert opening.look() is Found.INTERRUPTED
    code, said = run("--province", 51, "--dossiers", 3)
    assert code == 0 and "interrupted" in said
    assert raised == [Wanted("51", 3, 1)]
    assert opening.look() is Found.EMPTY


def test_an_empty_database_is_what_it_wants(db, raised):
    assert opening.look() is Found.EMPTY
    assert run("--seed", 7)[0] == 0
    assert raised == [Wanted("80", opening.DOSSIERS, 7)]


def test_a_province_is_named_by_its_code():
    code, said = run("--province", "Tây Ninh")
    assert code == 2 and "80 (Tây Ninh)" in said
