"""Where a release came from: the folder, with its commit where it lies in a Git work tree."""

import re
from pathlib import Path

COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


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
