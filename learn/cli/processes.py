"""Processes of one program: forked before any thread starts, restarted when they die, ended together."""

import gc
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import click

from learn.cli.faults import sentence

GRACE = 10.0  # seconds for running requests and jobs
SOON = 1.0  # a process that died within this time waits as long before it is started again
SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}


class Stop:
    """Becomes true on SIGTERM; a pipe, so that the handler needs no lock."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self.asked = False

    def ask(self, *_signal: object) -> None:
        """Ask to stop; may be called from a signal handler and more than once."""
        self.asked = True
        os.write(self._write, b".")

    def wait(self, seconds: float) -> bool:
        """Sleep until asked, at most so long; True once asked."""
        if not self.asked:
            select.select([self._read], [], [], seconds)
        return self.asked


Body = Callable[[Stop], None]


@dataclass
class Group:
    """Named bodies, one process each. `died` hears of a process that ended on its own."""

    bodies: Mapping[str, Body]
    died: Callable[[str, int], None]
    _running: dict[int, tuple[str, float]] = field(default_factory=dict)
    _waiting: dict[str, float] = field(default_factory=dict)
    _life: tuple[int, int] = (-1, -1)

    def run(self) -> None:
        """Start all, keep them alive until SIGTERM or SIGINT, then end all within the grace."""
        self._life = os.pipe()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        gc.collect()
        gc.freeze()  # forked processes then share these pages for longer
        try:
            for name in self.bodies:
                self._start(name, before)
            while not self._asked():
                self._reap()
                self._restart(before)
        finally:
            self._end()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _start(self, name: str, mask: set[signal.Signals | int]) -> None:
        pid = os.fork()
        if pid == 0:
            os.close(self._life[1])
            _child(self.bodies[name], self._life[0], mask)
        self._running[pid] = (name, time.monotonic())

    def _asked(self) -> bool:
        timeout = 0.2 if self._waiting else 3600.0
        got = signal.sigtimedwait(SIGNALS, timeout)
        return got is not None and got.si_signo in {signal.SIGTERM, signal.SIGINT}

    def _reap(self) -> None:
        for pid, code in _ended(self._running):
            name, begun = self._running.pop(pid)
            now = time.monotonic()
            self._waiting[name] = now + SOON if now - begun < SOON else now
            self.died(name, code)

    def _restart(self, mask: set[signal.Signals | int]) -> None:
        for name, when in list(self._waiting.items()):
            if time.monotonic() >= when:
                del self._waiting[name]
                self._start(name, mask)

    def _end(self) -> None:
        _signal(self._running, signal.SIGTERM)
        deadline = time.monotonic() + GRACE + 1
        while self._running and time.monotonic() < deadline:
            signal.sigtimedwait({signal.SIGCHLD}, 0.1)
            for pid, _code in _ended(self._running):
                del self._running[pid]
        _signal(self._running, signal.SIGKILL)
        for pid in self._running:
            os.waitpid(pid, 0)
        self._running.clear()
        for end in self._life:
            os.close(end)


def alone(body: Callable[[], int]) -> int:
    """Run a function in a process of its own and return its exit code.

    What opens the database before the servers are forked goes through here: its connections and memory end
    with it.
    """
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = body()
        except Exception as problem:  # noqa: BLE001 - said here, because this process ends here
            click.echo(sentence(problem), err=True)
        finally:
            sys.stdout.flush()
            os._exit(code)
    _pid, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _child(body: Body, life: int, mask: set[signal.Signals | int]) -> None:
    code = 1
    try:
        stop = Stop()
        signal.signal(signal.SIGTERM, stop.ask)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the parent decides
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        threading.Thread(target=_orphaned, args=(life, stop), daemon=True).start()
        body(stop)
        code = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _orphaned(life: int, stop: Stop) -> None:
    """The parent holds the other end; it closes with the parent, however that ends."""
    os.read(life, 1)
    stop.ask()
    time.sleep(GRACE + 1)
    os._exit(1)


def _ended(running: Mapping[int, object]) -> list[tuple[int, int]]:
    found = []
    for pid in list(running):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            found.append((pid, os.waitstatus_to_exitcode(status)))
    return found


def _signal(pids: Mapping[int, object], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
