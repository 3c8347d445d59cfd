"""The one place that knows how identifiers are sealed (library: cryptography; key: ``HOME/keys/identifiers.key``)."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from tinhso.kernel.identity.types import KeyMissing
from tinhso.lib import keys


@dataclass(frozen=True, slots=True)
class Box:
    """Seals, opens and digests identifiers with one key."""

    fernet: Fernet
    digest_key: bytes

    def seal(self, text: str) -> str:
        """The sealed text; different each time. "" stays."""
        return self.fernet.encrypt(text.encode()).decode() if text else ""

    def open(self, sealed: str) -> str:
        """What was sealed; :class:`KeyMissing` if it was sealed with another key."""
        try:
            return self.fernet.decrypt(sealed.encode()).decode() if sealed else ""
        except InvalidToken as error:
            raise KeyMissing(key="identifiers.key") from error

    def digest(self, text: str) -> str:
        """The keyed digest by which equal identifiers are found; without the key nobody can try all numbers."""
        return hmac.new(self.digest_key, text.encode(), hashlib.sha256).hexdigest() if text else ""


@lru_cache(maxsize=4)
def _box(path: Path) -> Box:
    key = keys.secret(path, Fernet.generate_key)
    return Box(Fernet(key), hashlib.sha256(b"identifier digest" + key).digest())


def box(anything_sealed: Callable[[], bool]) -> Box:
    """The box of this installation. Its key is made on first use; :class:`KeyMissing` if it is gone and
    ``anything_sealed`` says that something was sealed with it."""
    path = Path(settings.HOME) / "keys" / "identifiers.key"
    if not path.exists() and anything_sealed():
        raise KeyMissing(key=path.name)
    return _box(path)
