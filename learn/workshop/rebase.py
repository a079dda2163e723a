"""The working copy laid over the current release, text by text, whatever was published meanwhile. Pure.

A text changed only here keeps its change, one changed only there becomes theirs, one changed on both sides
is a clash. The same goes for where a text lies; lessons follow their module when its folder is renamed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from posixpath import dirname, join

from learn.courses import canonical
from learn.workshop.keys import PLAIN, standard
from learn.workshop.models import WorkCourse, WorkText
from learn.workshop.queries import PLAIN_FILE, Shelf

Place = tuple[str, str]  # id of the module, else the folder; name of the file
Texts = Mapping[str, str]  # stored texts by hash
Folders = Mapping[str, str]  # ids of modules by folder


@dataclass(frozen=True, slots=True)
class Laid:
    """One text as it stands in the working copy.

    `text`: None when it is as released. `sha`: of the release's bytes, empty where it has none. `moved`:
    it lies elsewhere than in the release. `clash`: changed here and there. `row`: what is stored of it.
    """

    key: str
    path: str
    text: str | None = None
    sha: str = ""
    moved: bool = False
    removed: bool = False
    clash: bool = False
    elsewhere: bool = False  # the clash is about where it lies
    row: WorkText | None = None

    @property
    def changed(self) -> bool:
        """Whether it differs from the release."""
        return self.text is not None or self.moved or self.removed


@dataclass(frozen=True, slots=True)
class _Sides:
    """The current release, `ours` if published from this very copy; modules by folder: base, there, here."""

    there: Shelf
    ours: bool
    texts: Texts
    before: Folders
    beyond: Folders
    here: Folders


@dataclass(frozen=True, slots=True)
class _Found:
    """What became of a stored text; None for `text`: as released."""

    place: Place
    text: str | None = None
    removed: bool = False
    clash: bool = False
    elsewhere: bool = False


def same(one: str, other: str) -> bool:
    """Whether two texts merely say the same."""
    return one == other or canonical.written(one.encode()) == canonical.written(other.encode())


def needed(rows: Iterable[WorkText], there: Shelf) -> set[str]:
    """Hashes of the stored texts that `lay` compares."""
    found: set[str] = set()
    for row in rows:
        found |= {row.base_sha, there.sha(row.key)}
    return found - {""}


def own(work: WorkCourse, there: Shelf) -> bool:
    """Whether the current release was published from this copy, which does not know of it yet.

    So it is after a kill between release and cleanup. A save since would have noticed.
    """
    newer = there.ours and there.number > work.base
    return newer and there.made_at is not None and work.changed_at <= there.made_at


def lay(rows: Iterable[WorkText], base: Shelf, there: Shelf, texts: Texts, *, ours: bool) -> dict[str, Laid]:
    """All texts of the working copy by key."""
    stored = {row.key: row for row in rows}
    sides = _sides(stored, base, there, texts, ours=ours)
    found = {key: result for key, row in stored.items() if (result := _settled(row, sides)) is not None}
    places = {key: _place(path, sides.beyond) for key, path in there.paths.items() if key not in stored}
    places |= {key: result.place for key, result in found.items()}
    paths = _paths(places)
    _part(paths, {key for key in paths if key not in found or not found[key].removed}, there)
    _beside(paths)
    return {
        key: _laid(key, path, stored.get(key), found.get(key), there) for key, path in sorted(paths.items())
    }


def _sides(stored: Mapping[str, WorkText], base: Shelf, there: Shelf, texts: Texts, *, ours: bool) -> _Sides:
    before = _folders(base.paths)
    here = before | _folders({key: row.path for key, row in stored.items()})
    return _Sides(there, ours, texts, before, _folders(there.paths), here)


def _folders(paths: Mapping[str, str]) -> dict[str, str]:
    return {dirname(path): key for key, path in paths.items() if key.startswith("mod_")}


def _place(path: str, folders: Folders) -> Place:
    folder, _, name = path.rpartition("/")
    if name == "modul.md":
        return folder, name
    return folders.get(folder, folder), name


def _settled(row: WorkText, sides: _Sides) -> _Found | None:
    """What becomes of a stored text; None when neither side has it any more."""
    path, sha = row.base_path, row.base_sha
    current = sides.there.paths.get(row.key)
    if sides.ours and current is not None:
        path, sha = current, sides.there.sha(row.key)
    if current is None:
        return _alone(row, sha, sides)
    before = _place(path, sides.beyond if sides.ours else sides.before)
    theirs = _place(current, sides.beyond)
    base_text = sides.texts.get(sha, "")
    changed_there = not same(sides.texts[sides.there.sha(row.key)], base_text)
    if row.removed:
        return _Found(theirs, removed=True, clash=changed_there)
    mine = _place(row.path, sides.here)
    place, elsewhere = _moved(before, mine, theirs)
    text, clash = _merged(row.text, base_text, sides.texts[sides.there.sha(row.key)])
    return _Found(place, text, clash=clash or elsewhere, elsewhere=elsewhere)


def _alone(row: WorkText, sha: str, sides: _Sides) -> _Found | None:
    """A text that the release lacks: new here, or taken away there."""
    if row.removed:
        return None
    taken = bool(sha) and not sides.ours
    if taken and same(row.text, sides.texts.get(sha, "")):
        return None
    return _Found(_place(row.path, sides.here), row.text, clash=taken)


def _moved(before: Place, mine: Place, theirs: Place) -> tuple[Place, bool]:
    """Where a text lies now, and whether both sides moved it differently."""
    if mine == before:
        return theirs, False
    return mine, theirs not in (before, mine)


def _merged(mine: str, before: str, theirs: str) -> tuple[str | None, bool]:
    """The text where it differs from the release's, and whether both sides changed it differently."""
    if same(mine, theirs) or same(mine, before):
        return None, False
    return mine, not same(before, theirs)


def _paths(places: Mapping[str, Place]) -> dict[str, str]:
    """Paths by key; modules have their folder."""
    folders = {key: place[0] for key, place in places.items() if key.startswith("mod_")}
    return {key: join(folders.get(folder, folder), name) for key, (folder, name) in places.items()}


def _beside(paths: dict[str, str]) -> None:
    """A plain text lies beside its lesson."""
    for key in paths:
        lesson = standard(key)
        if key.endswith(PLAIN) and lesson in paths:
            paths[key] = paths[lesson].removesuffix(".md") + PLAIN_FILE


def _part(paths: dict[str, str], lying: set[str], there: Shelf) -> None:
    """Where a lesson from here lies at the place of a published one, it gets the next free name."""
    taken = {paths[key] for key in lying if there.paths.get(key) == paths[key]}
    for key in sorted(lying):
        path = paths[key]
        if key.startswith("les_") and not key.endswith(PLAIN) and path in taken - {there.paths.get(key)}:
            stem = path.removesuffix(".md")
            free = (f"{stem}-{number}.md" for number in count(2))
            paths[key] = next(name for name in free if name not in paths.values())


def _laid(key: str, path: str, row: WorkText | None, found: _Found | None, there: Shelf) -> Laid:
    moved = path != there.paths.get(key, path)
    sha = there.sha(key)
    if found is None:
        return Laid(key, path, sha=sha, moved=moved)
    return Laid(
        key,
        path,
        text=found.text if not found.removed else None,
        sha=sha,
        moved=moved and not found.removed,
        removed=found.removed,
        clash=found.clash,
        elsewhere=found.elsewhere,
        row=row,
    )
