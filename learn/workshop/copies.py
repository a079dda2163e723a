"""The working copy of a course: the current release overlaid by what the Werkstatt changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from posixpath import basename, dirname

from sqlalchemy.orm import Session

from learn.courses.parse import NUMBERED
from learn.workshop import drafting, holding, queries
from learn.workshop.clashing import Clash, clashes
from learn.workshop.drafting import draft
from learn.workshop.holding import Holding, course_of
from learn.workshop.keys import KINDS, PLAIN, kind_of, standard
from learn.workshop.rebase import Laid

__all__ = [
    "Clash",
    "Copy",
    "Entry",
    "ModuleEntry",
    "Text",
    "clashes",
    "copy",
    "course_of",
    "draft",
    "text",
    "texts",
]


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it stands. `text`: the whole file with LF. `changed`: it differs from the release.

    `revision` names this very state: counted from 1 while the text differs, a number beyond 1,000,000,000
    made of the published bytes while it does not. Hand it back as `base_revision`; never compare by size.
    `base_path`, `base_sha`: where and what it is in the current release, empty for a new text.
    `saved_by`: a name, empty as published or where the person has left. `clash`: changed in Git, too.
    """

    key: str
    path: str
    text: str
    revision: int
    changed: bool
    removed: bool
    base_path: str
    base_sha: str
    saved_at: datetime | None = None
    saved_by: str = ""
    clash: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the outline. `state`: empty as published, else neu, geaendert, verschoben, entfernt.

    `clash`: it was changed in Git, too, or its plain version was.
    """

    key: str
    path: str
    title: str
    minutes: int = 0
    required: bool = True
    state: str = ""
    clash: bool = False


@dataclass(frozen=True, slots=True)
class ModuleEntry:
    """A module with its lessons in order; the entry's key is empty where modul.md is missing."""

    entry: Entry
    lessons: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A course as the Werkstatt shows it, with what was taken away.

    `base`: release the copy was last written over, `current`: release of today, both 0 before the first.
    `revision` names this state of the whole copy; releases change it too. `others`: glossary, Abschlusstest.
    """

    course_id: str
    slug: str
    title: str
    base: int
    current: int
    revision: int
    state: str
    publish_at: datetime | None
    kurs: Entry
    modules: tuple[ModuleEntry, ...]
    others: tuple[Entry, ...]
    plain: frozenset[str]
    changed: bool
    clash: bool = False


def copy(session: Session, course_id: str) -> Copy | None:
    """The course's outline, in a constant number of statements."""
    found = holding.load(session, course_id)
    if found is None:
        return None
    clashing = {standard(key) for key, laid in found.laid.items() if laid.clash}
    entries = {
        key: replace(_entry(found, laid), clash=key in clashing)
        for key, laid in found.laid.items()
        if not key.endswith(PLAIN)
    }
    sheet = entries.get(course_id) or Entry(course_id, "kurs.md", found.shelf.title)
    lying = {key for key, laid in found.laid.items() if key.endswith(PLAIN) and not laid.removed}
    work = found.work
    return Copy(
        course_id=course_id,
        slug=found.slug,
        title=sheet.title,
        base=work.base if work else found.shelf.number,
        current=found.shelf.number,
        revision=found.revision,
        state=work.stand(found.revision) if work else "entwurf",
        publish_at=work.publish_at if work else None,
        kurs=sheet,
        modules=_modules(entries),
        others=tuple(
            entry for key, entry in entries.items() if key[:4] in {"glo_", "fra_"} and key != course_id
        ),
        plain=frozenset(key.removesuffix(PLAIN) for key in lying),
        changed=_differs(session, found),
        clash=bool(clashing),
    )


def text(session: Session, key: str) -> Text | None:
    """One text as it stands, also one that was taken away; None when nobody has it."""
    if not _is_key(key):
        return None
    course_id = course_of(session, key)
    found = holding.load(session, course_id) if course_id else None
    laid = found.laid.get(key) if found else None
    if found is None or laid is None:
        return None
    return _text(found, laid, holding.body(session, found, laid))


def texts(session: Session, course_id: str) -> dict[str, Text]:
    """All texts of a course by key, also those that were taken away."""
    found = holding.load(session, course_id)
    if found is None:
        return {}
    bodies = holding.bodies(session, found, found.laid.values())
    return {key: _text(found, laid, bodies[key]) for key, laid in found.laid.items()}


def _is_key(key: str) -> bool:
    return key[:4] in KINDS


def _entry(found: Holding, laid: Laid) -> Entry:
    """A line, from the release where the text is as published, else from its front matter."""
    kind = kind_of(laid.key)
    state = _state(laid)
    written = laid.text if laid.text is not None else None
    if written is None and not laid.sha and laid.row is not None:
        written = laid.row.text
    if written is not None:
        head = queries.head(written, kind)
        title = head.text("titel") or basename(laid.path)
        return Entry(laid.key, laid.path, title, head.number("dauer"), head.flag("pflicht"), state)
    lesson = found.shelf.lessons.get(laid.key)
    if lesson is not None:
        return Entry(laid.key, laid.path, lesson.title, lesson.minutes, lesson.required, state)
    titles = {**found.shelf.titles, **found.shelf.modules}
    return Entry(laid.key, laid.path, titles.get(laid.key, found.shelf.title), state=state)


def _state(laid: Laid) -> str:
    if laid.removed:
        return "entfernt"
    if not laid.sha:
        return "neu"
    if laid.text is not None:
        return "geaendert"
    return "verschoben" if laid.moved else ""


def _modules(entries: Mapping[str, Entry]) -> tuple[ModuleEntry, ...]:
    """Modules and lessons in reading order."""
    heads = {dirname(entry.path): entry for key, entry in entries.items() if key.startswith("mod_")}
    lessons: dict[str, list[Entry]] = {folder: [] for folder in heads}
    for key, entry in entries.items():
        if key.startswith("les_"):
            lessons.setdefault(dirname(entry.path), []).append(entry)
    return tuple(
        ModuleEntry(
            heads.get(folder) or Entry("", f"{folder}/modul.md", folder),
            tuple(sorted(lessons[folder], key=lambda entry: _order(basename(entry.path)))),
        )
        for folder in sorted(lessons, key=_order)
    )


def _order(name: str) -> tuple[int, str]:
    match = NUMBERED.fullmatch(name)
    return (int(match[1]), match[2]) if match else (1000, name)


def _differs(session: Session, found: Holding) -> bool:
    if not found.shelf.number or found.slug != found.shelf.slug:
        return True
    if any(laid.changed for laid in found.laid.values()):
        return True
    return drafting.other_pictures(session, found)


def _text(found: Holding, laid: Laid, body: str) -> Text:
    row = laid.row if laid.text is not None or laid.removed or not laid.sha else None
    return Text(
        key=laid.key,
        path=laid.path,
        text=body,
        revision=found.revision_of(laid),
        changed=laid.changed,
        removed=laid.removed,
        base_path=found.shelf.paths.get(laid.key, ""),
        base_sha=laid.sha,
        saved_at=row.saved_at if row else None,
        saved_by=found.names.get(laid.key, "") if row else "",
        clash=laid.clash,
    )
