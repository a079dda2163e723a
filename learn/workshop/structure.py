"""Steps on the tree of a course: create, move, rename, retire; every link in its texts follows.

All functions are pure: `dict[path, text]` of one course in, `Change` out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname

from learn.workshop import fields, layout, relinking
from learn.workshop.layout import Change, Files
from learn.workshop.scalars import Value

NOWHERE = layout.HIGHEST + 1  # the number of what has none yet
QUESTION = """
## Ihre erste Frage?

<!-- frage id=frage-1 -->

1. [x] Die richtige Antwort
2. [ ] Eine andere Antwort
"""


def course(identity: str, title: str, result: str, licence: str) -> dict[str, str]:
    """The files of a course that has no module yet."""
    values = {"id": identity, "titel": title, "ergebnis": result, "lizenz": licence, "sprache": "de"}
    return {layout.COURSE: text(values)}


def text(values: Mapping[str, Value | None], body: str = "") -> str:
    """A new file; without a body it ends with an empty line to write in."""
    return fields.with_body(fields.with_values(fields.EMPTY, values), f"\n{body}" if body else "\n")


def with_module(files: Files, identity: str, title: str) -> Change:
    """A module at the end, its folder named after the title."""
    folders = layout.modules(files)
    name = layout.proposed(title, {*map(layout.slug, folders), "bilder", "fragen"}, "modul")
    place, moved = _beside(folders, len(folders), name)
    whole = _whole_folders(files, moved)
    changed = relinking.followed(files, whole, {})
    return Change({**changed, f"{place}/{layout.MODULE}": text({"id": identity, "titel": title})}, whole)


@dataclass(frozen=True, slots=True)
class Room:
    """The name of a lesson to be, and the texts that give way to it."""

    name: str
    moved: dict[str, str]


def with_room(files: Files, folder: str, at: int, slug: str) -> Room:
    """Room for a lesson at place `at` (from 0) of a module."""
    lessons = [layout.stem(path) for path in layout.lessons(files, folder)]
    name, moved = _beside(lessons, at, slug)
    paths = {f"{folder}/{old}.md": f"{folder}/{new}.md" for old, new in moved.items()}
    return Room(name, _both_variants(files, paths))


def with_lesson(files: Files, folder: str, slug: str, values: Mapping[str, Value | None]) -> Change:
    """A lesson at the end of a module; `values` of its front matter, at least id, titel and dauer."""
    room = with_room(files, folder, len(layout.lessons(files, folder)), slug)
    changed = relinking.followed(files, room.moved, {})
    return Change({**changed, f"{folder}/{room.name}.md": text(values)}, room.moved)


def with_glossary(files: Files, identity: str, title: str) -> Change:
    """The course's own terms."""
    return Change({**files, layout.GLOSSARY: text({"id": identity, "titel": title})})


def with_test(files: Files, identity: str, title: str) -> Change:
    """An Abschlusstest with one question to write over; the course asks for it from now on."""
    wanted = fields.items(files[layout.COURSE], "abschluss") or ("lektionen",)
    sheet = fields.with_values(files[layout.COURSE], {"abschluss": [*dict.fromkeys((*wanted, "test"))]})
    test = text({"id": identity, "titel": title, "bestehen": 1}, QUESTION.lstrip("\n"))
    return Change({**files, layout.COURSE: sheet, layout.TEST: test})


def lesson_moved(files: Files, path: str, folder: str, at: int) -> Change:
    """The lesson at place `at` (from 0) of a module, counted without it."""
    others = [each for each in layout.lessons(files, folder) if each != path]
    place, moved = _beside([layout.stem(each) for each in others], at, layout.slug(path), layout.number(path))
    paths = {f"{folder}/{old}.md": f"{folder}/{new}.md" for old, new in moved.items()}
    return _followed(files, _both_variants(files, {**paths, path: f"{folder}/{place}.md"}))


def module_moved(files: Files, folder: str, at: int) -> Change:
    """The module at place `at` (from 0) of the course, counted without it."""
    others = [each for each in layout.modules(files) if each != folder]
    place, moved = _beside(others, at, layout.slug(folder), layout.number(folder))
    return _followed(files, _whole_folders(files, {**moved, folder: place}))


def renamed(files: Files, path: str, slug: str) -> Change:
    """The lesson under another address; its number stays."""
    name = f"{layout.stem(path).partition('-')[0]}-{slug}.md"
    return _followed(files, _both_variants(files, {path: f"{dirname(path)}/{name}"}))


def retired(files: Files, path: str) -> Change:
    """The course without the lesson; what names its id names it no more. Links to it stay: see `mentions`."""
    identity = fields.words(files[path], "id")
    gone = {path, layout.plain_path(path)}
    kept = {other: found for other, found in files.items() if other not in gone}
    return Change(named_anew(kept, {identity: ()}))


