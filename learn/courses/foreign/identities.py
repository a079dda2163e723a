"""What an import remembers in OUT: which draft came from which file, its id, and what was written.

Two dot-files: `.herkunft.json` holds all entries, `.herkunft.log` the hashes of drafts about to be written,
line by line. Together they tell after a kill which files are ours and which an author has touched since.
"""

import hashlib
import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from learn.core import storage
from learn.core.access import Refused
from learn.courses.ids import LETTERS

RECORD = ".herkunft.json"
OURS = ".herkunft"
LOG = ".herkunft.log"
VERSION = 1
SHARED = 0.5  # of the word triples, as for published lessons
WORD = re.compile(r"\w+")
PREFIXES = {"kurs": "kur", "modul": "mod", "lektion": "les"}


@dataclass(slots=True)
class Entry:
    """A file of OUT. `key` says what it comes from; `path` lies below the course's folder.

    `sha` is the hash of the source, `shas` are those of what was written, the last one last. `was`: the path
    it is being moved from. `gone`: the source is no more, and this has been said.
    """

    kind: str
    key: str
    path: str
    id: str = ""
    sha: str = ""
    shas: list[str] = field(default_factory=list)
    was: str = ""
    gone: bool = False


@dataclass(slots=True)
class Known:
    """A course of OUT by the name of its folder. `name` is what its source was called."""

    slug: str
    name: str
    entries: list[Entry] = field(default_factory=list)

    def of(self, kind: str) -> dict[str, Entry]:
        """Entries of one kind by what they come from."""
        return {entry.key: entry for entry in self.entries if entry.kind == kind}


@dataclass(slots=True)
class Record:
    """All that is remembered in OUT."""

    folder: Path
    courses: list[Known] = field(default_factory=list)
    ended: set[tuple[str, str, str]] = field(default_factory=set)  # written by an import that came to its end

    def save(self) -> None:
        """Write it whole; nothing happens where it is the same."""
        data = {"version": VERSION, "courses": [asdict(course) for course in self.courses]}
        text = json.dumps(data, indent=1, sort_keys=True).encode() + b"\n"
        target = self.folder / RECORD
        with suppress(FileNotFoundError):
            if target.read_bytes() == text:
                return
        storage.write(target, text, mode=0o644)

    def note(self, course: Known, entry: Entry, sha: str) -> None:
        """Remember what is about to be written."""
        entry.shas = [*[known for known in entry.shas if known != sha], sha]
        with (self.folder / LOG).open("a", encoding="ascii") as log:
            log.write(json.dumps([course.slug, entry.kind, entry.key, sha]) + "\n")

    def close(self) -> None:
        """All is written, and on the disk before it is said so."""
        os.sync()
        for course in self.courses:
            for entry in course.entries:
                entry.was = ""
        self.save()
        (self.folder / LOG).unlink(missing_ok=True)

    def ids(self) -> set[str]:
        """Every id that was given."""
        return {entry.id for course in self.courses for entry in course.entries if entry.id}


def load(folder: Path) -> Record:
    """What OUT remembers. Raises Refused where it is neither new, empty nor the result of an import."""
    if not folder.exists():
        return Record(folder)
    if not folder.is_dir():
        raise Refused(f"{folder} ist kein Ordner.")
    if not (folder / RECORD).is_file():
        if any(not path.name.startswith(OURS) for path in folder.iterdir()):
            raise Refused(
                f"{folder} ist nicht leer und stammt aus keinem Import. Nennen Sie einen neuen Ordner."
            )
        return Record(folder)
    try:
        record = Record(folder, list(_courses(json.loads((folder / RECORD).read_bytes()))))
    except (ValueError, KeyError, TypeError):
        raise Refused(f"{folder / RECORD} ist beschädigt. Nennen Sie einen neuen Ordner.") from None
    record.ended = {key for key, entry in _entries(record).items() if entry.shas}
    _replay(record)
    return record


def _entries(record: Record) -> dict[tuple[str, str, str], Entry]:
    return {
        (course.slug, entry.kind, entry.key): entry for course in record.courses for entry in course.entries
    }


