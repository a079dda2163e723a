"""The working copy of a course: the current release overlaid by what the Werkstatt changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from posixpath import basename, dirname
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import NotFound, Refused
from learn.courses.drafts import Draft
from learn.courses.parse import NUMBERED
from learn.courses.storing import Storage
from learn.workshop import holding, queries
from learn.workshop.holding import Holding, course_of
from learn.workshop.keys import KINDS, PLAIN, kind_of
from learn.workshop.merging import unmerged
from learn.workshop.models import WorkPicture
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
NARROW = "-schmal"  # a picture of narrow screens, which no text names


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it stands. `text`: the whole file with LF. `changed`: it differs from the release.

    `revision` names this very state: counted from 1 while the text differs, a number beyond 1,000,000,000
    made of the published bytes while it does not. Hand it back as `base_revision`; never compare by size.
    `base_path`, `base_sha`: where and what it is in the current release, empty for a new text.
    `saved_by`: a name, empty as published or where the person has left.
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


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the outline. `state`: empty as published, else neu, geaendert, verschoben, entfernt."""

    key: str
    path: str
    title: str
    minutes: int = 0
    required: bool = True
    state: str = ""


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


@dataclass(frozen=True, slots=True)
class Clash:
    """A text changed here and in the release since. None: that side lacks it, or took it away.

    Each side with its path; `elsewhere`: both moved it, to different places.
    """

    key: str
    title: str
    base: str | None
    theirs: str | None
    here: str | None
    base_path: str
    their_path: str
    here_path: str
    elsewhere: bool


def copy(session: Session, course_id: str) -> Copy | None:
    """The course's outline, in a constant number of statements."""
    found = holding.load(session, course_id)
    if found is None:
        return None
    entries = {key: _entry(found, laid) for key, laid in found.laid.items() if not key.endswith(PLAIN)}
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


def draft(session: Session, storage: Storage, course_id: str) -> Draft:
    """The copy as publishing takes it. Raises NotFound; Refused while texts wait for being merged."""
    found = holding.load(session, course_id)
    if found is None:
        raise NotFound
    _ready(session, found)
    changes: dict[str, bytes | None] = dict(_changed_texts(session, found))
    changes |= _changed_pictures(session, storage, found)
    slug = found.slug if course_id.startswith("kur_") and found.slug != found.shelf.slug else ""
    return Draft(course_id, found.shelf.number, changes, slug)


def clashes(session: Session, course_id: str) -> tuple[Clash, ...]:
    """Texts changed both in a release and here since; publishing waits for them."""
    found = holding.load(session, course_id)
    if found is None:
        return ()
    return tuple(_clash(found, laid) for laid in found.laid.values() if laid.clash)


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
    return any(_new_picture(found, row) and _shown(found, row) for row in _pictures(session, found))


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
    )


def _ready(session: Session, found: Holding) -> None:
    """Raises Refused while a text is changed on both sides, or two lie at one place."""
    if any(laid.clash for laid in found.laid.values()):
        names = ", ".join(f"„{clash.title}“" for clash in clashes(session, found.course_id))
        raise Refused(f"Führen Sie zuerst zusammen, was hier und in Git geändert wurde: {names}.", status=409)
    seen: dict[str, str] = {}
    for laid in found.laid.values():
        if not laid.removed and seen.setdefault(laid.path, laid.key) != laid.key:
            raise Refused(f"Zwei Texte heißen „{laid.path}“. Benennen Sie einen davon um.", field="path")
        if laid.text is not None and unmerged(laid.text):
            raise Refused(f"In „{laid.path}“ stehen noch beide Fassungen. Führen Sie sie zusammen.")


def _changed_texts(session: Session, found: Holding) -> Iterable[tuple[str, bytes | None]]:
    """What differs by path: new bytes, or None for what goes."""
    lying = [laid for laid in found.laid.values() if not laid.removed]
    stored = queries.bytes_of(session, {laid.sha for laid in lying if laid.text is None and laid.moved})
    paths = {laid.path for laid in lying}
    for path in found.shelf.shas:
        if path not in paths:
            yield path, None
    for laid in lying:
        if laid.text is not None:
            yield laid.path, laid.text.encode()
        elif laid.moved:
            yield laid.path, stored[laid.sha]


def _changed_pictures(
    session: Session, storage: Storage, found: Holding
) -> Iterable[tuple[str, bytes | None]]:
    """Pictures of the copy that the release lacks and some changed text may show."""
    written = "\n".join(laid.text for laid in found.laid.values() if laid.text is not None)
    for row in _pictures(session, found):
        if row.removed:
            if _shown(found, row):
                yield row.path, None
        elif _new_picture(found, row) and (_shown(found, row) or _named(row, written)):
            with storage.open(f"{row.sha}.{row.ext}") as file:
                yield row.path, file.read()


def _pictures(session: Session, found: Holding) -> Iterable[WorkPicture]:
    if found.work is None:
        return []
    return session.scalars(select(WorkPicture).where(WorkPicture.course_id == found.course_id)).all()


def _new_picture(found: Holding, row: WorkPicture) -> bool:
    return row.removed or found.shelf.pictures.get(row.path) != row.sha


def _shown(found: Holding, row: WorkPicture) -> bool:
    """Whether the release shows a picture at this place."""
    return row.path in found.shelf.pictures


def _named(row: WorkPicture, written: str) -> bool:
    stem = basename(row.path).rpartition(".")[0].removesuffix(NARROW)
    return stem in written or quote(stem) in written


def _clash(found: Holding, laid: Laid) -> Clash:
    row = laid.row
    assert row is not None  # only stored texts can clash
    theirs = found.texts[laid.sha] if laid.sha else None
    mine = None if row.removed else row.text
    shown = mine or theirs or ""
    head = queries.head(shown, kind_of(laid.key))
    return Clash(
        key=laid.key,
        title=head.text("titel") or basename(laid.path),
        base=found.texts.get(row.base_sha),
        theirs=theirs,
        here=mine,
        base_path=row.base_path,
        their_path=found.shelf.paths.get(laid.key, ""),
        here_path=row.path,
        elsewhere=laid.elsewhere,
    )
