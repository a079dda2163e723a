"""Kills a process again and again in the middle of its work, importing the program only once."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

FRAME = """
import os, signal, sys, time
{setting_up}

def work():
{body}

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(1)
    time.sleep(float(line))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    print("killed", flush=True)
"""


class Killer:
    """A process that forks a worker for each kill."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def kill_after(self, seconds: float) -> None:
        """Start the work, let it run so long, kill it with signal 9, and wait for its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "killed\n"


@contextmanager
def killer(setting_up: str, body: str, *arguments: str) -> Iterator[Killer]:
    """Run `setting_up` (imports) once and `body` in each worker; both see `sys.argv[1:]`."""
    indented = "".join(f"    {line}\n" for line in body.strip().splitlines())
    script = FRAME.format(setting_up=setting_up.strip(), body=indented)
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Killer(process)
        assert process.stdin is not None
        process.stdin.close()
