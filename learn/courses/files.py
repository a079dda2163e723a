"""The regular files of a content folder, safely listed and read; nothing outside it is ever opened.

Paths are posix paths below the *content root*: for a lone course folder that is its parent, so that
`<kurs>/01-modul/01-lektion.md` means the same in both cases.
"""

import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from learn.core.access import Refused
from learn.courses.findings import Finding, finding
from learn.markup.model import Fault

TEXT_LIMIT = 256 * 1024
FILES = 5_000
BYTES = 200 * 1024 * 1024
LEVELS = 3
CHUNK = 1 << 20
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAME_LIMIT = 80
PATH_LIMIT = 380
IGNORED = re.compile(r"\.|README|LICENSE")
LATER = "wurde inzwischen geändert. Starten Sie erneut."


@dataclass(slots=True)
class Tree:
    """A content folder: sizes of its regular files by path. `prefix` is `<kurs>/` for a lone course."""

    root: Path
    prefix: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)  # files that have an error of their own
    unread: bool = False  # a Markdown file is no regular file
    _hashes: dict[str, str] = field(default_factory=dict)

    @property
    def lone(self) -> bool:
        """Whether the folder is a single course."""
        return bool(self.prefix)

    def shown(self, path: str) -> str:
        """The path as reports name it: below the folder that was given."""
        name = path.removeprefix(self.prefix)
        return name.encode("utf-8", "replace").decode()  # names need not be UTF-8

    def folders(self) -> dict[str, list[str]]:
        """The folders of the content root that hold files, each with its sorted paths."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.sizes):
            if "/" in path:
                found.setdefault(path.split("/", 1)[0], []).append(path)
        return dict(sorted(found.items()))

    def read(self, path: str) -> bytes:
        """The bytes of a file, the same that were hashed. Raises Refused when it has changed since."""
        with self._open(path) as file:
            data = file.read()
        sha = hashlib.sha256(data).hexdigest()
        if self._hashes.setdefault(path, sha) != sha:
            raise Refused(f"{self.shown(path)} {LATER}")
        return data

    def sha(self, path: str) -> str:
        """SHA-256 of a file, read in pieces."""
        if path not in self._hashes:
            digest = hashlib.sha256()
            with self._open(path) as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
            self._hashes[path] = digest.hexdigest()
        return self._hashes[path]

    def add(self, path: str, fault: Fault, identity: str = "") -> None:
        """Record a fault of a file."""
        found = finding(self.shown(path), fault, identity)
        self.findings.append(found)
        if found.severity == "error":
            self.broken.add(path)

    def _open(self, path: str) -> BinaryIO:
        """Open a regular file without following links or waiting for a pipe."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(self.root / path, flags)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Refused(f"{self.shown(path)} {LATER}")
        return os.fdopen(descriptor, "rb")


def walk(folder: Path) -> Tree:
    """List a content root or one course folder. Faults K106, K108, K109."""
    folder = folder.resolve()
    tree = Tree(folder.parent, f"{folder.name}/") if _is_course(folder) else Tree(folder)
    if tree.lone:
        _course(tree, folder.name)
        return tree
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            _course(tree, entry.name)
        else:
            _file(tree, entry, entry.name)
    return tree


def _is_course(folder: Path) -> bool:
    """Whether DIR is one course: it holds kurs.md, or it is foreign and no content root either."""
    if (folder / "kurs.md").exists():
        return True
    inner = [entry for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)]
    courses = any(os.path.lexists(Path(entry.path) / "kurs.md") for entry in inner)
    return not courses and (bool(inner) or not (folder / "glossar.md").exists())


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted((entry for entry in found if not IGNORED.match(entry.name)), key=lambda e: e.name)


def _course(tree: Tree, name: str) -> None:
    """List one course folder within its limits."""
    count = size = 0
    waiting = [name]
    _name(tree, name, name)
    while waiting:
        path = waiting.pop()
        for entry in _entries(tree.root / path):
            inner = f"{path}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                _folder(tree, inner, waiting)
                continue
            size += _file(tree, entry, inner)
            count += 1
            if count > FILES or size > BYTES:
                grenze = "5.000 Dateien" if count > FILES else "200 MB"
                tree.add(f"{name}/kurs.md", Fault("K108", 1, {"was": "Der Kurs", "grenze": grenze}))
                return


def _folder(tree: Tree, path: str, waiting: list[str]) -> None:
    if path.count("/") > LEVELS:
        tree.add(path, Fault("K108", 1, {"was": "Der Pfad", "grenze": "drei Ordnerebenen"}))
        return
    _name(tree, path, path.rpartition("/")[2])
    waiting.append(path)


def _file(tree: Tree, entry: os.DirEntry[str], path: str) -> int:
    """Note a regular file and return its size."""
    status = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode):
        tree.add(path, Fault("K109", 1, {"pfad": tree.shown(path)}))
        tree.unread = True
        return 0
    stem, dot, suffix = entry.name.rpartition(".")
    markdown = suffix.lower() == "md" and bool(dot)
    if markdown:
        _name(tree, path, stem.removesuffix(".einfach") if suffix == "md" else entry.name)
    elif not _printable(entry.name):
        tree.add(path, Fault("K106", 1))
        return 0
    elif len(path) > PATH_LIMIT:
        tree.add(path, Fault("K108", 1, {"was": "Der Pfad", "grenze": f"{PATH_LIMIT} Zeichen"}))
        return 0
    if markdown and status.st_size > TEXT_LIMIT:
        tree.add(path, Fault("K108", 1, {"was": "Die Datei", "grenze": "256 KB"}))
    tree.sizes[path] = status.st_size
    return status.st_size


def _name(tree: Tree, path: str, name: str) -> None:
    if not NAME.fullmatch(name) or len(name) > NAME_LIMIT:
        tree.add(path, Fault("K106", 1))


def _printable(name: str) -> bool:
    """Whether a name can be stored; a byte that is no UTF-8 arrives as an unprintable surrogate."""
    return name.isprintable()


def decode(data: bytes) -> str | int:
    """The text without its BOM, or the line of what is no UTF-8 text (K101)."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        return line_at(data[: problem.start].decode("utf-8", "replace"))
    match = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text)
    return line_at(text[: match.start()]) if match else text.removeprefix("\ufeff")


def line_at(before: str) -> int:
    """The line (from 1) that follows this text."""
    return before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
