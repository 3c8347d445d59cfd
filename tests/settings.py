"""Settings of the tests: the product's own, in a home of their own, with a fast password hash and no fsync."""

import os
import tempfile
from pathlib import Path

os.environ["TINHSO_HOME"] = tempfile.mkdtemp(prefix="tinhso-test-")

from tinhso.config.settings import *
from tinhso.config.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "django.contrib.auth.hashers.Argon2PasswordHasher"]
ALLOWED_HOSTS = ["*"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A real file, so that several connections see it; in memory where the machine has it, since a test keeps nothing.
    folder = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())
    DATABASES["default"]["TEST"] = {"NAME": str(folder / f"tinhso-test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

STATIC_ROOT = Path(os.environ["TINHSO_HOME"]) / "static"  # nothing is collected for tests, but it must be there
STATIC_ROOT.mkdir()
EDITION_SECONDS = 0
SITE_SECONDS = 0
