"""What is published today, as publishing and checking compare with it; all empty without an instance."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from learn.courses.manifest import LessonEntry, Manifest
from learn.courses.models import Blob, Course, LessonVersion, PublishedId, Release, ReleaseFile
from learn.courses.source import Content, prefix_of
from learn.courses.trace import Trace

CHUNK = 400  # ids in one statement
FEW = 10  # manifests in memory at once
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Version:
    """A stored lesson version without its HTML."""

    id: int
    lesson_id: str
    content_hash: str
    edition: int
    parser: int
    source: str
    plain_source: str | None
    trace: Trace
    plain_trace: Trace | None

    def traces(self) -> tuple[Trace, ...]:
        """Of the standard and the plain variant."""
        return (self.trace, self.plain_trace) if self.plain_trace else (self.trace,)


@dataclass(frozen=True, slots=True)
class Base:
    """The current release of a course, of the network's glossary or of a Lernpfad."""

    course_id: str
    slug: str
    release_id: int
    number: int
    manifest: Manifest
    sheet: dict[str, Any]
    details: dict[str, Any]
    files: dict[str, str]  # hash of each text file by path below the course folder
    pictures: dict[str, str]
    versions: dict[str, Version]  # by lesson id

    @property
    def prefix(self) -> str:
        """What its paths begin with below the content root."""
        return prefix_of(self.slug)

    @property
    def alone(self) -> bool:
        """Whether it is a Lernpfad: one file and nothing else."""
        return self.course_id.startswith("pfa_")

    @property
    def paths(self) -> dict[str, str]:
        """Files below the course folder by id."""
        found: dict[str, str] = self.details["paths"]
        return found

    @property
    def workshop(self) -> frozenset[str]:
        """Hashes of the texts that come from the Werkstatt."""
        return frozenset(self.details.get("workshop", ()))

    def trace(self, path: str) -> Trace:
        """The trace of a text that is no lesson."""
        return Trace.from_json(self.details["texts"][path])


@dataclass(slots=True)
class Published:
    """`owners`: which course an id was published in. `slugs`: which course bears an address.

    `names`: what reports call a course that is not in the folder.
    """

    bases: dict[str, Base] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def load(session: Session | None, content: Content) -> Published:
    """What concerns these files."""
    if session is None:
        return Published()
    slugs = [course.slug for course in content.courses]
    ids = [course.id for course in content.courses]
    for text in content.others():
        slugs.append(text.slug)
        ids.append(text.id)
    found: dict[str, Course] = {}
    for some in chunks(set(slugs) | set(ids)):
        either = or_(Course.id.in_(some), Course.slug.in_(some))
        found |= {row.id: row for row in session.scalars(select(Course).where(either))}
    rows = list(found.values())
    owners = _owners(session, content)
    names: dict[str, str] = {}
    for some in chunks(set(owners.values())):
        for row in session.execute(select(Course.id, Course.slug).where(Course.id.in_(some))):
            names[row.id] = row.slug
    return Published(
        bases={row.id: base(session, row) for row in rows if row.release_id is not None},
        owners=owners,
        slugs={row.slug: row.id for row in rows},
        names=names,
    )


def base(session: Session, course: Course) -> Base:
    """The current release of a course."""
    columns = (Release.number, Release.manifest, Release.sheet, Release.details)
    row = session.execute(select(*columns).where(Release.id == course.release_id)).one()
    files: dict[str, str] = {}
    pictures: dict[str, str] = {}
    for file in session.scalars(select(ReleaseFile).where(ReleaseFile.release_id == course.release_id)):
        (pictures if file.picture else files)[file.path] = file.sha
    manifest = Manifest.from_json(row.manifest)
    assert course.release_id is not None
    return Base(
        course_id=course.id,
        slug=course.slug,
        release_id=course.release_id,
        number=row.number,
        manifest=manifest,
        sheet=row.sheet,
        details=row.details,
        files=files,
        pictures=pictures,
        versions=versions(session, [entry.version for entry in manifest.lessons()]),
    )


def former(session: Session, base: Base) -> dict[str, LessonEntry]:
    """Last values of every lesson the course has ever held; `replaces` is all it ever replaced.

    What the current release says wins over later ones, from which the course was rolled back.
    """
    found: dict[str, LessonEntry] = {}
    query = select(Release.manifest).where(Release.course_id == base.course_id)
    query = query.order_by(Release.id == base.release_id, Release.number)
    for stored in session.scalars(query.execution_options(yield_per=FEW)):
        tree = Manifest.from_json(stored)
        for entry in (*tree.retired, *tree.lessons()):
            past = found.get(entry.id, entry)
            found[entry.id] = replace(entry, replaces=tuple(dict.fromkeys((*past.replaces, *entry.replaces))))
    return found


def versions(session: Session, ids: Iterable[int]) -> dict[str, Version]:
    """Lesson versions by lesson id."""
    columns = (
        LessonVersion.id,
        LessonVersion.lesson_id,
        LessonVersion.content_hash,
        LessonVersion.edition,
        LessonVersion.parser,
        LessonVersion.source,
        LessonVersion.plain_source,
        LessonVersion.trace,
    )
    found: dict[str, Version] = {}
    for some in chunks(ids):
        for row in session.execute(select(*columns).where(LessonVersion.id.in_(some))):
            plain = row.trace.get("plain")
            found[row.lesson_id] = Version(
                id=row.id,
                lesson_id=row.lesson_id,
                content_hash=row.content_hash,
                edition=row.edition,
                parser=row.parser,
                source=row.source,
                plain_source=row.plain_source,
                trace=Trace.from_json(row.trace["text"]),
                plain_trace=Trace.from_json(plain) if plain else None,
            )
    return found


def bytes_of(session: Session, sha: str) -> bytes:
    """The stored bytes of a text file."""
    return session.execute(select(Blob.data).where(Blob.sha == sha)).scalar_one()


def all_bytes(session: Session, shas: Iterable[str]) -> dict[str, bytes]:
    """The stored bytes of text files by hash, in few statements."""
    found: dict[str, bytes] = {}
    for some in chunks(sorted(set(shas) - {""})):
        rows = session.execute(select(Blob.sha, Blob.data).where(Blob.sha.in_(some)))
        found.update((row.sha, row.data) for row in rows)
    return found


def chunks(values: Iterable[Value], size: int = CHUNK) -> Iterator[list[Value]]:
    """The values in lists that fit one statement."""
    source = iter(values)
    while some := list(islice(source, size)):
        yield some


def _owners(session: Session, content: Content) -> dict[str, str]:
    ids = {text.id for text in content.texts() if text.id}
    for text in content.texts():
        ids.update(text.head.items("voraussetzung"), text.head.items("kurse"))
    columns = (PublishedId.id, PublishedId.course_id)
    found: dict[str, str] = {}
    for some in chunks(sorted(ids)):
        for row in session.execute(select(*columns).where(PublishedId.id.in_(some))):
            found[row.id] = row.course_id
    return found
