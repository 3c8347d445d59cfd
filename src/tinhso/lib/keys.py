"""Secrets of this installation: made on first use, kept in files that only their owner can read."""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path


class KeyUnsafe(Exception):
    """A key's file can be read by others. Says which, and the command that mends it."""


def secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes kept in ``path``; made by ``make`` and kept there if there are none.

    The file has mode 0600 in a folder of mode 0700. Several processes that begin at once agree on one secret. A file
    that others may read raises :class:`KeyUnsafe`; a folder that can't be written, OSError.
    """
    if not path.exists():
        _keep(path, make())
    loose = stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    if loose:
        raise KeyUnsafe(f"{path} can be read by others. Run: chmod 600 {path}")
    return path.read_bytes()


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600 from its first instant
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(fresh)  # whole or not at all; whoever comes second finds the first one's
        except FileExistsError:
            return
    finally:
        fresh.unlink()
