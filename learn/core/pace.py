"""Tries at pages that write nothing, counted in the memory of one process."""

from collections import Counter
from threading import Lock

from learn.core import clock
from learn.core.limits import Limit, TooMany


class Pace:
    """So many tries by one source in one window; forgotten with the window."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._lock = Lock()
        self._window = 0
        self._tries: Counter[str] = Counter()

    def take(self, source: str) -> None:
        """Count one try. Raises TooMany."""
        now = int(clock.now().timestamp())
        with self._lock:
            if now // self._limit.seconds != self._window:
                self._window = now // self._limit.seconds
                self._tries.clear()
            self._tries[source] += 1
            if self._tries[source] > self._limit.tries:
                raise TooMany((self._window + 1) * self._limit.seconds - now)
