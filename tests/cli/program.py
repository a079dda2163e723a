"""Runs the program `learn` as people do: in a process of its own, with an environment of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = (sys.executable, "-m", "learn.cli")


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str


def environment(instance: Path, **settings: str) -> dict[str, str]:
    """The environment with these settings and no others of ours."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LEARN_")}
    return {**plain, "PYTHONPATH": str(ROOT), "LEARN_INSTANCE": str(instance), **settings}


def learn(instance: Path, *words: str, given: str = "", cwd: Path | None = None, **settings: str) -> Result:
    """Run one command to its end."""
    done = subprocess.run(
        [*COMMAND, *words],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment(instance, **settings),
        timeout=300,
    )
    return Result(done.returncode, done.stdout, done.stderr)


class Running:
    """A server started from the command line."""

    def __init__(self, process: "subprocess.Popen[str]", port: int, lines: list[str]) -> None:
        self.process = process
        self.port = port
        self.lines = lines

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def serving(
    instance: Path, *words: str, log: Path, cwd: Path | None = None, **settings: str
) -> Iterator[Running]:
    """Start `learn serve` or `learn demo` on a free port and wait until it listens."""
    with (
        log.open("w") as err,
        subprocess.Popen(
            [*COMMAND, *words, "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            cwd=cwd,
            env=environment(instance, **settings),
        ) as process,
    ):
        try:
            yield Running(process, *_listening(process))
        finally:
            if process.poll() is None:
                process.terminate()
                _end(process)


def _listening(process: "subprocess.Popen[str]") -> tuple[int, list[str]]:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        found = ADDRESS.search(line)
        if found:
            return int(found[1]), lines
    raise AssertionError(f"ended with {process.wait()} before it listened")


def _end(process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()


def wait_for(condition: Callable[[], bool], seconds: float = 90) -> None:
    """Until it holds; much longer than it takes, for a busy machine."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def wait_for_more(noted: Sized, number: int = 1) -> None:
    """Until others have noted so many more."""
    wanted = len(noted) + number
    wait_for(lambda: len(noted) >= wanted)
