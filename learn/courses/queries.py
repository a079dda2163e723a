"""Reading the shelf: courses, lessons, glossary terms and pictures of published releases."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, bindparam, exists, literal, select, union_all
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.folding import fold
from learn.core.prepared import ask
from learn.courses import library
from learn.courses.cards import Card, Page, cards
from learn.courses.library import CourseRelease, LessonText
from learn.courses.models import (
    Asset,
    Course,
    CourseSlug,
    CourseTopic,
    LessonSlug,
    LessonVersion,
    Release,
    ReleaseFile,
    Term,
    TermUse,
)
from learn.markup.model import Html
from learn.markup.store import prefixed

__all__ = [
    "Card",
    "Moved",
    "Page",
    "TermEntry",
    "TermPlace",
    "TermText",
    "cards",
    "course",
    "current_by_id",
    "lesson",
    "lessons",
    "offered",
    "path",
    "paths",
    "picture",
    "release",
    "releases",
    "term",
    "term_index",
    "term_uses",
    "version",
]

VERSION = (
    LessonVersion.id,
    LessonVersion.lesson_id,
    LessonVersion.edition,
    LessonVersion.sheet,
    LessonVersion.parts,
    LessonVersion.headings,
    LessonVersion.plain,
)
CURRENT = (  # built once: it runs on every page of a course
    select(Course.slug, Course.release_id)
    .join(CourseSlug, CourseSlug.course_id == Course.id)
    .where(CourseSlug.slug == bindparam("slug"), Course.kind == "kurs", Course.release_id.is_not(None))
)
PATHS = (
    select(Course.release_id)
    .where(Course.kind == "pfad", Course.release_id.is_not(None))
    .order_by(Course.position, Course.id)
)
PATH = (
    select(Course.slug, Course.release_id)
    .join(CourseSlug, CourseSlug.course_id == Course.id)
    .where(CourseSlug.slug == bindparam("slug"), Course.kind == "pfad", Course.release_id.is_not(None))
)
OFFERED = union_all(
    select(CourseTopic.topic).distinct(),
    select(literal("")).where(exists().where(Course.kind == "pfad", Course.release_id.is_not(None))),
)


@dataclass(frozen=True, slots=True)
class Moved:
    """The page has another address today; answer 301 to `slug`."""

    slug: str


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A line of the glossary's list; `sort` is the folded title."""

    slug: str
    title: str
    sort: str


@dataclass(frozen=True, slots=True)
class TermText:
    """One explanation of a term: the network's, or a course's (`course_slug`, `course_title`)."""

    slug: str
    title: str
    also: tuple[str, ...]
    html: Markup
    network: bool
    course_slug: str
    course_title: str


@dataclass(frozen=True, slots=True)
class TermPlace:
    """A lesson that links a term."""

    href: str
    title: str
    course_title: str


def course(session: Session, slug: str) -> CourseRelease | Moved | None:
    """The current release of the course at this address: one statement when it is cached."""
    row = ask(session, CURRENT, {"slug": slug}).one_or_none()
    if row is None:
        return None
    return release(session, row.release_id) if row.slug == slug else Moved(row.slug)


def path(session: Session, slug: str) -> CourseRelease | Moved | None:
    """The current release of the Lernpfad `pfade/<name>`, which names its courses in `sheet.courses`."""
    row = ask(session, PATH, {"slug": slug}).one_or_none()
    if row is None:
        return None
    return release(session, row.release_id) if row.slug == slug else Moved(row.slug)


def paths(session: Session) -> tuple[CourseRelease, ...]:
    """All Lernpfade in the order of first publication: one statement while they are cached, else two."""
    wanted = [key for key in ask(session, PATHS).scalars() if key is not None]
    found = releases(session, wanted)
    return tuple(found[key] for key in wanted)


def release(session: Session, release_id: int) -> CourseRelease | None:
    """A release by its id: no statement when it is cached."""
    found: CourseRelease | None = library.CACHE.get(("release", release_id))
    return found or _releases(session, [release_id]).get(release_id)


def releases(session: Session, ids: Iterable[int]) -> dict[int, CourseRelease]:
    """Releases by their ids: no statement when all are cached, else one."""
    found = {key: library.CACHE.get(("release", key)) for key in ids}
    missing = [key for key, value in found.items() if value is None]
    return {**found, **_releases(session, missing)} if missing else found


def current_by_id(session: Session, course_ids: Iterable[str]) -> dict[str, CourseRelease]:
    """The current releases of these courses by course id: one statement, a second for those not cached."""
    wanted = list(course_ids)
    rows = session.execute(
        select(Course.id, Course.release_id).where(
            Course.id.in_(wanted), Course.kind == "kurs", Course.release_id.is_not(None)
        )
    )
    current = {course_id: release_id for course_id, release_id in rows if release_id is not None}
    found = releases(session, current.values())
    return {course_id: found[release_id] for course_id, release_id in current.items()}


def lesson(session: Session, release: CourseRelease, slug: str) -> LessonText | Moved | None:
    """The lesson at this address of the release: no statement when it is cached.

    A lesson that left the course stays readable at its last address, as `retired`.
    """
    entry = release.manifest.by_slug(slug)
    if entry is not None:
        return _lesson(session, release, entry.version)
    old = session.execute(
        select(LessonSlug.lesson_id, LessonSlug.version_id).where(
            LessonSlug.course_id == release.course_id, LessonSlug.slug == slug
        )
    ).one_or_none()
    if old is None:
        return None
    today = release.manifest.lesson(old.lesson_id)
    return Moved(today.slug) if today else _lesson(session, release, old.version_id, retired=True)


