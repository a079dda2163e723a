"""What a person does to a course in the Werkstatt; a step that could not be published is taken back."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from learn.core.access import Actor, Refused
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses.publish import publish_drafts
from learn.workshop import copies, fields, layout, saving, shaping, structure
from learn.workshop.layout import Change
from learn.workshop.shaping import Shape


@dataclass(slots=True)
class Edits:
    """By key: texts before and after, paths in the end, number of lines edited by hand."""

    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    lines: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who writes where; `careful`: look after each step whether it could be published."""

    database: Database
    storage: Storage
    author: Actor
    course_id: str
    careful: bool


def edited(database: Database, storage: Storage, author: Actor, course_id: str) -> Edits:
    """Some lines in some texts, then another order and another name."""
    desk = Desk(database, storage, author, course_id, careful=False)
    found = _all(desk)
    if _may_be_published(replace(desk, careful=True)):
        return found
    with database.writing() as session:
        for key, text in copies.texts(session, course_id).items():
            if text.changed:
                saving.discard(session, author, key)
    return _all(replace(desk, careful=True))


def _all(desk: Desk) -> Edits:
    edits = Edits()
    with desk.database.reading() as session:
        keys = sorted(key for key in copies.texts(session, desk.course_id) if not key.startswith("fra_"))
    for number, key in enumerate(keys):
        if number % 3 == 0:
            _line(desk, edits, key)
        elif number % 3 == 1 and key.startswith("les_") and "/" not in key:
            _value(desk, edits, key)
    if desk.course_id.startswith("kur_"):
        for step in (_last_first, _renamed):
            _shaped(desk, step)
    return edits


def _line(desk: Desk, edits: Edits, key: str) -> None:
    """Add a line to the end, as a browser sends it: with CRLF."""

    def change(text: str) -> str:
        return text.rstrip("\n") + "\n\nEin Satz aus der Werkstatt.\n"

    if _save(desk, key, lambda text: change(text).replace("\n", "\r\n")):
        edits.lines[key] += 3


def _value(desk: Desk, edits: Edits, key: str) -> None:
    """Another duration."""
    if _save(desk, key, lambda text: fields.with_values(text, {"dauer": "14min"})):
        edits.lines[key] += 1


def _save(desk: Desk, key: str, change: Callable[[str], str]) -> bool:
    """Save a changed text, unless it could not be published then."""
    with desk.database.writing() as session:
        text = copies.text(session, key)
        assert text is not None
        saving.save(session, desk.author, key, change(text.text), base_revision=text.revision)
    if _may_be_published(desk):
        return True
    with desk.database.writing() as session:
        saving.discard(session, desk.author, key)
    return False


def _shaped(desk: Desk, step: Callable[[Shape], Change | None]) -> None:
    """Take a step on the course's tree, and take it back if it could not be published then."""
    with desk.database.writing() as session:
        shape = shaping.course(session, desk.course_id)
        change = step(shape)
        if change is None:
            return
        shaping.write(session, desk.author, shape, change, revision=shape.copy.revision, cause="geordnet")
    if _may_be_published(desk):
        return
    with desk.database.writing() as session:
        now = copies.copy(session, desk.course_id)
        assert now is not None
        writes = [saving.Write(key, text.path, text.text) for key, text in shape.texts.items()]
        saving.apply(session, desk.author, desk.course_id, writes, revision=now.revision, cause="zurück")


def _last_first(shape: Shape) -> Change | None:
    """The last lesson of the first module that has several becomes its first one."""
    for folder in layout.modules(shape.files):
        lessons = layout.lessons(shape.files, folder)
        if len(lessons) > 1:
            return structure.lesson_moved(shape.files, lessons[-1], folder, 0)
    return None


def _renamed(shape: Shape) -> Change | None:
    """The first lesson gets another address."""
    for folder in layout.modules(shape.files):
        for path in layout.lessons(shape.files, folder)[:1]:
            return structure.renamed(shape.files, path, "neue-adresse")
    return None


def _may_be_published(desk: Desk) -> bool:
    if not desk.careful:
        return True
    try:
        with desk.database.reading() as session:
            draft = copies.draft(session, desk.storage, desk.course_id)
        return publish_drafts(desk.database, desk.storage, [draft], dry_run=True).ok
    except Refused:
        return False
