"""All settings. Deployment only; run-time choices are rows with an owner."""

import secrets
from pathlib import Path

from tinhso.config import env
from tinhso.lib import keys

ROOT = Path(__file__).resolve().parents[3]
HOME = Path(env.text("TINHSO_HOME", "var")).resolve()
"""Everything this installation keeps: database (SQLite), files, keys, mail of the demo."""
PACKS = Path(env.text("TINHSO_PACKS", str(ROOT / "packs")))
"""The folder of packs: the province as data."""
FONTS_DIR = ROOT / "build" / "fonts"
"""Tinos, for documents; put there by the set-up."""

KEYS = HOME / "keys"
"""Secrets, made on first use with mode 0600; to be backed up apart from the database."""
SECRET_KEY = keys.secret(KEYS / "django.key", lambda: secrets.token_urlsafe(64).encode()).decode()
DEBUG = env.flag("TINHSO_DEBUG")
"""Shows traces in the browser: for developers only."""
ALLOWED_HOSTS = env.words("TINHSO_HOSTS", "localhost,127.0.0.1,[::1]")
"""The names by which people reach the system; a request by any other is refused."""

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
    "tinhso.kernel.indicators",
    "tinhso.ui",
    "tinhso.apps.services",
    "tinhso.apps.feedback",
    "tinhso.portals.citizen",
    "tinhso.portals.desk",
    "tinhso.portals.centre",
    "tinhso.portals.account",
    "tinhso.portals.console",
    "allauth",  # after ours: its templates stand behind ours
    "allauth.account",
    "allauth.mfa",
    "tinhso.config",  # last to be ready: it connects what the rooms above have declared
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",  # the first three: their headers are on every answer, refusals too
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tinhso.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
AUTHENTICATION_BACKENDS = ["tinhso.kernel.identity.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "tinhso.portals.account.passwords.NotLikeYou",
        "OPTIONS": {"user_attributes": ["username", "name", "email", "phone"]},
    },
    {"NAME": "tinhso.portals.account.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
OFFICIAL_LOGIN_URL = "account_official_login"
OFFICIAL_HOME_URL = "/lam-viec/"
SECOND_FACTOR_URL = "mfa_activate_totp"
RESUME_URL = "account_resume"
SESSION_COOKIE_AGE = 60 * env.number("TINHSO_SESSION_MINUTES", 120)
"""How long a session lives without use; the environment says minutes."""
SESSION_LONGEST = 12 * 3600
"""Seconds after which a session ends however much it is used."""
ACCOUNT_ADAPTER = "tinhso.portals.account.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tinhso.portals.account.forms.SignInForm",
    "signup": "tinhso.portals.account.forms.SignUpForm",
    "change_password": "tinhso.portals.account.forms.ChangePassword",
    "reset_password": "tinhso.portals.account.forms.ResetPassword",
    "reset_password_from_key": "tinhso.portals.account.forms.ResetPasswordKey",
    "reauthenticate": "tinhso.portals.account.forms.Reauthenticate",
}
ACCOUNT_LOGIN_METHODS = {"username", "email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PHONE_VERIFICATION_ENABLED = False  # until somebody sends text messages for us
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/5m/key",
    "login": "60/m/ip",
    "signup": "20/h/ip",
    "reset_password": "20/h/ip,3/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TINHSO_PROXIES", 0)
"""How many proxies of ours stand before the web process: whose word about the caller's address is taken."""
LIMITS = {
    "look_up": env.limit("TINHSO_LIMIT_LOOK_UP", "60/m"),
    "verify": env.limit("TINHSO_LIMIT_VERIFY", "20/m"),
    "report": env.limit("TINHSO_LIMIT_REPORT", "20/m"),
}
"""How often one network, or one account signed in, may look a dossier up by its code, have documents verified,
and open or send the form by which somebody without an account reports something."""
MFA_ADAPTER = "tinhso.portals.account.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "tinhso.portals.account.forms.GiveCode",
    "reauthenticate": "tinhso.portals.account.forms.GiveCodeAgain",
    "activate_totp": "tinhso.portals.account.forms.ActivateTotp",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = False
