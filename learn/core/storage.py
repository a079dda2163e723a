"""Files of the instance by key; a saved file is whole and on disk, or not there."""

import os
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
TEMPORARY = ".new-"
Filling = Callable[[BinaryIO], object]  # writes the file's bytes


class Storage:
    """A local folder. Keys look like `ab12….svg` or `forum/oeffentlich/7.webp`; others raise ValueError."""

    backend = "file"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Where the file of this key lies."""
        if not KEY.fullmatch(key):
            raise ValueError(f"no key for a file: {key!r}")
        return self.folder / key

    def save(self, key: str, data: bytes) -> None:
        """Write, sync, then move into place, so that a crash leaves the old file or the new one."""
        target = self.path(key)
        make_folder(target.parent)
        write(target, data)

    def fill(self, key: str, filling: Filling) -> None:
        """Save what is written into a file piece by piece; nothing is kept where that raises."""
        target = self.path(key)
        make_folder(target.parent)
        _placed(target, filling)

    def open(self, key: str) -> BinaryIO:
        """Open the file for reading. Raises FileNotFoundError."""
        return self.path(key).open("rb")

    def exists(self, key: str) -> bool:
        return self.path(key).is_file()

    def delete(self, key: str) -> None:
        """Remove the file; that it is gone already is fine."""
        self.path(key).unlink(missing_ok=True)

    def keys(self) -> Iterator[str]:
        """All keys, sorted; unfinished files are left out."""
        for path in sorted(self.folder.rglob("*")):
            key = path.relative_to(self.folder).as_posix()
            if path.is_file() and KEY.fullmatch(key):
                yield key

    def sweep(self, older_than: float) -> None:
        """Remove what interrupted writes left behind before this time (seconds of the file system)."""
        for path in self.folder.rglob(f"{TEMPORARY}*"):
            if path.stat().st_mtime < older_than:
                path.unlink(missing_ok=True)


def write(target: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a whole file durably: temporary file, sync, rename, sync of the folder."""
    _placed(target, lambda file: file.write(data), mode)


def _placed(target: Path, filling: Filling, mode: int = 0o600) -> None:
    fresh = target.parent / f"{TEMPORARY}{secrets.token_hex(8)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            filling(file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync(target.parent)


def make_folder(folder: Path) -> None:
    """Create a folder and the ones above it, each known to the disk."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync(folder.parent)


def sync(folder: Path) -> None:
    """Put the names in a folder on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
