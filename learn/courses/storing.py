"""What publishing asks of a storage; `learn.core.storage` keeps it."""

from typing import BinaryIO, Protocol


class Storage(Protocol):
    """Files by key. `backend` names the kind; rows remember it."""

    backend: str

    def save(self, key: str, data: bytes) -> None:
        """Keep the bytes durably, whole or not at all."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Raises FileNotFoundError."""
        ...