def lessons(session: Session, release: CourseRelease) -> tuple[LessonText, ...]:
    """All lessons in reading order: no statement when they are cached, else one."""
    wanted = [entry.version for entry in release.manifest.lessons()]
    missing = [key for key in wanted if library.CACHE.get(_lesson_key(release, key)) is None]
    rows = (
        session.execute(select(*VERSION).where(LessonVersion.id.in_(missing))).mappings() if missing else ()
    )
    loaded = {row["id"]: _kept_lesson(release, dict(row)) for row in rows}
    found = (loaded.get(key) or _lesson(session, release, key) for key in wanted)
    return tuple(text for text in found if text is not None)


def version(session: Session, release: CourseRelease, version_id: int) -> LessonText | None:
    """One stored version, such as the one a form was made from: no statement when it is cached."""
    return _lesson(session, release, version_id)


def offered(session: Session) -> tuple[tuple[str, ...], bool]:
    """Slugs of the topics that published courses bear, sorted, and whether there are Lernpfade."""
    found = sorted(ask(session, OFFERED).scalars())
    return tuple(word for word in found if word), "" in found


def term_index(session: Session) -> tuple[TermEntry, ...]:
    """All terms, one entry per slug, the network's wording first; sorted as a dictionary is."""
    found: dict[str, TermEntry] = {}
    for term, _course in session.execute(_terms()):
        found.setdefault(term.slug, TermEntry(term.slug, term.title, term.sort))
    return tuple(sorted(found.values(), key=lambda entry: (entry.sort, entry.slug)))


def term(session: Session, slug: str) -> tuple[TermText, ...]:
    """The explanations of a term: the network's first, then each course's, courses by title.

    They stand on one page, so the ids in each but the first are prefixed with the course's.
    """
    found = session.execute(_terms().where(Term.slug == slug)).all()
    return tuple(
        TermText(
            slug=term.slug,
            title=term.title,
            also=tuple(term.also),
            html=Markup(_of_its_own(term.html, course) if index else term.html),  # noqa: S704 - sanitised
            network=course.kind == "glossar",
            course_slug=course.slug,
            course_title=course.title,
        )
        for index, (term, course) in enumerate(found)
    )


def _of_its_own(html: str, course: Course) -> str:
    (part,) = prefixed((Html(html),), course.id, course.title)
    return part.html if isinstance(part, Html) else html


def term_uses(session: Session, slug: str) -> tuple[TermPlace, ...]:
    """Lessons that link a term, courses by title; two statements while releases are cached."""
    rows = session.execute(select(TermUse.course_id, TermUse.lesson_id).where(TermUse.term == slug)).all()
    current = current_by_id(session, {row.course_id for row in rows}) if rows else {}
    linked = {(row.course_id, row.lesson_id) for row in rows}
    trees = sorted((release.manifest for release in current.values()), key=lambda tree: fold(tree.title))
    return tuple(
        TermPlace(f"/kurse/{tree.slug}/{entry.slug}", entry.title, tree.title)
        for tree in trees
        for entry in tree.lessons()
        if (tree.course_id, entry.id) in linked
    )


def picture(session: Session, sha: str, ext: str) -> Asset | None:
    """A picture that some release, current or former, shows."""
    shown = select(ReleaseFile.sha).where(ReleaseFile.sha == sha, ReleaseFile.picture).exists()
    return session.scalar(select(Asset).where(Asset.sha == sha, Asset.ext == ext, shown))


def _terms() -> Select[Term, Course]:
    """Terms with their course, the network's first, then by the course's title."""
    return (
        select(Term, Course)
        .join(Course, Course.id == Term.course_id)
        .order_by(Course.kind != "glossar", Course.title, Course.id)
    )


def _releases(session: Session, ids: list[int]) -> dict[int, CourseRelease]:
    columns = (Release.id, Release.number, Release.created_at, Release.manifest, Release.sheet)
    return {row.id: _kept(row) for row in session.execute(select(*columns).where(Release.id.in_(ids)))}


def _kept(row: Any) -> CourseRelease:
    return library.cached(
        ("release", row.id),
        lambda: library.release_of(
            release_id=row.id,
            number=row.number,
            published_on=clock.local(row.created_at).date(),
            manifest=row.manifest,
            sheet=row.sheet,
        ),
    )


def _lesson(
    session: Session, release: CourseRelease, version_id: int, *, retired: bool = False
) -> LessonText | None:
    found: LessonText | None = library.CACHE.get(_lesson_key(release, version_id, retired=retired))
    if found is not None:
        return found
    row = session.execute(select(*VERSION).where(LessonVersion.id == version_id)).mappings().one_or_none()
    return _kept_lesson(release, dict(row), retired=retired) if row is not None else None


def _kept_lesson(release: CourseRelease, row: Mapping[str, Any], *, retired: bool = False) -> LessonText:
    key = _lesson_key(release, row["id"], retired=retired)
    return library.cached(key, lambda: library.lesson_of(row, release, retired=retired))


def _lesson_key(release: CourseRelease, version_id: int, *, retired: bool = False) -> Hashable:
    return ("lesson", release.id, version_id, retired)
