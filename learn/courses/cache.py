"""A small cache for immutable objects: bounded by weight, least recently used go first, thread-safe."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from threading import Lock
from typing import Any

OBJECT = 200  # bytes a small Python object with its place in a container costs, measured


class Cache:
    """Keeps objects until their weights (bytes) exceed `limit`; one heavier than that is not kept."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.total = 0
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Any:
        """The object, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        with self._lock:
            if size > self.limit:
                return
            replaced = self._entries.pop(key, None)
            self.total += size - (replaced[1] if replaced else 0)
            self._entries[key] = (value, size)
            while self.total > self.limit:
                _key, (_value, old) = self._entries.popitem(last=False)
                self.total -= old

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.total = 0


def weight(data: Any) -> int:
    """About how many bytes JSON data takes as Python objects; German text needs one or two per letter."""
    if isinstance(data, str):
        return OBJECT + len(data) if data.isascii() else OBJECT + 2 * len(data)
    parts: Iterable[Any] = ()
    if isinstance(data, Mapping):
        parts = data.values()
    elif isinstance(data, list | tuple):
        parts = data
    return OBJECT + sum(weight(part) for part in parts)
