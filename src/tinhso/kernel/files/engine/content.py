"""The content store: bytes under their own SHA-256, written once, never altered. Knows no Django.

``<root>/aa/bb/<sha256>``. A file appears under its name only when all its bytes are on the disk (temporary file, fsync,
rename, fsync of the folder), so a kill at any moment leaves either the whole content or none.
"""

import contextlib
import errno
import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from tinhso.kernel.files.types import ContentDamaged, ContentMissing, DiskFull

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def place(root: Path, sha256: str) -> Path:
    """Where content with this hash lies."""
    return root / sha256[:2] / sha256[2:4] / sha256


def put(root: Path, data: bytes) -> str:
    """Keep ``data``; its SHA-256 in hex. Same bytes twice are one file. Durable when it returns; DiskFull if no room."""
    sha256 = hashlib.sha256(data).hexdigest()
    target = place(root, sha256)
    try:
        if target.is_file() and target.stat().st_size == len(data):
            os.utime(target)  # young again, so that a sweep running now leaves it alone
            return sha256
        _make_folder(target.parent)
        _write_whole(root / "tmp", target, data)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull() from error
        raise
    return sha256


def _make_folder(folder: Path) -> None:
    """Make ``folder`` with its parents, each one durable before the next."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):  # another worker may be as quick
        folder.mkdir(mode=0o700)
    _sync_folder(folder.parent)


def _write_whole(waiting_room: Path, target: Path, data: bytes) -> None:
    """Write to a temporary file on the same disk, then rename."""
    _make_folder(waiting_room)
    temporary = waiting_room / uuid.uuid4().hex
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        temporary.rename(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename or a new folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def get(root: Path, sha256: str, *, file: str = "") -> bytes:
    """The bytes with this hash, checked against it. ContentMissing or ContentDamaged with ``file`` as parameter."""
    try:
        data = place(root, sha256).read_bytes()
    except FileNotFoundError as error:
        raise ContentMissing(file=file, sha256=sha256) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ContentDamaged(file=file, sha256=sha256)
    return data


def contents(root: Path) -> Iterator[Path]:
    """Every stored content."""
    yield from root.glob("??/??/" + "?" * 64)


def leftovers(root: Path) -> Iterator[Path]:
    """Temporary files that a killed process left behind."""
    yield from (root / "tmp").glob("*")
