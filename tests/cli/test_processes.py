"""Our processes: restarted when they die, ended together, ended with their parent."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.cli.program import wait_for

SCRIPT = """
import os, sys, threading, time
from functools import partial
from pathlib import Path
from learn.cli.processes import Group

folder = Path(sys.argv[1])

def body(name, stop):
    (folder / f"{name}-{os.getpid()}").touch()
    while not stop.wait(10):
        pass
    (folder / f"ended-{name}").touch()

assert threading.active_count() == 1
bodies = {name: partial(body, name) for name in ("server", "worker")}
Group(bodies, lambda name, code: print("died", name, code, flush=True)).run()
print("over", flush=True)
"""


@contextmanager
def running(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """The parent of two processes; killed at the end if a test left it alive."""
    command = [sys.executable, "-c", SCRIPT, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            wait_for(lambda: len(list(folder.glob("*-*"))) == 2)
            yield process
        finally:
            process.kill()


def pid_of(folder: Path, name: str) -> int:
    return int(max(folder.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime).name.split("-")[1])


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        first = pid_of(tmp_path, "server")
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: len(list(tmp_path.glob("server-*"))) == 2)
        assert pid_of(tmp_path, "server") != first
        assert process.stdout is not None
        assert process.stdout.readline() == "died server -9\n"
        assert not gone(pid_of(tmp_path, "worker"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_end_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as process:
        pids = [pid_of(tmp_path, name) for name in ("server", "worker")]
        process.send_signal(number)
        assert process.wait(60) == 0
        assert all(gone(pid) for pid in pids)
        assert {path.name for path in tmp_path.glob("ended-*")} == {"ended-server", "ended-worker"}


def test_all_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        pids = [pid_of(tmp_path, name) for name in ("server", "worker")]
        process.kill()
        wait_for(lambda: all(gone(pid) for pid in pids))
        assert {path.name for path in tmp_path.glob("ended-*")} == {"ended-server", "ended-worker"}
