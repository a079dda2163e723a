"""Tries at pages that write nothing, and turns at slow work, counted in the memory of one process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock

from learn.core import clock
from learn.core.limits import Limit, TooMany


class Pace:
    """So many tries by one source in one window; forgotten with the window."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._lock = Lock()
        self._window = 0
        self._tries: Counter[str] = Counter()

    def take(self, source: str, cost: int = 1) -> None:
        """Count a try, or as many as it costs. Raises TooMany."""
        now = int(clock.now().timestamp())
        with self._lock:
            if now // self._limit.seconds != self._window:
                self._window = now // self._limit.seconds
                self._tries.clear()
            self._tries[source] += cost
            if self._tries[source] > self._limit.tries:
                raise TooMany((self._window + 1) * self._limit.seconds - now)


class Turns:
    """Slow work of each source one at a time: a second one waits a little, any more are refused.

    So that nobody holds more than two of the few threads that answer everybody.
    """

    def __init__(self, patience: float = 3.0) -> None:
        self._patience = patience  # seconds
        self._changed = Condition()
        self._here: Counter[str] = Counter()
        self._at_work: set[str] = set()

    @contextmanager
    def one(self, source: str) -> Iterator[None]:
        """The turn of this source. Raises TooMany."""
        with self._changed:
            if self._here[source] > 1:
                raise TooMany(1)
            self._here[source] += 1
            if not self._changed.wait_for(lambda: source not in self._at_work, self._patience):
                self._gone(source)
                raise TooMany(1)
            self._at_work.add(source)
        try:
            yield
        finally:
            with self._changed:
                self._at_work.discard(source)
                self._gone(source)
                self._changed.notify_all()

    def _gone(self, source: str) -> None:
        self._here[source] -= 1
        if not self._here[source]:
            del self._here[source]
