"""``tinhso demo`` never touches a database in which somebody works."""

import pytest

from tinhso.config.demo import opening
from tinhso.kernel.identity import api as identity
from tinhso.kernel.organisation import api as organisation


def test_a_real_database_is_refused_and_left_alone(country, db, run, raised):
    organisation.raise_province(identity.system("test"), "80", people=False)
    code, said = run("demo", "--no-serve")
    assert code == 1 and "real installation" in said
    assert run("demo", "--no-serve", "--fresh")[0] == 1
    assert raised == [] and organisation.home_province() == "80"
    with pytest.raises(RuntimeError):
        opening.wipe()
