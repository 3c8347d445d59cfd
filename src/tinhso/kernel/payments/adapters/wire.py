"""One HTTP call between two programs: the standard library's client, a time limit, no redirects."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

TIMEOUT = 10
"""Seconds."""
ANSWER_MAX = 1024 * 1024


class WireBroken(Exception):
    """No whole HTTP answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300


def call(method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
    """Call ``url`` (http or https) once; raises :class:`WireBroken`."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body, dict(headers))
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read(ANSWER_MAX))
    except (OSError, http.client.HTTPException) as error:
        raise WireBroken(type(error).__name__) from error
    finally:
        connection.close()
