"""Drafts as bytes and onto the disk: what an author has touched is never overwritten."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from learn.core import storage
from learn.courses.foreign.identities import Entry, Known, Record

BESIDE = ".neu"


@dataclass(slots=True)
class Written:
    """What an import did, as paths below OUT. `lessons` counts what there is, all else what changed."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.new or self.changed or self.moved or self.beside or self.gone)


def text(head: Mapping[str, str | Sequence[str] | Mapping[str, str]], body: str) -> bytes:
    """A Markdown file with front matter; keys in the order given, empty ones left out."""
    lines = ["---"]
    for key, value in head.items():
        if isinstance(value, str):
            lines += [f"{key}: {value}"] if value else []
        elif isinstance(value, Mapping):
            lines += (
                [f"{key}:", *(f"  {name}: {quoted(words)}" for name, words in value.items())] if value else []
            )
        elif value:
            lines += [f"{key}:", *(f"  - {quoted(item)}" for item in value)]
    lines.append("---")
    found = "\n".join(lines) + "\n"
    if body.strip():
        found += "\n" + body.strip("\n") + "\n"
    return found.encode("utf-8", "replace")


def quoted(words: str) -> str:
    """A text as YAML reads it back."""
    return json.dumps("".join(char for char in words if char.isprintable()), ensure_ascii=False)


class Writer:
    """Writes the files of one course."""

    def __init__(self, record: Record, course: Known, written: Written) -> None:
        self.record, self.course, self.written = record, course, written
        self.folder = record.folder / course.slug

    def put(self, entry: Entry, data: bytes) -> None:
        """Bring a file to this state unless its author has touched or removed it."""
        target = self.folder / entry.path
        sha = hashlib.sha256(data).hexdigest()
        self._move(entry, target)
        last = entry.shas[-1] if entry.shas else ""
        there = _sha(target)
        if there == sha:
            if last != sha:
                self.record.note(self.course, entry, sha)
            return
        if there and there not in entry.shas:
            if last != sha:
                self._beside(entry, target, data, sha)
            return
        if not there and (self.course.slug, entry.kind, entry.key) in self.record.ended:
            return  # its author has thrown it away
        (self.written.changed if there else self.written.new).append(self._shown(entry.path))
        self.record.note(self.course, entry, sha)
        place(target, data)

    def _move(self, entry: Entry, target: Path) -> None:
        old = self.folder / entry.was
        if entry.was and entry.was != entry.path and old.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            old.replace(target)
            with suppress(OSError):
                old.parent.rmdir()
            self.written.moved.append((self._shown(entry.was), self._shown(entry.path)))

    def _beside(self, entry: Entry, target: Path, data: bytes, sha: str) -> None:
        """The new text goes into a hidden file beside the draft."""
        hidden = target.with_name(f".{target.stem}{BESIDE}{target.suffix}")
        place(hidden, data)
        self.record.note(self.course, entry, sha)
        shown = hidden.relative_to(self.record.folder).as_posix()
        self.written.beside.append((self._shown(entry.path), shown))

    def _shown(self, path: str) -> str:
        return f"{self.course.slug}/{path}"


def place(target: Path, data: bytes) -> None:
    """Put a whole file in its place. Nobody waits for the disk: the end of the import does, once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{storage.TEMPORARY}{target.name[:60]}")
    fresh.write_bytes(data)
    fresh.replace(target)


def _sha(path: Path) -> str:
    """The hash of a file, empty where there is none."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return ""
