"""The regular files of content, safely listed and read: of a folder, or of what is held elsewhere.

Paths are posix paths below the *content root*: for a lone course folder that is its parent, so that
`<kurs>/01-modul/01-lektion.md` means the same in both cases. Nothing outside a folder is ever opened.
"""

import hashlib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from learn.core.access import Refused
from learn.courses.findings import Finding, finding
from learn.courses.origin import Folder, Store
from learn.courses.pictures import Seen
from learn.markup.model import Fault

if TYPE_CHECKING:
    from learn.courses.source import Text

PATHS = "pfade"  # the folder of Lernpfade
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
    """Content: sizes of its regular files by path. `prefix` is `<kurs>/` for a lone course.

    `inspected`: pictures that need not be looked at again, each with the hash of its bytes. `known`: texts
    that need not be read again.
    """

    store: Store
    prefix: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)  # files that have an error of their own
    unread: bool = False  # a Markdown file is no regular file, or not where it belongs
    inspected: Mapping[str, tuple[str, Seen]] = field(default_factory=dict)
    known: Mapping[str, "Text"] = field(default_factory=dict)
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
        file = self.store.open(path)
        if file is None:
            raise Refused(f"{self.shown(path)} {LATER}")
        return file


def walk(folder: Path) -> Tree:
    """List a content root or one course folder. Faults K106, K108, K109."""
    folder = folder.resolve()
    lone = _is_course(folder)
    root = folder.parent if lone else folder
    tree = Tree(Folder(root), f"{folder.name}/" if lone else "")
    if lone:
        _course(tree, root, folder.name)
        return tree
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            _course(tree, root, entry.name)
        else:
            _file(tree, entry, entry.name)
    return tree


def lay(tree: Tree, sizes: Mapping[str, int]) -> Tree:
    """List files that lie in no folder, by the same rules; what `walk` leaves out is left out."""
    sums: dict[str, _Sum] = {}
    for path, size in sorted(sizes.items()):
        names = path.split("/")
        if any(IGNORED.match(name) for name in names) or not _levels(tree, names):
            continue
        counted = _note(tree, path, names[-1], size)
        total = sums.setdefault(names[0], _Sum()) if len(names) > 1 else _Sum()
        if total.exceeded_by(tree, names[0], counted):
            break
    return tree


def _levels(tree: Tree, names: list[str]) -> bool:
    """Whether these folders may be, each named once when not."""
    for depth in range(1, len(names)):
        path = "/".join(names[:depth])
        if path.count("/") > LEVELS:
            _too_deep(tree, path)
            return False
        if path not in tree.broken:
            _name(tree, path, names[depth - 1])
    return True


def _is_course(folder: Path) -> bool:
    """Whether DIR is one folder of a content root: it holds kurs.md, or it is none of our content roots."""
    if (folder / "kurs.md").exists():
        return True
    inner = [entry for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)]
    courses = any(os.path.lexists(Path(entry.path) / "kurs.md") for entry in inner)
    others = [entry for entry in inner if entry.name != PATHS]
    own = len(others) < len(inner) or (folder / "glossar.md").exists()
    return not courses and (bool(others) or not own)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted((entry for entry in found if not IGNORED.match(entry.name)), key=lambda e: e.name)


@dataclass(slots=True)
class _Sum:
    """How many files of a course were listed, and their bytes."""

    count: int = 0
    size: int = 0

    def exceeded_by(self, tree: Tree, course: str, size: int) -> bool:
        """Whether one more file of this size is too much for a course (K108)."""
        self.count += 1
        self.size += size
        if self.count <= FILES and self.size <= BYTES:
            return False
        _abandon(tree, course, "5.000 Dateien" if self.count > FILES else "200 MB")
        return True


def _abandon(tree: Tree, course: str, limit: str) -> None:
    """A course beyond its limits is not read: what is missing from it would look like faults."""
    path, what = (course, "Der Ordner") if course == PATHS else (f"{course}/kurs.md", "Der Kurs")
    tree.add(path, Fault("K108", 1, {"was": what, "grenze": limit}))
    tree.broken.add(course)
    tree.unread = True
    tree.sizes = {path: size for path, size in tree.sizes.items() if not path.startswith(f"{course}/")}


def _course(tree: Tree, root: Path, name: str) -> None:
    """List one course folder within its limits."""
    total = _Sum()
    waiting = [name]
    _name(tree, name, name)
    while waiting:
        path = waiting.pop()
        for entry in _entries(root / path):
            inner = f"{path}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                _folder(tree, inner, waiting)
            elif total.exceeded_by(tree, name, _file(tree, entry, inner)):
                return


def _folder(tree: Tree, path: str, waiting: list[str]) -> None:
    if path.count("/") > LEVELS:
        _too_deep(tree, path)
        return
    _name(tree, path, path.rpartition("/")[2])
    waiting.append(path)


def _too_deep(tree: Tree, path: str) -> None:
    tree.add(path, Fault("K108", 1, {"was": "Der Pfad", "grenze": "drei Ordnerebenen"}))


def _file(tree: Tree, entry: os.DirEntry[str], path: str) -> int:
    """Note a regular file and return its size."""
    status = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode):
        tree.add(path, Fault("K109", 1, {"pfad": tree.shown(path)}))
        tree.unread = True
        return 0
    return _note(tree, path, entry.name, status.st_size)


def _note(tree: Tree, path: str, name: str, size: int) -> int:
    """Note a file of this size, if its name allows it, and return its size."""
    stem, dot, suffix = name.rpartition(".")
    markdown = suffix.lower() == "md" and bool(dot)
    if markdown:
        _name(tree, path, stem.removesuffix(".einfach") if suffix == "md" else name)
    elif not _printable(name):
        tree.add(path, Fault("K106", 1))
        return 0
    elif len(path) > PATH_LIMIT:
        tree.add(path, Fault("K108", 1, {"was": "Der Pfad", "grenze": f"{PATH_LIMIT} Zeichen"}))
        return 0
    if markdown and size > TEXT_LIMIT:
        tree.add(path, Fault("K108", 1, {"was": "Die Datei", "grenze": "256 KB"}))
    tree.sizes[path] = size
    return size


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
