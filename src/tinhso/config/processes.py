"""Keeps a few child processes running: the whole of ``tinhso serve``'s supervision."""

import contextlib
import ctypes
import signal
import subprocess  # fixed command lines of our own, never a shell
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from tinhso.lib import clock

STOP_SECONDS = 15
"""How long a child may take to finish what it has acknowledged before it is killed."""


SOUND_SECONDS = 60
"""A child that lived so long was well: when it dies, it is started again at once."""
_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have this process told to end when the one that started it dies, however it dies (Linux; elsewhere nothing happens).

    Else a web process whose master was killed goes on answering on the same port beside its successor, with old code.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    failures: int = 0
    next_start: float = 0.0
    began: float = 0.0


@dataclass
class Supervisor:
    """Starts its children, starts again what dies (waiting longer each time, at most 30 s), stops all on a signal."""

    children: list[Child]
    say: Callable[[str], None]
    stopping: bool = field(default=False)

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            for child in self.children:
                self._keep(child)
            time.sleep(0.2)
        self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _keep(self, child: Child) -> None:
        moment = time.monotonic()
        if child.process is None:
            if moment >= child.next_start:
                child.began = moment
                child.process = subprocess.Popen(child.command, preexec_fn=end_with_parent)  # noqa: S603  our own fixed lines
            return
        code = child.process.poll()
        if code is None:
            return
        child.failures = 1 if moment - child.began > SOUND_SECONDS else child.failures + 1
        wait = min(30, 2 ** min(child.failures, 5) // 2)
        self.say(f"{clock.now():%H:%M:%S} {child.name} ended with code {code}; starting it again in {wait} s")
        child.process, child.next_start = None, moment + wait

    def _end(self) -> None:
        running = [c.process for c in self.children if c.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


def children(host: str, port: int, workers: int, threads: int, bank: bool = False) -> list[Child]:
    """The processes of one installation on one machine; with ``bank``, the sandbox bank on the next port."""
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--respawn-failed-workers"]
    web += ["--workers-kill-timeout", "10", "--log-level", "warning", "tinhso.config.wsgi:application"]
    found = [Child("web", web), Child("worker", [sys.executable, "-m", "tinhso.config.cli", "worker"])]
    if bank:
        command = [sys.executable, "-m", "tinhso.config.cli", "bank", "--host", host, "--port", str(port + 1)]
        found.append(Child("bank", [*command, "--callback", f"http://{host}:{port}/payments/callback/sandbox/"]))
    return found
