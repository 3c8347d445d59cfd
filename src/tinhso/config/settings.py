"""All settings. Deployment only; run-time choices are rows with an owner."""

import secrets
from pathlib import Path

from tinhso.config import env
from tinhso.lib import keys

ROOT = Path(__file__).resolve().parents[3]
HOME = Path(env.text("TINHSO_HOME", "var")).resolve()
"""Everything this installation keeps: database (SQLite), files, keys, mail of the demo."""
PACKS = Path(env.text("TINHSO_PACKS", str(ROOT / "packs")))
"""The province as data."""
FONTS_DIR = ROOT / "build" / "fonts"
"""Tinos, for documents; put there by the set-up."""

KEYS = HOME / "keys"
"""Secrets, made on first use with mode 0600; to be backed up apart from the database."""
SECRET_KEY = keys.secret(KEYS / "django.key", lambda: secrets.token_urlsafe(64).encode()).decode()
DEBUG = env.flag("TINHSO_DEBUG")
ALLOWED_HOSTS = env.words("TINHSO_HOSTS", "localhost,127.0.0.1,[::1]")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "tinhso.kernel.ledger",
    "tinhso.kernel.organisation",
    "tinhso.kernel.identity",
    "tinhso.kernel.files",
    "tinhso.kernel.payments",
    "tinhso.kernel.messages",
    "tinhso.kernel.cases",
    "tinhso.ui",
    "tinhso.apps.services",
    "tinhso.portals.citizen",
    "tinhso.portals.desk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tinhso.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tinhso.ui.middleware.ProblemMiddleware",
    "tinhso.ui.middleware.AccessMiddleware",
]
ROOT_URLCONF = "tinhso.config.urls"
WSGI_APPLICATION = "tinhso.config.wsgi.application"
AUTH_USER_MODEL = "identity.Account"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tinhso.ui.context.shared",
            ]
        },
    }
]

# Sign-in and sessions: docs/decisions/0004-identity.md says why each.
LOGIN_URL = "account_login"
OFFICIAL_LOGIN_URL = "account_official_login"
SECOND_FACTOR_URL = "mfa_activate_totp"
RESUME_URL = "account_resume"
SESSION_COOKIE_AGE = 60 * env.number("TINHSO_SESSION_MINUTES", 120)
"""Seconds without use after which a session ends."""
SESSION_LONGEST = 12 * 3600
"""Seconds after which a session ends however much it is used."""
CSRF_FAILURE_VIEW = "tinhso.ui.problems.form_expired"

DATABASES = {"default": env.database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS: list[Path] = []
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH: list[str] = []
SITE_SECONDS = 60
"""How long a process remembers the province's name and whether this is a demonstration."""

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "collected"
STATICFILES_DIRS = [p for p in [ROOT / "build" / "static"] if p.is_dir()]

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

FILES = {
    "scanner": env.text("TINHSO_SCANNER", "none"),
    "timestamps": env.text("TINHSO_TSA", ""),
}
"""``scanner``: ``none``, ``tcp://host:3310`` or ``unix:///path``. ``timestamps``: address of an RFC 3161 authority."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("TINHSO_LOG", "WARNING")},
}