def _courses(data: Any) -> Iterator[Known]:
    if data["version"] != VERSION:
        raise ValueError
    for course in data["courses"]:
        yield Known(course["slug"], course["name"], [Entry(**entry) for entry in course["entries"]])


def _replay(record: Record) -> None:
    """Add what an interrupted import was about to write; its last line may be torn."""
    with suppress(FileNotFoundError):
        entries = _entries(record)
        for line in (record.folder / LOG).read_text("ascii", "replace").splitlines():
            with suppress(ValueError, TypeError):
                slug, kind, key, sha = json.loads(line)
                entry = entries.get((slug, kind, key))
                if entry and sha not in entry.shas:
                    entry.shas.append(sha)


def fresh(kind: str, taken: set[str]) -> str:
    """An id that nothing bears yet."""
    while True:
        found = f"{PREFIXES[kind]}_" + "".join(secrets.choice(LETTERS) for _ in range(8))
        if found not in taken:
            taken.add(found)
            return found


def triples(text: str) -> frozenset[int]:
    """Hashes of all three words in a row."""
    words = WORD.findall(text.casefold())
    return frozenset(
        int.from_bytes(
            hashlib.blake2b(" ".join(words[at : at + 3]).encode("utf-8", "replace"), digest_size=6).digest()
        )
        for at in range(len(words) - 2)
    )


def match(known: Mapping[str, Entry], found: Mapping[str, str], text: "Texts") -> dict[str, Entry]:
    """Which entry each source is: same bytes first, then most words in common, then the same path.

    `found` are hashes of sources by path; `text` gives the words of a source or of an entry's draft.
    """
    matched = _same_bytes(known, found)
    taken = {entry.key for entry in matched.values()}
    left = [path for path in found if path not in matched]
    waiting = {key: entry for key, entry in known.items() if key not in taken}
    if not left or not waiting:
        return matched
    if not set(left) <= set(waiting) or len(waiting) > len(left):
        matched |= _alike(waiting, left, text)
        taken = {entry.key for entry in matched.values()}
    for path in left:
        if path not in matched and path in waiting and path not in taken:
            matched[path] = waiting[path]
    return matched


def _same_bytes(known: Mapping[str, Entry], found: Mapping[str, str]) -> dict[str, Entry]:
    matched = {path: known[path] for path, sha in found.items() if path in known and known[path].sha == sha}
    taken = {entry.key for entry in matched.values()}
    free: dict[str, list[Entry]] = {}
    for entry in known.values():
        if entry.key not in taken and entry.sha:
            free.setdefault(entry.sha, []).append(entry)
    for path, sha in found.items():
        if path not in matched and free.get(sha):
            matched[path] = free[sha].pop(0)
    return matched


class Texts(Protocol):
    """Gives words to compare: of a source by its path, of an entry by its draft."""

    def source(self, path: str) -> str: ...

    def draft(self, entry: Entry) -> str: ...


def _alike(known: Mapping[str, Entry], left: Iterable[str], text: Texts) -> dict[str, Entry]:
    """Pairs that share at least half of their word triples, the most alike first."""
    sizes: dict[str, int] = {}
    where: dict[int, list[str]] = {}
    for key, entry in known.items():
        found = triples(text.draft(entry))
        sizes[key] = len(found)
        for triple in found:
            where.setdefault(triple, []).append(key)
    pairs: list[tuple[float, bool, str, str]] = []
    for path in left:
        mine = triples(text.source(path))
        common = Counter(key for triple in mine for key in where.get(triple, ()))
        for key, count in common.items():
            share = count / max(min(sizes[key], len(mine)), 1)
            if share >= SHARED:
                pairs.append((share, key == path, key, path))
    matched: dict[str, Entry] = {}
    taken: set[str] = set()
    for _, _, key, path in sorted(pairs, key=lambda pair: (-pair[0], not pair[1], pair[2], pair[3])):
        if path not in matched and key not in taken:
            matched[path] = known[key]
            taken.add(key)
    return matched
