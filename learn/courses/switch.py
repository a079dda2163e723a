"""Pointing a course to a release: card, topics, terms, addresses and ids follow in the same transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Refused
from learn.core.folding import fold
from learn.courses import indexing
from learn.courses.manifest import Manifest
from learn.courses.models import Course, CourseSlug, CourseTopic, LessonSlug, Release, Term, TermUse
from learn.network.vocabulary import vocabulary

TAKEN = "Die Adresse „{slug}“ gehört inzwischen einem anderen Kurs. Benennen Sie den Ordner um."


def point(session: Session, course: Course, release: Release) -> None:
    """Make `release` the current one of its course. Raises Refused when its address is taken."""
    tree = Manifest.from_json(release.manifest)
    _address(session, course, tree)
    course.release_id = release.id
    course.published_on = clock.local(release.created_at).date()
    _card(course, tree, release.sheet, vocabulary(session).names)
    _topics(session, course, release.sheet["topics"] if course.kind == "kurs" else [])
    set_terms(session, course, release.details["terms"])
    _uses(session, course, release.details["uses"])
    _lesson_slugs(session, course, tree)
    indexing.reindex(session, course, release)
    indexing.reindex_terms(session)


def upsert(session: Session, table: type[Any], rows: Iterable[dict[str, Any]], keys: tuple[str, ...]) -> None:
    """Insert rows; those whose keys exist get the other values."""
    _insert(session, table, list(rows), keys, replace=True)


def add_missing(
    session: Session, table: type[Any], rows: Iterable[dict[str, Any]], keys: tuple[str, ...]
) -> None:
    """Insert rows whose keys do not exist."""
    _insert(session, table, list(rows), keys, replace=False)


def _insert(
    session: Session, table: type[Any], rows: list[dict[str, Any]], keys: tuple[str, ...], *, replace: bool
) -> None:
    if not rows:
        return
    if session.get_bind().dialect.name == "sqlite":
        lite = insert_sqlite(table)
        values = {name: lite.excluded[name] for name in rows[0] if name not in keys}
        statement: Any = (
            lite.on_conflict_do_update(index_elements=keys, set_=values)
            if replace
            else lite.on_conflict_do_nothing(index_elements=keys)
        )
    else:
        big = insert_postgresql(table)
        values = {name: big.excluded[name] for name in rows[0] if name not in keys}
        statement = (
            big.on_conflict_do_update(index_elements=keys, set_=values)
            if replace
            else big.on_conflict_do_nothing(index_elements=keys)
        )
    session.execute(statement, rows)


def _address(session: Session, course: Course, tree: Manifest) -> None:
    """Give the course its address; one that it had before keeps leading to it."""
    bearer = session.scalar(select(Course.id).where(Course.slug == tree.slug, Course.id != course.id))
    if bearer is not None:
        raise Refused(TAKEN.format(slug=tree.slug))
    course.slug = tree.slug
    session.flush()
    upsert(session, CourseSlug, [{"slug": tree.slug, "course_id": course.id}], ("slug",))


def _card(course: Course, tree: Manifest, sheet: dict[str, Any], topics: Mapping[str, str]) -> None:
    lessons = list(tree.lessons())
    course.title = tree.title
    course.outcome = sheet["outcome"]
    course.minutes = sheet["minutes"]
    course.lessons = len(lessons)
    course.plain = sheet["plain_count"] > 0
    course.municipality = sheet["municipality"]
    course.image = sheet["image"]["src"] if sheet["image"] else ""
    course.topics = list(sheet["topics"])
    course.words = card_words(tree, sheet, topics)


def card_words(tree: Manifest, sheet: Mapping[str, Any], topics: Mapping[str, str]) -> str:
    """The folded words by which the catalogue finds a course; `topics`: name by slug."""
    words = [tree.title, sheet["outcome"], *sheet["goals"], sheet["audience"], sheet["municipality"]]
    words += [topics.get(topic, topic) for topic in sheet["topics"]]
    words += [module.title for module in tree.modules] + [entry.title for entry in tree.lessons()]
    return fold(" ".join(words))


def _topics(session: Session, course: Course, topics: Iterable[str]) -> None:
    session.execute(delete(CourseTopic).where(CourseTopic.course_id == course.id))
    session.add_all(CourseTopic(topic=topic, course_id=course.id) for topic in topics)


def set_terms(session: Session, course: Course, terms: Iterable[dict[str, Any]]) -> None:
    """Replace the course's glossary entries."""
    session.execute(delete(Term).where(Term.course_id == course.id))
    session.add_all(
        Term(
            course_id=course.id,
            slug=term["slug"],
            title=term["title"],
            sort=fold(term["title"]),
            also=list(term["also"]),
            html=term["html"],
        )
        for term in terms
    )


def _uses(session: Session, course: Course, uses: Iterable[tuple[str, str]]) -> None:
    session.execute(delete(TermUse).where(TermUse.course_id == course.id))
    session.add_all(TermUse(term=term, course_id=course.id, lesson_id=lesson_id) for term, lesson_id in uses)


def _lesson_slugs(session: Session, course: Course, tree: Manifest) -> None:
    """Addresses of today's lessons; older rows stay, so that old addresses keep leading somewhere."""
    versions = {entry.id: entry.version for entry in tree.lessons()}
    rows = [
        {"course_id": course.id, "slug": entry.slug, "lesson_id": entry.id, "version_id": entry.version}
        for entry in tree.lessons()
    ]
    upsert(session, LessonSlug, rows, ("course_id", "slug"))
    for row in session.scalars(select(LessonSlug).where(LessonSlug.course_id == course.id)):
        row.version_id = versions.get(row.lesson_id, row.version_id)


def next_position(session: Session) -> int:
    """Where a new course stands in the catalogue: last."""
    return (session.scalar(select(func.max(Course.position))) or 0) + 1
