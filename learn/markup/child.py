"""The rendering process at the other end of the guard's pipe."""

import io
import pickle
import resource
import signal
from collections import OrderedDict
from collections.abc import Callable
from multiprocessing.connection import Connection

from learn.markup import convert
from learn.markup.limits import TooLarge

KEPT = 4  # shared objects; the guard counts the same way
LONGEST = 30  # seconds; whoever asked is gone by then
TOO_LARGE = "Der Text ergibt eine zu große Seite. Kürzen oder teilen Sie ihn."
TOO_DEEP = "Der Text ist zu verschachtelt. Vereinfachen oder teilen Sie ihn."


class _Unpickler(pickle.Unpickler):  # noqa: S301  # reads what the process that started this one wrote
    """Puts the shared object of the resolver back in its place."""

    def __init__(self, data: bytes, shared: object) -> None:
        super().__init__(io.BytesIO(data))
        self.shared = shared

    def persistent_load(self, pid: object) -> object:  # noqa: ARG002  # there is only one
        return self.shared


def _rendered(data: bytes, shared: object) -> object:
    """The rendered text, or the sentence that says why not."""
    text, profile, resolve, same = _Unpickler(data, shared).load()
    try:
        return convert(text, profile, resolve, **same)
    except TooLarge:
        return TOO_LARGE
    except (RecursionError, MemoryError):
        return TOO_DEEP


def main(descriptor: int, memory: int) -> None:
    """Answers requests until the guard closes the pipe."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    shared: OrderedDict[str, object] = OrderedDict()
    pipe = Connection(descriptor)
    pipe.send_bytes(b"ready")
    while _answer(pipe, shared, _rendered):
        pass


def _answer(
    pipe: Connection, shared: "OrderedDict[str, object]", rendered: Callable[[bytes, object], object]
) -> bool:
    try:
        signal.alarm(0)
        task, key, value = pickle.loads(pipe.recv_bytes())  # noqa: S301  # written by the process that started this one
        signal.alarm(LONGEST)
        if task == "share":
            shared[key] = value
            while len(shared) > KEPT:
                shared.popitem(last=False)
            pipe.send_bytes(b"")
        else:
            pipe.send_bytes(pickle.dumps(rendered(value, shared.get(key)), pickle.HIGHEST_PROTOCOL))
    except (EOFError, OSError):
        return False
    return True
