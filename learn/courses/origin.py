"""Where content comes from: a folder, with its commit where it lies in a Git work tree, or the Werkstatt."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
WORKSHOP = "werkstatt"


class Store(Protocol):
    """The bytes of files by their paths below the content root."""

    def open(self, path: str) -> BinaryIO | None:
        """The file at this path; None when it is no regular file any more."""

    def origin(self, path: str) -> str:
        """Where the course whose sheet lies at this path comes from, as its releases name it."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a folder."""

    root: Path

    def open(self, path: str) -> BinaryIO | None:
        """Open a regular file without following links or waiting for a pipe."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(self.root / path, flags)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            return None
        return os.fdopen(descriptor, "rb")

    def origin(self, path: str) -> str:
        return of(self.root / path)


def of(folder: Path) -> str:
    """`folder`, or `folder <commit>`."""
    for parent in (folder, *folder.parents):
        if (parent / ".git").is_dir():
            commit = _commit(parent / ".git")
            return f"folder {commit}" if commit else "folder"
    return "folder"


def _commit(git: Path) -> str:
    """The commit that HEAD names, read from files; empty when it cannot be told."""
    head = _line(git / "HEAD")
    if not head.startswith("ref: "):
        return head if COMMIT.fullmatch(head) else ""
    name = head.removeprefix("ref: ")
    if not re.fullmatch(r"refs/[\w./-]+", name) or ".." in name:
        return ""
    loose = _line(git / name)
    return loose if COMMIT.fullmatch(loose) else _packed(git, name)


def _packed(git: Path, name: str) -> str:
    for line in _text(git / "packed-refs").splitlines():
        commit, _, ref = line.partition(" ")
        if ref == name and COMMIT.fullmatch(commit):
            return commit
    return ""


def _line(path: Path) -> str:
    return _text(path).strip()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