def without_module(files: Files, folder: str) -> Change:
    """The course without a module that holds no lesson."""
    return Change({path: found for path, found in files.items() if dirname(path) != folder})


def module_back(files: Files, path: str, whole: str) -> Change:
    """The course with a module that was taken away, among the others where its number puts it."""
    folders, folder = layout.modules(files), dirname(path)
    at = sum(layout.number(each) < layout.number(folder) for each in folders)
    name = layout.proposed(layout.slug(folder), {*map(layout.slug, folders), "bilder", "fragen"}, "modul")
    place, moved = _beside(folders, at, name, layout.number(folder))
    inside = _whole_folders(files, moved)
    return Change({**relinking.followed(files, inside, {}), f"{place}/{layout.MODULE}": whole}, inside)


def settled(change: Change) -> Change:
    """The course whose first lesson recommends none before it: there is none."""
    first = next(iter(layout.lessons(change.files)), "")
    wanted = fields.items(change.files[first], "voraussetzung") if first else ()
    if "vorige" not in wanted:
        return change
    kept = [each for each in wanted if each != "vorige"]
    text = fields.with_values(change.files[first], {"voraussetzung": kept or None})
    return Change({**change.files, first: text}, change.moved)


def mentions(files: Files, path: str) -> list[str]:
    """Texts of the course that link to this lesson, in either variant, besides itself."""
    own = {path, layout.plain_path(path)}
    bodies = ((other, fields.parts(found)[1]) for other, found in files.items() if other not in own)
    name = layout.stem(path)
    return [other for other, body in bodies if name in body and own & relinking.named(body, other)]


def named_anew(files: Files, ids: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The files with other ids under `voraussetzung`, and at the questions of the Abschlusstest."""
    found = {path: _prerequisites(whole, ids) for path, whole in files.items()}
    if layout.TEST in found:
        body = fields.parts(found[layout.TEST])[1]
        found[layout.TEST] = fields.with_body(found[layout.TEST], _revisited(body, ids))
    return found


def with_edition(whole: str, published: int, sentence: str, *, again: bool) -> str:
    """The lesson one edition after the published one; `again`: older completions count no more."""
    edition = published + 1
    held = fields.words(whole, "erneut_ab")
    repeat = str(edition) if again else held if held.isdigit() and int(held) <= published else None
    return fields.with_values(whole, {"ausgabe": edition, "aenderung": sentence or None, "erneut_ab": repeat})


def _prerequisites(whole: str, ids: Mapping[str, Sequence[str]]) -> str:
    if not any(identity in whole for identity in ids):
        return whole
    own = fields.words(whole, "id")
    before = fields.items(whole, "voraussetzung")
    after = dict.fromkeys(new for old in before for new in ids.get(old, (old,)) if new != own)
    return whole if tuple(after) == before else fields.with_values(whole, {"voraussetzung": [*after]})


def _revisited(body: str, ids: Mapping[str, Sequence[str]]) -> str:
    for old, new in ids.items():
        fresh = rf"\g<1>{new[0]}\g<2>" if new else ""
        body = re.sub(rf"""( lektion="?){old}("?)(?=[\s-])""", fresh, body)
    return body


def _beside(names: Sequence[str], at: int, slug: str, number: int = NOWHERE) -> tuple[str, dict[str, str]]:
    """The name of what has this slug at place `at` among these, and new names of those that give way.

    `number`: what it had in this folder or another.
    """
    at = max(0, min(at, len(names)))
    before = [*map(layout.number, names[:at]), number, *map(layout.number, names[at:])]
    after = layout.spaced(before, at)
    others = zip(names, [*after[:at], *after[at + 1 :]], strict=True)
    changed = {name: layout.numbered(new, name) for name, new in others if layout.number(name) != new}
    return f"{after[at]:02d}-{slug}", changed


def _both_variants(files: Files, paths: Mapping[str, str]) -> dict[str, str]:
    """Einfache Sprache goes along."""
    plain = {layout.plain_path(old): layout.plain_path(new) for old, new in paths.items()}
    return {old: new for old, new in {**paths, **plain}.items() if old in files and old != new}


def _whole_folders(files: Iterable[str], folders: Mapping[str, str]) -> dict[str, str]:
    inside = (path for path in files if folders.get(dirname(path), dirname(path)) != dirname(path))
    return {path: f"{folders[dirname(path)]}/{basename(path)}" for path in inside}


def _followed(files: Files, moved: dict[str, str]) -> Change:
    return Change(relinking.followed(files, moved, {}), moved)