MFA_TOTP_ISSUER = "Tỉnh Số"
MFA_TOTP_TOLERANCE = 1
SILENCED_SYSTEM_CHECKS = ["account.W001"]  # phone or e-mail is required, not both: the sign-up form sees to it

# What browsers are told.
HTTPS = env.flag("TINHSO_HTTPS")
"""Set when people reach the system by https (they must, but for a demo on one's own machine)."""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = env.number("TINHSO_HSTS_SECONDS", 31_536_000 if HTTPS else 0)
"""How long browsers are to remember that this system speaks https only."""
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_TRUSTED_ORIGINS = env.words("TINHSO_ORIGINS")
"""Origins (https://…) whose forms are taken besides our own; needed behind a proxy that changes the host."""
CSRF_FAILURE_VIEW = "tinhso.ui.problems.form_expired"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "frame-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000, "CULL_FREQUENCY": 10},
    }
}
"""Shared by all processes, on one machine or several: the throttle of sign-ins counts here."""

DATABASES = {"default": env.database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS: list[Path] = []
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH: list[str] = []
EDITION_SECONDS = 5
"""How long a process works with a calendar before it asks whether another one was loaded."""
SITE_SECONDS = 60
"""How long a process remembers the province's name and whether this is a demonstration."""

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
"""Served from where they lie, listed once at start: there is no collecting step that could be forgotten."""
WHITENOISE_MAX_AGE = 3600
STATICFILES_DIRS = [p for p in [ROOT / "build" / "static"] if p.is_dir()]

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "tinhso.ui.incoming.Ceiling",  # first: what is too large is refused before anything is kept
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

FILES = {
    "scanner": env.text("TINHSO_SCANNER", "none"),
    "timestamps": env.text("TINHSO_TSA", ""),
    "draft_bytes": env.number("TINHSO_UPLOADS_DRAFT_MB", 200) * 1024 * 1024,
    "day_bytes": env.number("TINHSO_UPLOADS_DAY_MB", 1024) * 1024 * 1024,
}
"""What looks into uploads, and who says when a signature was made. ``scanner``: ``none``, ``tcp://host:3310`` or
``unix:///path``. ``timestamps``: address of an RFC 3161 authority. ``draft_bytes``: how much may be put to one
form before it is handed in; ``day_bytes``: how much one citizen's account may upload within a day."""
CASES_KEEP_DRAFTS = env.number("TINHSO_KEEP_DRAFTS", 90)
"""Days that a form is kept which nobody goes on with; a week later its uploads are swept."""

CASE_CODE_FORMAT = env.text("TINHSO_CASE_CODES", "qd-20-2020")
"""How the codes of cases are written: ``qd-20-2020`` or ``tt-01-2018`` (see tinhso.lib.codes)."""
SITE_URL = env.text("TINHSO_SITE_URL")
"""Where people find this installation (https://dichvucong.tinh.gov.vn): the link in mails."""

EMAIL_HOST = env.text("TINHSO_SMTP_HOST")
"""The mail server; without one, mails are written to HOME/mail."""
EMAIL_PORT = env.number("TINHSO_SMTP_PORT", 587)
"""Port of the mail server."""
EMAIL_HOST_USER = env.text("TINHSO_SMTP_USER")
"""Name at the mail server; empty when it asks for none."""
EMAIL_HOST_PASSWORD = env.text("TINHSO_SMTP_PASSWORD")
"""Password at the mail server."""
EMAIL_USE_TLS = env.flag("TINHSO_SMTP_STARTTLS", default=True)
"""Speak to the mail server encrypted (STARTTLS)."""
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = str(HOME / "mail")
EMAIL_DOMAIN = env.text("TINHSO_MAIL_DOMAIN", "tinhso.localhost")
"""Domain of the ids and of the sender of mails."""
DEFAULT_FROM_EMAIL = env.text("TINHSO_MAIL_FROM", f"Tinh So <khong-tra-loi@{EMAIL_DOMAIN}>")
"""The sender of mails."""

SANDBOX_BANK = env.text("TINHSO_SANDBOX_BANK")
"""Address of the make-believe bank; `tinhso serve` sets it in a demo. Never in a real province."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("TINHSO_LOG", "WARNING")},
}
"""One line for each message on standard error; ``level`` is the least that is written (DEBUG, INFO, WARNING, ERROR)."""
