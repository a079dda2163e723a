"""Rendering in a child process that is killed at a wall limit, so that no text stops the service.

Threads cannot be killed. Each process has one child, started at first use by `subprocess` (never forked: the
caller may have threads) and started anew after it was killed. The child imports `learn.markup` only.

A resolver is pickled for every text. What is large and the same for many texts belongs into its attribute
`shared`, an object with a `key: str`; it is sent to the child once per key and put back in its place there.
The modules of both must be importable without Flask or a database.
"""

import atexit
import io
import os
import pickle
import subprocess
import sys
import threading
import time
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path

from learn.markup.context import TextKind
from learn.markup.limits import TEXT
from learn.markup.model import Profile, Rendered, Resolver

SHORT = 20_000  # characters up to which the short limit holds
LIMITS = (2.0, 20.0)  # seconds
START = 20.0  # seconds until a child must be ready
MEMORY = 512 * 1024 * 1024
_ROOT = str(Path(__file__).resolve().parents[2])
# The child never runs learn/__init__.py, which wires the whole application.
_BOOT = """
import sys, types
learn = types.ModuleType("learn")
learn.__path__ = [sys.argv[1] + "/learn"]
sys.modules["learn"] = learn
sys.path.insert(0, sys.argv[1])
from learn.markup.child import main
main(int(sys.argv[2]), int(sys.argv[3]))
"""


class Refused(Exception):
    """The text cannot be rendered; `str()` is a German sentence for its author."""


class TooSlow(Refused):
    """The text took longer than the limit."""


class Child:
    """One child process and the pipe to it. Not for use by two threads at once."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.keys: list[str] = []
        self.pipe, far = Pipe()
        with far:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _BOOT, _ROOT, str(far.fileno()), str(MEMORY)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(far.fileno(),),
            )
        if not self._ready():
            self.kill()
            raise Refused("Der Text lässt sich gerade nicht umwandeln. Versuchen Sie es gleich noch einmal.")

    def _ready(self) -> bool:
        with suppress(EOFError, OSError):
            return self.pipe.poll(START) and self.pipe.recv_bytes() == b"ready"
        return False

    def alive(self) -> bool:
        """Whether this process started the child and it still runs."""
        return self.owner == os.getpid() and self.process.poll() is None

    def ask(self, request: bytes, limit: float) -> bytes:
        """The answer to a request. Raises TooSlow, Refused; the child is gone then."""
        end = time.monotonic() + limit
        try:
            self.pipe.send_bytes(request)
            if self.pipe.poll(max(0.0, end - time.monotonic())):
                return self.pipe.recv_bytes()
        except (EOFError, OSError) as error:
            self.kill()
            raise Refused("Der Text ist zu verschachtelt. Vereinfachen oder teilen Sie ihn.") from error
        self.kill()
        raise TooSlow("Der Text braucht zu lange. Vereinfachen oder teilen Sie ihn.")

    def kill(self) -> None:
        self.pipe.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()


class _Pickler(pickle.Pickler):
    """Leaves out `shared`, which the child has."""

    def __init__(self, file: io.BytesIO, shared: object) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self.shared = shared

    def persistent_id(self, obj: object) -> str | None:
        return "shared" if self.shared is not None and obj is self.shared else None


def _packed(value: object, shared: object) -> bytes:
    file = io.BytesIO()
    _Pickler(file, shared).dump(value)
    return file.getvalue()


class Guard:
    """The child of this process, one text at a time."""

    kept_keys = 4  # as many as a child keeps

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.child: Child | None = None

    def render(self, text: str, profile: Profile, resolve: Resolver | None, **same: object) -> Rendered:
        shared = getattr(resolve, "shared", None)
        request = _packed((text, profile, resolve, same), shared)
        with self.lock:
            child = self._child()
            if shared is not None:
                self._share(child, shared)
            limit = LIMITS[len(text) > SHORT]
            answer = child.ask(_packed(("render", getattr(shared, "key", ""), request), None), limit)
        found = pickle.loads(answer)  # noqa: S301  # written by our own child, which runs no authored code
        if isinstance(found, Rendered):
            return found
        raise Refused(str(found))

    def _child(self) -> Child:
        if self.child is None or not self.child.alive():
            if self.child is not None:
                self.child.kill()
            self.child = Child()
        return self.child

    def _share(self, child: Child, shared: object) -> None:
        key = str(getattr(shared, "key", ""))
        if key in child.keys:
            return
        child.ask(_packed(("share", key, shared), None), START)
        child.keys = [*child.keys, key][-self.kept_keys :]

    def close(self) -> None:
        """Ends the child, as the end of the process does."""
        with self.lock:
            if self.child is not None:
                self.child.kill()
            self.child = None


_guard = Guard()
atexit.register(_guard.close)


def _after_fork() -> None:
    """A forked process gets a lock of its own, in case a thread of its parent held the old one."""
    _guard.lock = threading.Lock()


os.register_at_fork(after_in_child=_after_fork)
close = _guard.close


def render(
    text: str,
    profile: Profile,
    resolve: Resolver | None = None,
    *,
    first_line: int = 1,
    formulas: bool = False,
    kind: TextKind = "lektion",
    title: str = "",
) -> Rendered:
    """`learn.markup.render` in the child process. Raises TooSlow, Refused with a sentence for the author.

    Limits: 2 s up to 20,000 characters, else 20 s; 512 MB; text and HTML as `learn.markup.limits` says.
    """
    if len(text.encode("utf-8", "replace") if profile != "beitrag" else text) > TEXT[profile]:
        grenze = "20.000 Zeichen" if profile == "beitrag" else "256 KB"
        raise Refused(f"Der Text ist zu lang. Kürzen Sie ihn auf {grenze}.")
    same = {"first_line": first_line, "formulas": formulas, "kind": kind, "title": title}
    return _guard.render(text, profile, resolve, **same)
