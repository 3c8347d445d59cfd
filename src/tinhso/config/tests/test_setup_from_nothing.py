"""``tinhso setup`` on an empty database: a whole province, once."""

from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api as organisation

ADMIN = ("--admin", "quantri", "--admin-name", "Nguyễn Văn Quản", "--password", "lua-thom-cau-tre-9")


def test_a_province_is_set_up_from_an_empty_database_and_only_once(db, home, run):
    code, said = run("setup", "--province", "51", *ADMIN)
    assert code == 0, said
    assert "Quảng Ngãi" in said and "TINHSO_SMTP_HOST" in said
    assert organisation.home_province() == "51"
    units = organisation.units()
    assert any(unit.kind == "commune-psc" for unit in units)
    assert all(not organisation.officials_at(unit.key) for unit in units[:20]), "real provinces appoint their own people"
    account = identity.account_by_username("quantri")
    assert account is not None and account.check_password("lua-thom-cau-tre-9")
    assert any(grant.role == identity.ADMINISTRATOR for grant in identity.actor_for(account).grants)
    assert {"identifiers.key", "ledger.key"} <= {path.name for path in (home / "keys").iterdir()}
    entries = ledger.sealed_size()
    code, said = run("setup")
    assert code == 0 and "There is an administrator" in said
    assert ledger.sealed_size() == entries
