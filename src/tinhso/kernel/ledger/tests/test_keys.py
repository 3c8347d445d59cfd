"""The signing key: made once, tightly kept, never replaced in silence."""

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tinhso.kernel.ledger import api, keys
from tinhso.kernel.ledger.engine import heads
from tinhso.kernel.ledger.types import KeyMissing


@pytest.fixture
def home(settings, tmp_path):
    """An installation's home of this test alone."""
    settings.HOME = tmp_path / "var"
    return settings.HOME / "keys"


def pem(private):
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_the_first_head_makes_the_key(db, home, note):
    note()
    api.seal()
    assert stat.S_IMODE((home / "ledger.key").stat().st_mode) == 0o600
    (public,) = home.glob("ledger-*.pub")
    assert public.name == f"ledger-{api.head().key_id}.pub"
    assert sorted(p.name for p in home.iterdir()) == sorted(["ledger.key", public.name])
    assert api.verify().ok


def test_a_lost_key_is_an_error_and_appending_goes_on(db, home, note):
    note()
    api.seal()
    (home / "ledger.key").rename(home / "elsewhere")
    note("case:1", 2)
    with pytest.raises(KeyMissing) as caught:
        api.seal()
    assert caught.value.params == {"path": str(home / "ledger.key"), "key_id": api.head().key_id}
    assert not (home / "ledger.key").exists()
    assert api.sealed_size() == 1
    assert api.verify().ok
    (home / "elsewhere").rename(home / "ledger.key")
    assert api.seal() == 2


def test_another_key_in_its_place_is_an_error(db, home, note):
    note()
    api.seal()
    (home / "ledger.key").write_bytes(pem(Ed25519PrivateKey.generate()))
    note()
    with pytest.raises(KeyMissing, match="found"):
        api.seal()


@pytest.mark.parametrize("content", [b"", b"no key at all", pem(ec.generate_private_key(ec.SECP256R1()))])
def test_what_is_no_key_is_an_error(db, home, note, content):
    home.mkdir(parents=True)
    (home / "ledger.key").write_bytes(content)
    note()
    with pytest.raises(KeyMissing):
        api.seal()
    assert api.sealed_size() == 0


def test_the_quicker_of_two_makers_wins(home, monkeypatch):
    theirs = Ed25519PrivateKey.generate()
    link = keys.os.link

    def too_late(draft, path):
        path.write_bytes(pem(theirs))
        link(draft, path)

    monkeypatch.setattr(keys.os, "link", too_late)
    assert heads.key_id(keys.signing_key(None).public_key()) == heads.key_id(theirs.public_key())
    assert [p.name for p in home.iterdir()] == ["ledger.key"]


def test_old_public_keys_are_kept_and_others_passed_over(home):
    keys.signing_key(None)
    old = Ed25519PrivateKey.generate().public_key()
    (home / "ledger-old.pub").write_bytes(keys.public_pem(old))
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    (home / "ledger-other.pub").write_bytes(other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert set(keys.public_keys()) == {heads.key_id(old), heads.key_id(keys.signing_key(None).public_key())}


def test_without_keys_there_are_none(home):
    assert keys.public_keys() == {}
