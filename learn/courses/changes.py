"""What a new release changes for learners: classes of changes per lesson."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from learn.courses.manifest import LessonEntry, Manifest


@dataclass(frozen=True, slots=True)
class Change:
    """A changed lesson.

    `kind`: redaktionell, inhaltlich, erneut, neu, verschoben, umbenannt, entfallen, ersetzt.
    `before` and `after` are editions, None where the lesson was or is not there.
    """

    id: str
    kind: str
    file: str
    title: str
    before: int | None
    after: int | None

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "class": self.kind, "file": self.file, "from": self.before, "to": self.after}


@dataclass(frozen=True, slots=True)
class Side:
    """A release as it is compared: manifest, content hash by lesson id, files by id."""

    manifest: Manifest
    hashes: dict[str, str]
    files: dict[str, str]


def between(old: Side | None, new: Side) -> tuple[Change, ...]:
    """The changes in reading order, lessons that are gone last."""
    if old is None:
        return ()
    before = {entry.id: entry for entry in old.manifest.lessons()}
    moved = _moved(old.manifest, new.manifest)
    found: list[Change] = []
    for entry in new.manifest.lessons():
        past = before.pop(entry.id, None)
        for kind in _kinds(past, entry, old, new, moved):
            edition = past.edition if past else None
            found.append(Change(entry.id, kind, new.files[entry.id], entry.title, edition, entry.edition))
    replaced = {identity for entry in new.manifest.lessons() for identity in entry.replaces}
    for gone in before.values():
        kind = "ersetzt" if gone.id in replaced else "entfallen"
        found.append(Change(gone.id, kind, old.files.get(gone.id, ""), gone.title, gone.edition, None))
    return tuple(found)


def _kinds(
    past: LessonEntry | None, entry: LessonEntry, old: Side, new: Side, moved: frozenset[str]
) -> Iterator[str]:
    if past is None:
        yield "neu"
        return
    if entry.redo_from > past.redo_from:
        yield "erneut"
    elif entry.edition > past.edition:
        yield "inhaltlich"
    elif old.hashes.get(entry.id) != new.hashes.get(entry.id):
        yield "redaktionell"
    if entry.id in moved:
        yield "verschoben"
    if entry.slug != past.slug:
        yield "umbenannt"


def _moved(old: Manifest, new: Manifest) -> frozenset[str]:
    """Lessons in another module, and the fewest others whose moves explain the new order."""
    old_module = {entry.id: module.id for module in old.modules for entry in module.lessons}
    new_module = {entry.id: module.id for module in new.modules for entry in module.lessons}
    place = {entry.id: index for index, entry in enumerate(old.lessons())}
    stayed = [entry.id for entry in new.lessons() if entry.id in place]
    stable = _longest_rise([place[identity] for identity in stayed])
    out_of_order = {identity for index, identity in enumerate(stayed) if index not in stable}
    elsewhere = {identity for identity in stayed if old_module[identity] != new_module[identity]}
    return frozenset(out_of_order | elsewhere)


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Indexes of a longest rising subsequence."""
    ends: list[int] = []  # smallest last number of a rise of each length
    last: list[int] = []  # index of that number
    before: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        last[length : length + 1] = [index]
    found: set[int] = set()
    index = last[-1] if last else -1
    while index >= 0:
        found.add(index)
        index = before[index]
    return found
