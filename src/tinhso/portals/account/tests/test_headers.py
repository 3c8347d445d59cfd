"""What browsers are told: content security policy, cookies, frames, referrers."""

import importlib
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from tinhso.config import settings as product
from tinhso.portals.account.tests.conftest import PASSWORD


@pytest.mark.parametrize("path", ["/account/sign-in/", "/account/sign-up/", "/nowhere/"])
def test_the_content_security_policy_has_no_loophole(client, db, path):
    told = client.get(path)["Content-Security-Policy"]
    for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'self'"):
        assert directive in told
    for loophole in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:"):
        assert loophole not in told


@pytest.mark.parametrize("path", ["/account/sign-in/", "/account/sign-in/official/", "/account/sign-up/"])
def test_pages_have_no_inline_script_or_style(client, db, path):
    page = client.get(path).content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert all("src=" in tag for tag in page.split("<script")[1:])


def test_other_headers(client, db):
    told = client.get("/account/sign-in/")
    assert told["X-Frame-Options"] == "SAMEORIGIN"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Referrer-Policy"] == "same-origin"
    assert told["Cross-Origin-Opener-Policy"] == "same-origin"


def test_cookies_are_out_of_reach_of_scripts(client, tham):
    client.get("/account/sign-in/")
    client.post("/account/sign-in/", {"login": "0912345678", "password": PASSWORD})
    for name in ("sessionid", "csrftoken", "tinhso_last"):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


def test_over_https_cookies_are_secure(client, tham, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get("/account/sign-in/", secure=True)
    client.post("/account/sign-in/", {"login": "0912345678", "password": PASSWORD}, secure=True)
    for name in ("sessionid", "csrftoken", "tinhso_last"):
        assert client.cookies[name]["secure"], name


def test_one_setting_turns_everything_secure(tmp_path):
    script = (
        "from tinhso.config import settings as s;"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.SECURE_SSL_REDIRECT;"
        "assert s.SECURE_HSTS_SECONDS == 31536000 and s.SECURE_PROXY_SSL_HEADER"
    )
    env = os.environ | {"TINHSO_HTTPS": "1", "TINHSO_PROXIES": "1", "TINHSO_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], check=True, env=env)


def test_passwords_are_hashed_with_argon2_first():
    assert product.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert importlib.util.find_spec("argon2")


def test_the_secret_key_is_a_file_that_only_its_owner_reads():
    path = settings.HOME / "keys" / "django.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_text()) >= 64
    assert path.read_text() == settings.SECRET_KEY


def test_a_form_without_its_token_is_refused(tham):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/account/sign-in/", {"login": "0912345678", "password": PASSWORD}).status_code == 403
