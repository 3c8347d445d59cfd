"""The quarantine hook: what looks into uploads before anybody may open them.

``none`` trusts everything (a pilot behind another scanner); ``clamd`` asks a ClamAV daemon over its own protocol
(INSTREAM), by ``tcp://host:port`` or ``unix:///run/clamav/clamd.ctl``.
"""

import socket
import struct
from typing import Protocol
from urllib.parse import urlsplit

from tinhso.kernel.files.types import ScannerAway, ScanState

_CHUNK = 64 * 1024


class Scanner(Protocol):
    """Looks into bytes. ScannerAway when it can't tell now: the file waits and is asked about again."""

    def scan(self, data: bytes) -> ScanState:
        """CLEAN or QUARANTINED."""


class TrustAll:
    """No scanner."""

    def scan(self, data: bytes) -> ScanState:
        """Always CLEAN."""
        return ScanState.CLEAN


class Clamd:
    """A ClamAV daemon."""

    def __init__(self, address: str, timeout: float = 20.0) -> None:
        self._address = urlsplit(address)
        self._timeout = timeout

    def scan(self, data: bytes) -> ScanState:
        """CLEAN on ``OK``, QUARANTINED on ``FOUND``; everything else (size limit, no connection) is ScannerAway."""
        try:
            with self._connect() as line:
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(data), _CHUNK):
                    chunk = data[start : start + _CHUNK]
                    line.sendall(struct.pack("!I", len(chunk)) + chunk)
                line.sendall(struct.pack("!I", 0))
                answer = self._read(line)
        except OSError as error:
            raise ScannerAway(what=type(error).__name__) from error
        if answer.endswith(b"FOUND"):
            return ScanState.QUARANTINED
        if answer == b"stream: OK":
            return ScanState.CLEAN
        raise ScannerAway(what=answer.decode("ascii", "replace")[:100])

    def _connect(self) -> socket.socket:
        if self._address.scheme == "unix":
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(self._timeout)
            try:
                line.connect(self._address.path)
            except OSError:
                line.close()
                raise
            return line
        return socket.create_connection((self._address.hostname or "127.0.0.1", self._address.port or 3310), self._timeout)

    @staticmethod
    def _read(line: socket.socket) -> bytes:
        answer = b""
        while not answer.endswith(b"\0"):
            piece = line.recv(4096)
            if not piece:
                break
            answer += piece
        return answer.rstrip(b"\0").strip()


def scanner(address: str) -> Scanner:
    """The scanner that a setting names: ``none``, ``tcp://host:port`` or ``unix:///path``."""
    return TrustAll() if address in {"", "none"} else Clamd(address)
