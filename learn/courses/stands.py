"""Where many lessons stand today, for lists of what was written about them: statements that do not add up."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses import queries
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.courses.models import Course, LessonVersion, PublishedId
from learn.markup.model import Heading


@dataclass(frozen=True, slots=True)
class Stand:
    """A lesson today. `lesson` is None once it is retired, `release` too while its course is withdrawn.

    `course`, `title` as last published. `position` in the course's reading order, retired ones last.
    `plain` are the headings of its version in Einfache Sprache.
    """

    release: CourseRelease | None
    lesson: LessonEntry | None
    course: str
    title: str
    position: int
    headings: tuple[Heading, ...] = ()
    plain: tuple[Heading, ...] = ()

    @property
    def course_href(self) -> str:
        """Empty while the course is withdrawn."""
        return f"/kurse/{self.release.manifest.slug}" if self.release else ""

    @property
    def href(self) -> str:
        """Of the lesson, else of the course."""
        return f"{self.course_href}/{self.lesson.slug}" if self.lesson else self.course_href


Found = tuple[CourseRelease | None, LessonEntry | None]


def stands(session: Session, lessons: Mapping[str, str]) -> dict[str, Stand]:
    """Where lessons stand, by id; `lessons` says in which course each was last.

    Two statements, four more where some have left their course or their course is withdrawn.
    """
    if not lessons:
        return {}
    found = _found(session, lessons)
    gone = {key for key, (_release, entry) in found.items() if entry is None}
    headings = _headings(session, [entry.version for _release, entry in found.values() if entry])
    titles = _titles(session, gone)
    withdrawn = _courses(session, {lessons[key] for key in gone if found[key][0] is None})
    stood = {}
    for key, (release, entry) in found.items():
        course = release.manifest.title if release else withdrawn.get(lessons[key], "")
        own, plain = headings.get(entry.version if entry else 0, ((), ()))
        title = entry.title if entry else titles.get(key, "")
        stood[key] = Stand(release, entry, course, title, _position(release, entry), own, plain)
    return stood


def _found(session: Session, lessons: Mapping[str, str]) -> dict[str, Found]:
    """The lessons in their courses, else in the course they have moved to."""
    current = queries.current_by_id(session, set(lessons.values()))
    found = {key: _in(current.get(course), key) for key, course in lessons.items()}
    missing = [key for key, (_release, entry) in found.items() if entry is None]
    if missing:
        elsewhere = _elsewhere(session, missing)
        more = queries.current_by_id(session, {course for _key, course in elsewhere})
        for key, course in elsewhere:
            release, entry = _in(more.get(course), key)
            if entry is not None:
                found[key] = release, entry
    return found


def _in(release: CourseRelease | None, lesson_id: str) -> Found:
    return release, release.manifest.lesson(lesson_id) if release else None


def _position(release: CourseRelease | None, entry: LessonEntry | None) -> int:
    order = list(release.manifest.lessons()) if release else []
    return order.index(entry) if entry else len(order)


def _elsewhere(session: Session, lessons: Collection[str]) -> list[tuple[str, str]]:
    """Lessons and the courses they ever were in."""
    versions = select(LessonVersion.lesson_id, LessonVersion.course_id)
    held = select(PublishedId.id, PublishedId.course_id).where(PublishedId.id.in_(lessons))
    rows = session.execute(versions.where(LessonVersion.lesson_id.in_(lessons)).union(held))
    return sorted((lesson_id, course_id) for lesson_id, course_id in rows)


def _headings(
    session: Session, versions: Collection[int]
) -> dict[int, tuple[tuple[Heading, ...], tuple[Heading, ...]]]:
    columns = (LessonVersion.id, LessonVersion.headings, LessonVersion.plain["headings"])
    rows = session.execute(select(*columns).where(LessonVersion.id.in_(versions)))
    return {number: (_read(own), _read(plain)) for number, own, plain in rows}


def _read(stored: Iterable[Mapping[str, object]] | None) -> tuple[Heading, ...]:
    return tuple(Heading(**each) for each in stored or ())  # type: ignore[arg-type]  # as JSON has it


def _titles(session: Session, lessons: Collection[str]) -> dict[str, str]:
    if not lessons:
        return {}
    columns = (LessonVersion.lesson_id, LessonVersion.sheet["title"].as_string())
    rows = session.execute(
        select(*columns).where(LessonVersion.lesson_id.in_(lessons)).order_by(LessonVersion.id)
    )
    return {lesson_id: title or "" for lesson_id, title in rows}


def _courses(session: Session, courses: Collection[str]) -> dict[str, str]:
    if not courses:
        return {}
    rows = session.execute(select(Course.id, Course.title).where(Course.id.in_(courses)))
    return {row.id: row.title for row in rows}
