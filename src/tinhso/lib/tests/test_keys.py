"""Secrets are made once, with tight modes, and never replaced."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from tinhso.lib import keys


def test_a_secret_is_made_once_with_tight_modes(tmp_path):
    path = tmp_path / "keys" / "one.key"
    assert keys.secret(path, lambda: b"first") == b"first"
    assert keys.secret(path, lambda: b"second") == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["one.key"]


def test_several_that_begin_at_once_agree(tmp_path):
    path = tmp_path / "keys" / "one.key"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda number: keys.secret(path, lambda: str(number).encode()), range(32)))
    assert len(found) == 1


def test_a_secret_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "one.key"
    path.write_bytes(b"x")
    path.chmod(0o644)
    with pytest.raises(keys.KeyUnsafe, match="chmod 600"):
        keys.secret(path, lambda: b"y")
