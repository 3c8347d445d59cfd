"""What `tinhso serve` starts ends with it, however it ends; what dies is started again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SUPERVISE = """
import sys
from tinhso.config.processes import Child, Supervisor
child = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'a'), flush=True); time.sleep(60)"
Supervisor([Child("sleeper", [sys.executable, "-c", child, sys.argv[1]])], print).run()
"""


def _running(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def _until(holds, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def _started(log: Path) -> list[int]:
    return [int(line) for line in log.read_text().splitlines()] if log.exists() else []


def test_a_child_that_dies_is_started_again_and_ends_with_its_killed_parent(tmp_path):
    log = tmp_path / "pids"
    parent = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(log)], stdout=subprocess.DEVNULL)
    try:
        assert _until(lambda: len(_started(log)) == 1)
        os.kill(_started(log)[0], signal.SIGKILL)
        assert _until(lambda: len(_started(log)) == 2), "started again"
    finally:
        parent.kill()
        parent.wait()
    assert _until(lambda: not _running(_started(log)[1])), "no orphan goes on"
