"""What stands around the texts of a working copy: the release's texts and pictures with the copy's changes.

Kept in the process for a state of the copy; only what the copy changes is read, and no other text parsed.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import NotFound
from learn.courses import pages, parse
from learn.courses.cache import OBJECT
from learn.courses.files import Tree, lay
from learn.courses.library import cached
from learn.courses.models import Course
from learn.courses.origin import WORKSHOP
from learn.courses.pages import Places
from learn.courses.pictures import Seen
from learn.courses.source import Content, Text
from learn.workshop import holding, keys, stored
from learn.workshop.models import WorkCourse, WorkPicture
from learn.workshop.rebase import Laid
from learn.workshop.stored import PER_TEXT, Kept, Stored


@dataclass(frozen=True, slots=True)
class Bytes:
    """Files in memory by their path below the content root."""

    held: Mapping[str, bytes]

    def open(self, path: str) -> BinaryIO | None:
        found = self.held.get(path)
        return io.BytesIO(found) if found is not None else None

    def origin(self, _path: str) -> str:
        return WORKSHOP


@dataclass(frozen=True, slots=True)
class Nearby:
    """A state of a working copy; paths are those below the content root.

    `content` holds every text, as its release knows it or as the copy says. `paths`: by key. `changed`: bytes
    of the texts that the copy changes. `state` names all this.
    """

    course_id: str
    slug: str
    state: tuple[object, ...]
    content: Content
    places: Places
    pictures: Mapping[str, Kept]
    paths: Mapping[str, str]
    changed: Mapping[str, bytes]
    release: Stored | None

    @property
    def prefix(self) -> str:
        """What its paths begin with below the content root."""
        return prefix_of(self.course_id, self.slug)


def prefix_of(course_id: str, slug: str) -> str:
    """What the paths of a course's files begin with; the network's glossary lies at the top."""
    return "" if course_id.startswith("glo_") else f"{slug}/"


def around(session: Session, course_id: str) -> Nearby:
    """The working copy as it is saved: three short statements when this process knows it. Raises NotFound."""
    course, copy = session.get(Course, course_id), session.get(WorkCourse, course_id)
    if copy is None and (course is None or course.release_id is None):
        raise NotFound
    release = stored.of_course(session, course) if course else None
    slug = copy.slug if copy else release.base.slug if release else ""
    state = (course_id, slug, release.base.release_id if release else 0, copy.revision if copy else -1)
    return cached(("workshop-nearby", *state), lambda: _read(session, course_id, slug, release, state))


def _read(
    session: Session, course_id: str, slug: str, release: Stored | None, state: tuple[object, ...]
) -> tuple[Nearby, int]:
    held = holding.load(session, course_id)
    laid = [each for each in held.laid.values() if not each.removed] if held else []
    prefix = prefix_of(course_id, slug)
    changed = {prefix + each.path: each.text.encode() for each in laid if each.text is not None}
    pictures = dict(_pictures(session, course_id, prefix, release))
    sizes = {path: kept.size for path, kept in pictures.items()} | {prefix + each.path: 1 for each in laid}
    tree = Tree(
        Bytes(changed),
        prefix,
        inspected={path: (kept.sha, kept.seen) for path, kept in pictures.items()},
        known={},
    )
    texts, faulty = _texts(laid, prefix, changed, release)
    tree.known = texts
    content = parse.read(lay(tree, sizes))
    places = pages.of_folder(content)
    places.faulty |= frozenset(path.casefold() for path in faulty)
    paths = {each.key: prefix + each.path for each in laid}
    found = Nearby(course_id, slug, state, content, places, pictures, paths, changed, release)
    return found, PER_TEXT * (len(texts) + len(pictures)) + sum(map(len, changed.values())) + OBJECT


def _texts(
    laid: list[Laid], prefix: str, changed: Mapping[str, bytes], release: Stored | None
) -> tuple[dict[str, Text], set[str]]:
    """All texts by path, and which of the changed ones have an error of their own."""
    known, faulty = dict[str, Text](), set[str]()
    before = {text.path: text for text in release.texts.values()} if release else {}
    by_key = {key: before[path] for key, path in _places(release)} if release else {}
    for each in laid:
        path = prefix + each.path
        if path in changed:
            known[path], broken = _own(path, changed[path], each.key)
            faulty |= broken
        elif each.key in by_key:
            known[path] = replace(by_key[each.key], path=path)
    return known, faulty


def _places(release: Stored) -> Iterator[tuple[str, str]]:
    """Where the release's texts lie, by key."""
    for identity, path in release.base.paths.items():
        yield identity, release.base.prefix + path
        plain = path.removesuffix(".md") + parse.PLAIN
        if identity.startswith("les_") and plain in release.base.files:
            yield identity + keys.PLAIN, release.base.prefix + plain


def _own(path: str, data: bytes, key: str) -> tuple[Text, set[str]]:
    """A text of the copy; read once for these bytes."""

    def make() -> tuple[tuple[Text, set[str]], int]:
        tree = lay(Tree(Bytes({path: data})), {path: len(data)})
        text = parse.read_text(tree, path, keys.kind_of(key))
        return (text, tree.broken), PER_TEXT

    return cached(("workshop-text", path, sha256(data).digest()), make)


def _pictures(
    session: Session, course_id: str, prefix: str, release: Stored | None
) -> Iterator[tuple[str, Kept]]:
    found = {}
    if release is not None:  # the course may have another address by now
        before = release.base.prefix
        found = {_moved(path, before, prefix): kept for path, kept in release.pictures.items()}
    for row in session.scalars(select(WorkPicture).where(WorkPicture.course_id == course_id)):
        found.pop(prefix + row.path, None)
        if not row.removed:
            found[prefix + row.path] = Kept(row.sha, Seen(row.ext, row.width, row.height), row.size)
    yield from found.items()


def _moved(path: str, before: str, prefix: str) -> str:
    return prefix + path.removeprefix(before) if path.startswith(before) else path
