"""The regular files of a foreign folder: listed without following links, opened only when asked for."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from learn.core.access import Refused
from learn.markup.model import Fault

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx", ".rmd", ".qmd"})
ENTRIES = 200_000
SKIPPED = frozenset({".git", ".hg", ".svn", "__pycache__"})  # hold no text of a course, only its history
MANY = Refused(f"Der Ordner enthält mehr als {ENTRIES:,} Dateien.".replace(",", "."))


class Source(Protocol):
    """Files by path, with `/`. `odd`: what is no regular file, with its fault."""

    name: str
    sizes: dict[str, int]
    odd: list[tuple[str, Fault]]

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises OSError or Refused."""
        ...


def is_markdown(path: str) -> bool:
    """Whether the name says so."""
    return PurePosixPath(path).suffix.lower() in MARKDOWN


def printable(path: str) -> str:
    """The path as reports name it; names need not be UTF-8."""
    shown = path.encode("utf-8", "replace").decode()
    return "".join(char if char.isprintable() else "·" for char in shown)


class Folder:
    """A folder on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.name = self.root.name
        self.sizes: dict[str, int] = {}
        self.odd: list[tuple[str, Fault]] = []
        self._list()

    def _list(self) -> None:
        waiting = [""]
        while waiting:
            below = waiting.pop()
            for entry in self._entries(below):
                path = f"{below}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in SKIPPED:
                        waiting.append(f"{path}/")
                    continue
                self._file(entry, path)
        self.sizes = dict(sorted(self.sizes.items()))

    def _entries(self, below: str) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(self.root / below) as found:
                yield from found
        except OSError:  # no right to read it, or nested deeper than the system can name
            self.odd.append((below.rstrip("/"), Fault("K109", 1, {"pfad": printable(below)})))

    def _file(self, entry: os.DirEntry[str], path: str) -> None:
        if len(self.sizes) >= ENTRIES:
            raise MANY
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(status.st_mode):
            self.sizes[path] = status.st_size
        else:
            self.odd.append((path, Fault("K109", 1, {"pfad": printable(path)})))

    def read(self, path: str) -> bytes:
        """The bytes of a file, without following a link or waiting for a pipe."""
        descriptor = os.open(self.root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Refused(f"{printable(path)} ist keine Datei.")
            return file.read()

    def origin(self) -> str:
        """What the settings of Git beside the files name as their origin; empty where nothing does."""
        try:
            return self.read(".git/config").decode("utf-8", "replace")
        except (OSError, Refused):
            return ""


class Below:
    """A folder inside another source, as a source of its own."""

    def __init__(self, source: Source, folder: str) -> None:
        self.source, self.prefix = source, f"{folder}/"
        self.name = folder.rpartition("/")[2]
        self.sizes = {
            path.removeprefix(self.prefix): size for path, size in source.sizes.items() if self._in(path)
        }
        self.odd = [(path.removeprefix(self.prefix), fault) for path, fault in source.odd if self._in(path)]

    def _in(self, path: str) -> bool:
        return path.startswith(self.prefix)

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return self.source.read(self.prefix + path)
