"""A course's current release as what stands around one text: the little that it needs to know of others.

No text is parsed: ids, editions, headings and marks are those that publishing stored. The result is
immutable and kept in the process: a preview costs the same in a course of 20 lessons and in one of 1,000.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from posixpath import normpath

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.courses import files, frontmatter, heads, published
from learn.courses.cache import OBJECT, weight
from learn.courses.heads import FileKind, Head
from learn.courses.library import cached
from learn.courses.manifest import LessonEntry, Manifest
from learn.courses.models import Asset, Course, Release, ReleaseFile
from learn.courses.pages import Places
from learn.courses.parse import PLAIN, TEST
from learn.courses.pictures import Seen
from learn.courses.published import Base, Version
from learn.courses.shelved import add_release, standing_in
from learn.courses.source import Text
from learn.courses.targets import Glance
from learn.courses.trace import Trace
from learn.courses.values import Item

KINDS: dict[str, FileKind] = {"kurs.md": "kurs", "glossar.md": "glossar", TEST: "fragen"}
PER_TEXT = 16 * OBJECT  # a text with its head and version


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture: hash, kind and size in CSS pixels, bytes."""

    sha: str
    seen: Seen
    size: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A current release. Paths are those below the content root.

    The versions of `base` lack what only whole courses are compared by: findings, targets. `former`: last
    values of all lessons the course has ever held.
    """

    base: Base
    texts: Mapping[str, Text]
    pictures: Mapping[str, Kept]
    former: Mapping[str, LessonEntry]


def of_course(session: Session, course: Course) -> Stored | None:
    """The current release of a course: one statement when it is known to this process."""
    if course.release_id is None:
        return None
    newest = session.scalar(select(func.max(Release.id)).where(Release.course_id == course.id))
    return cached(("workshop-stored", course.slug, course.release_id, newest), lambda: _read(session, course))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Pages and pictures of other current releases; `state` names them."""

    state: tuple[tuple[str, int], ...]
    places: Places


def elsewhere(session: Session, folders: frozenset[str]) -> Elsewhere:
    """What texts name at the top of the content root beside their own course, as it is published."""
    found, state = Places(), []
    named = standing_in(folders) & Course.release_id.is_not(None)
    query = select(Course.slug, Course.release_id).where(named).order_by(Course.slug)
    for slug, release_id in session.execute(query).all() if folders else ():
        assert release_id is not None
        part = _shelved(session, slug, release_id)
        found.pages.update(part.pages)
        found.pictures.update(part.pictures)
        found.slugs.update(part.slugs)
        state.append((slug, release_id))
    return Elsewhere(tuple(state), found)


def _shelved(session: Session, slug: str, release_id: int) -> Places:
    return cached(("workshop-elsewhere", slug, release_id), lambda: _places(session, slug, release_id))


def _places(session: Session, slug: str, release_id: int) -> tuple[Places, int]:
    places = Places()
    row = session.execute(select(Release.manifest, Release.details).where(Release.id == release_id)).one()
    add_release(places, session, slug, release_id, Manifest.from_json(row.manifest), row.details)
    return places, PER_TEXT * (len(places.pages) + len(places.pictures) + len(places.slugs))


def _read(session: Session, course: Course) -> tuple[Stored, int]:
    base = published.base(session, course)
    texts = {base.prefix + path: text for path, text in _texts(session, base)}
    found = Stored(
        base=replace(base, versions={key: _light(version) for key, version in base.versions.items()}),
        texts=texts,
        pictures=dict(_pictures(session, base)),
        former=published.former(session, base),
    )
    size = weight(base.details) + PER_TEXT * (len(texts) + len(found.pictures) + len(found.former))
    return found, size


def _light(version: Version) -> Version:
    """A version with nothing but its headings."""
    trace = Trace(canonical=version.trace.canonical, slugs=version.trace.slugs)
    return replace(version, trace=trace, plain_trace=Trace() if version.plain_trace else None)


def _texts(session: Session, base: Base) -> Iterator[tuple[str, Text]]:
    """All texts by path below the course folder."""
    named = {path: identity for identity, path in base.paths.items()}
    for path, sha in base.files.items():
        identity = named.get(path, "")
        place = base.prefix + path
        if path == "kurs.md":
            yield path, _sheet(session, place, sha)
        elif path.endswith(PLAIN):
            yield path, Text(place, sha, "einfach", Head("einfach", {}, {}), 1)
        elif identity.startswith("les_"):
            yield path, _lesson(base, place, sha, identity)
        else:
            kind = KINDS.get(path, "modul")
            yield path, Text(place, sha, kind, Head(kind, {"id": identity}, {}), 1, _terms(base, kind))


def _sheet(session: Session, place: str, sha: str) -> Text:
    """The course's own sheet is read: it says which local values there are and how the course ends."""
    text = files.decode(published.bytes_of(session, sha))
    front = frontmatter.split(text if isinstance(text, str) else "")
    return Text(place, sha, "kurs", heads.read(front, "kurs"), front.body_line)


def _lesson(base: Base, place: str, sha: str, identity: str) -> Text:
    entry, version = base.manifest.lesson(identity), base.versions.get(identity)
    values = {"id": identity}
    if entry is None:
        return Text(place, sha, "lektion", Head("lektion", values, {}), 1)
    head = Head("lektion", {**values, **_values(entry)}, {})
    marks = version.trace.marks if version else ()
    sections = frozenset(f"{mark.kind.lower()}-{mark.id}" for mark in marks if mark.id)
    return Text(place, sha, "lektion", head, 1, Glance(sections))


def _values(entry: LessonEntry) -> dict[str, object]:
    """The front matter that other texts' findings depend on."""
    return {
        "titel": entry.title,
        "ausgabe": entry.edition,
        "dauer": entry.minutes,
        "pflicht": entry.required,
        "ersetzt": tuple(Item(identity, 1) for identity in entry.replaces),
    }


def _terms(base: Base, kind: FileKind) -> Glance:
    if kind != "glossar":
        return Glance()
    return Glance(terms=tuple((term["title"], term["slug"]) for term in base.details["terms"]))


def _pictures(session: Session, base: Base) -> Iterator[tuple[str, Kept]]:
    rows = session.execute(
        select(ReleaseFile.path, Asset)
        .join(Asset, Asset.sha == ReleaseFile.sha)
        .where(ReleaseFile.release_id == base.release_id, ReleaseFile.picture)
    )
    for path, asset in rows:
        yield (
            normpath(base.prefix + path),
            Kept(asset.sha, Seen(asset.ext, asset.width, asset.height), asset.size),
        )
