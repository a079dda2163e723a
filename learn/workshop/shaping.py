"""Steps on a course's tree in its working copy: load its texts, take a pure step, write what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from posixpath import dirname

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Actor, NotFound, Refused
from learn.courses.heads import FileKind
from learn.courses.models import PublishedId
from learn.markup import guard
from learn.markup.model import Heading
from learn.workshop import copies, fields, layout, queries, relinking, saving, structure
from learn.workshop.copies import Copy, Text
from learn.workshop.keys import PLAIN
from learn.workshop.layout import Change
from learn.workshop.saving import Write


@dataclass(frozen=True)
class Shape:
    """A course with all its texts. `texts` holds those that were taken away, too."""

    copy: Copy
    texts: Mapping[str, Text]

    @cached_property
    def files(self) -> dict[str, str]:
        """Texts that are there, by path below the course folder."""
        return {text.path: text.text for text in self.texts.values() if not text.removed}

    @cached_property
    def keys(self) -> dict[str, str]:
        return {text.path: key for key, text in self.texts.items() if not text.removed}

    def lesson(self, key: str) -> Text:
        """A lesson that is there. Raises NotFound."""
        found = self.texts.get(key)
        if found is None or found.removed or not layout.is_lesson(found.path):
            raise NotFound
        return found

    def module(self, key: str) -> Text:
        """A module that is there. Raises NotFound."""
        found = self.texts.get(key)
        if found is None or found.removed or not key.startswith("mod_"):
            raise NotFound
        return found

    def title(self, path: str) -> str:
        """What the text at this path is called."""
        return fields.words(self.files[path], "titel") or path


def course(session: Session, course_id: str) -> Shape:
    """A course with its texts. Raises NotFound."""
    found = copies.copy(session, course_id)
    if found is None or not course_id.startswith("kur_"):
        raise NotFound
    return Shape(found, copies.texts(session, course_id))


def around(session: Session, lesson_id: str) -> Shape:
    """The course of a lesson, which may have been taken away. Raises NotFound."""
    course_id = copies.course_of(session, lesson_id) if lesson_id.startswith("les_") else None
    shape = course(session, course_id) if course_id else None
    if shape is None or lesson_id not in shape.texts:
        raise NotFound
    return shape


def write(session: Session, actor: Actor, shape: Shape, change: Change, *, revision: int, cause: str) -> int:
    """Store what differs; the copy's new revision. Raises Refused: 409 when the copy is another by now."""
    course_id = shape.copy.course_id
    writes = _writes(shape, structure.settled(change))
    return saving.apply(session, actor, course_id, writes, revision=revision, cause=cause)


def _writes(shape: Shape, change: Change) -> Sequence[Write]:
    before = {new: shape.keys[old] for old, new in change.moved.items() if old in shape.keys}
    keys = {path: _key(path, text, before.get(path, shape.keys.get(path, ""))) for path, text in _own(change)}
    for path in change.files:
        if path.endswith(layout.PLAIN):
            keys[path] = keys[path.removesuffix(layout.PLAIN) + ".md"] + PLAIN
    found = [
        Write(key, path, change.files[path])
        for path, key in keys.items()
        if _differs(shape, change, key, path)
    ]
    here = set(keys.values())
    gone = [Write(key, path, None) for path, key in shape.keys.items() if key not in here]
    return [*gone, *found]


def _own(change: Change) -> Sequence[tuple[str, str]]:
    """Texts that bear an id of their own."""
    return [(path, text) for path, text in change.files.items() if not path.endswith(layout.PLAIN)]


def _key(path: str, text: str, known: str) -> str:
    """The id in the text; what bears none keeps the one it is known by."""
    found = fields.words(text, "id") or known
    if not found:
        raise Refused(f"„{path}“ braucht eine Kennung.")
    return found


def _differs(shape: Shape, change: Change, key: str, path: str) -> bool:
    before = shape.texts.get(key)
    return before is None or before.removed or (before.path, before.text) != (path, change.files[path])


def outline(path: str, text: str) -> Sequence[Heading]:
    """The headings of a lesson as they are rendered. Raises Refused."""
    _head, body, first = fields.parts(text)
    kind: FileKind = "einfach" if path.endswith(layout.PLAIN) else "lektion"
    try:
        return guard.render(body, "kurs", None, kind=kind, first_line=first).headings
    except guard.Refused as problem:
        raise Refused(str(problem)) from None


def published(session: Session, ids: Sequence[str]) -> frozenset[str]:
    """Those of these ids that a release has held."""
    return frozenset(session.scalars(select(PublishedId.id).where(PublishedId.id.in_(ids))))


def released(session: Session, text: Text) -> str:
    """What the current release says of a text; empty where it says nothing."""
    return queries.texts_of(session, [text.base_sha])[text.base_sha] if text.base_sha else ""


def given_up(session: Session, shape: Shape, key: str) -> Change:
    """The course with a lesson as it was published, where its module lies now.

    Raises NotFound for one that was never published, Refused when its address is taken by another.
    """
    text = shape.texts[key]
    whole = released(session, text)
    if not whole:
        raise NotFound
    path = _place(shape, text)
    others = {other: found for other, found in shape.files.items() if shape.keys[other] != key}
    if layout.slug(path) in layout.taken(others):
        raise Refused(
            f"Die Adresse „{layout.slug(path)}“ hat inzwischen eine andere Lektion. Benennen Sie diese um."
        )
    restored = {**others, path: _linked(shape, text, whole, path)}
    plain = shape.texts.get(key + PLAIN)
    if text.removed and plain is not None and plain.base_path:
        restored[layout.plain_path(path)] = plain.text
    return Change(restored, {} if text.removed else {text.path: path})


def module_back(session: Session, shape: Shape, key: str) -> Change:
    """The course with a module that was taken away, as it was published. Raises NotFound."""
    text = shape.texts.get(key)
    if text is None or not text.removed or not key.startswith("mod_") or not text.base_sha:
        raise NotFound
    whole = _linked(shape, text, released(session, text), text.base_path)
    return structure.module_back(shape.files, text.base_path, whole)


def _linked(shape: Shape, text: Text, whole: str, path: str) -> str:
    """What the release says of a text, with links that lead to where things lie now."""
    moved = {
        each.base_path: each.path for each in shape.texts.values() if each.base_path and not each.removed
    }
    where = relinking.leading({**moved, text.base_path: path}, {})
    body = relinking.retargeted(fields.parts(whole)[1], text.base_path, path, where)
    return fields.with_body(whole, body)


def _place(shape: Shape, text: Text) -> str:
    """Where the text lies now or, if it was taken away, lay in its module."""
    if not text.removed:
        return text.path
    folder = dirname(text.base_path)
    lying = {
        dirname(each.base_path): dirname(each.path)
        for each in shape.texts.values()
        if each.key.startswith("mod_") and not each.removed
    }
    if folder not in lying:
        raise Refused("Holen Sie zuerst das Modul dieser Lektion zurück.")
    return f"{lying[folder]}/{layout.stem(text.base_path)}.md"
