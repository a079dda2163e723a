"""Where drafts lie: modules and lessons with numbers, slugs and ids, kept from one import to the next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from learn.courses.foreign import identities, titles
from learn.courses.foreign.drafting import Glance
from learn.courses.foreign.identities import Entry, Known
from learn.courses.foreign.order import Module
from learn.courses.parse import LESSON_RESERVED, NUMBERED

HIGHEST = 999


@dataclass(frozen=True, slots=True)
class Place:
    """A module with its entry and those of its lessons, by source path in order."""

    module: Module
    title: str
    entry: Entry
    lessons: Mapping[str, Entry]


def places(
    known: Known,
    folder: Path,
    modules: Sequence[tuple[Module, str]],
    matched: Mapping[str, Entry],
    glances: Mapping[str, Glance],
    taken: set[str],
) -> list[Place]:
    """Every module (with its title) and lesson gets an entry with id and path; `known` holds them then."""
    parts = _modules(known, folder, modules, matched, taken)
    slugs = (
        set(LESSON_RESERVED) | {_slug(entry.path) for entry in matched.values()} | _strangers(known, folder)
    )
    found = []
    for (module, title), entry in zip(modules, parts, strict=True):
        entries = {
            path: matched.get(path) or _fresh(known, "lektion", path, taken) for path in module.lessons
        }
        below = entry.path.rpartition("/")[0]
        numbers = _numbers([lesson.path for lesson in entries.values()])
        for (path, lesson), number in zip(entries.items(), numbers, strict=True):
            if not lesson.path:
                name = titles.slug(titles.own_name(path), glances[path].title, slugs)
                slugs.add(name)
            else:
                name = _slug(lesson.path)
            lesson.key = path
            _move(lesson, folder, f"{below}/{number:02d}-{name}.md")
        found.append(Place(module, title, entry, entries))
    return found


def _modules(
    known: Known,
    folder: Path,
    modules: Sequence[tuple[Module, str]],
    matched: Mapping[str, Entry],
    taken: set[str],
) -> list[Entry]:
    before = known.of("modul")
    keys = _keys(modules)
    free = {entry.path: entry for key, entry in before.items() if key not in keys}
    entries = []
    for (module, _), key in zip(modules, keys, strict=True):
        entry = before.get(key) or free.pop(f"{_home(module, matched)}/modul.md", None)
        entry = entry or _fresh(known, "modul", key, taken)
        entry.key = key
        entries.append(entry)
    slugs = {"bilder", "fragen"} | {_slug(entry.path.rpartition("/")[0]) for entry in entries if entry.path}
    for (module, title), entry, number in zip(
        modules, entries, _numbers([e.path for e in entries]), strict=True
    ):
        name = _slug(entry.path.rpartition("/")[0]) if entry.path else ""
        if not name:
            name = titles.slug(module.folder.rpartition("/")[2] or known.slug, title, slugs)
            slugs.add(name)
        _folder(entry, folder, f"{number:02d}-{name}")
    return entries


def _keys(modules: Sequence[tuple[Module, str]]) -> list[str]:
    """A name for each module: its folder and how often that has come before."""
    seen: Counter[str] = Counter()
    found = []
    for module, _ in modules:
        seen[module.folder] += 1
        found.append(f"{module.folder}#{seen[module.folder]}")
    return found


def _home(module: Module, matched: Mapping[str, Entry]) -> str:
    """Where at least half of a module's drafts lie so far; empty if nowhere."""
    paths = (matched[path].path for path in module.lessons if path in matched)
    homes = Counter(path.rpartition("/")[0] for path in paths if path)
    for home, count in homes.most_common(1):
        if 2 * count >= len(module.lessons):
            return home
    return ""


def _folder(entry: Entry, folder: Path, name: str) -> None:
    """Give a module its folder; an existing one is renamed with all that lies in it."""
    old = entry.path.rpartition("/")[0]
    if old and old != name and (folder / old).is_dir() and not (folder / name).exists():
        (folder / old).rename(folder / name)
    entry.path = f"{name}/modul.md"


def _move(entry: Entry, folder: Path, path: str) -> None:
    """Give a lesson its path, and remember where its draft still lies."""
    for old in (entry.path, entry.was):
        if old and old != path and (folder / old).is_file() and not (folder / path).exists():
            entry.was = old
            break
    else:
        entry.was = ""
    entry.path = path


def _fresh(known: Known, kind: str, key: str, taken: set[str]) -> Entry:
    entry = Entry(kind, key, "", identities.fresh(kind, taken))
    known.entries.append(entry)
    return entry


def _numbers(paths: Sequence[str]) -> list[int]:
    """A number for each path: its own where that leaves them in order, else the next one."""
    found, last = [], 0
    for path in paths:
        match = NUMBERED.match(path.rpartition("/")[2] if not path.endswith("modul.md") else path)
        own = int(match[1]) if match else 0
        last = own if own > last else last + 1
        found.append(last)
    return found if last <= HIGHEST else list(range(1, len(paths) + 1))


def _slug(path: str) -> str:
    name = path.rpartition("/")[2].removesuffix(".md")
    match = NUMBERED.fullmatch(name)
    return match[2] if match else name


def _strangers(known: Known, folder: Path) -> set[str]:
    """Slugs of lessons that are no drafts of ours."""
    ours = {entry.path for entry in known.entries} | {entry.was for entry in known.entries}
    if not folder.is_dir():
        return set()
    files = (path.relative_to(folder).as_posix() for path in folder.glob("*/*.md"))
    return {_slug(path) for path in files if path not in ours}
