"""Typed readers of the environment: the only place that reads it."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def text(name: str, default: str = "") -> str:
    """The variable as text."""
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """The variable as yes or no: ``1 true yes on`` mean yes."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """The variable as a whole number."""
    value = os.environ.get(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise SystemExit(f"{name}={value!r} is not a whole number. Give one, or leave it out for {default}.") from error


def words(name: str, default: str = "") -> list[str]:
    """The variable as a list, parted by commas."""
    return [w.strip() for w in text(name, default).split(",") if w.strip()]


def limit(name: str, default: str) -> tuple[int, int]:
    """The variable as a number of times within a span: ``60/m`` is (60, 60 seconds). Spans are ``s m h d``."""
    number, _, span = text(name, default).strip().partition("/")
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(span)
    if seconds is None or not (number.isascii() and number.isdigit() and int(number)):
        raise SystemExit(f"{name}={text(name)!r} is no limit. Write it like {default}: so many times a second (s), m, h or d.")
    return int(number), seconds


def database(home: Path) -> dict[str, Any]:
    """The database, as Django's settings want it: from ``DATABASE_URL``; without it, SQLite in ``home``.

    ``postgres://user:password@host:port/name`` or ``postgres:///name?host=/socket/folder`` or ``sqlite:////path/file``.
    """
    url = urlsplit(text("DATABASE_URL"))
    if url.scheme in {"", "sqlite"}:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.path[1:] if url.path else str(home / "tinhso.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # A power cut may not lose what was acknowledged, so FULL; docs/performance.md prints what it costs.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
            },
        }
    if url.scheme not in {"postgres", "postgresql"}:
        raise SystemExit(f"DATABASE_URL begins with {url.scheme!r}. Use postgres://… or sqlite:///…, or leave it out.")
    options = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", url.hostname or ""),
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
