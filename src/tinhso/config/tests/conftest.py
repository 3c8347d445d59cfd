"""The command as it is typed, and a home of its own."""

import pytest
from click.testing import CliRunner

from tinhso.config.cli import main
from tinhso.config.demo import opening


@pytest.fixture
def run():
    """``run(*arguments)``: exit code and all that was said."""

    def invoke(*arguments, **of):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], **of)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return invoke


@pytest.fixture
def home(tmp_path, settings):
    """A home of this test alone, with the key that the settings keep there."""
    settings.HOME = tmp_path
    (tmp_path / "keys").mkdir(mode=0o700)
    key = tmp_path / "keys" / "django.key"
    key.write_text("for this test")
    key.chmod(0o600)
    return tmp_path


@pytest.fixture
def raised(monkeypatch):
    """What would have been raised; the command ends there."""
    wanted = []

    def note(what, step):
        wanted.append(what)
        raise SystemExit(0)

    monkeypatch.setattr(opening, "raise_demo", note)
    return wanted
