"""Where an anchor in a lesson stands today: at its heading, else at the lesson, else at the course."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses import queries
from learn.courses.library import CourseRelease, LessonText
from learn.courses.manifest import LessonEntry
from learn.courses.models import LessonVersion, PublishedId
from learn.markup.model import Heading


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a current release; `lesson` is None once it is retired, `heading` where none is like it."""

    release: CourseRelease
    lesson: LessonEntry | None
    heading: Heading | None = None

    @property
    def href(self) -> str:
        course = f"/kurse/{self.release.manifest.slug}"
        if self.lesson is None:
            return course
        return f"{course}/{self.lesson.slug}" + (f"#s-{self.heading.slug}" if self.heading else "")

    @property
    def title(self) -> str:
        """Of the lesson, else of the course."""
        return self.lesson.title if self.lesson else self.release.manifest.title


def spot(
    session: Session, lesson_id: str, *, course_id: str = "", heading: str = "", edition: int | None = None
) -> Spot | None:
    """Where an anchor from this edition stands; None when its course was never published.

    `course_id`: where the lesson was then. It may have moved since.
    """
    found = _lesson(session, lesson_id, [course_id] if course_id else [])
    if found is None or found.lesson is None:
        versions = select(LessonVersion.course_id).where(LessonVersion.lesson_id == lesson_id)
        held = versions.union(select(PublishedId.course_id).where(PublishedId.id == lesson_id))
        moved = _lesson(session, lesson_id, sorted(session.scalars(held)))
        found = moved if found is None or (moved and moved.lesson) else found
    if found is None or found.lesson is None or not heading:
        return found
    text = queries.version(session, found.release, found.lesson.version)
    at = heading_of(session, text, heading, edition) if text else None
    return Spot(found.release, found.lesson, at)


def heading_of(session: Session, text: LessonText, slug: str, edition: int | None = None) -> Heading | None:
    """The heading of this slug, else the one that bears the words the slug stood for; None: at the lesson.

    The words are found in stored versions, which nothing deletes: of the anchor's edition first, then the
    newest. One statement, only where the slug is gone.
    """
    here = next((each for each in text.headings if each.slug == slug), None)
    if here is not None or not slug:
        return here
    query = select(LessonVersion.headings).where(LessonVersion.lesson_id == text.lesson_id)
    query = query.order_by(LessonVersion.edition != (edition or 0), LessonVersion.id.desc())
    headings = (each for stored in session.scalars(query) for each in stored)
    words = next((each["text"] for each in headings if each["slug"] == slug), None)
    return next((each for each in text.headings if each.text == words), None)


def _lesson(session: Session, lesson_id: str, course_ids: list[str]) -> Spot | None:
    """The lesson in one of these courses, else the first of them."""
    found = queries.current_by_id(session, course_ids) if course_ids else {}
    spots = [
        Spot(found[name], found[name].manifest.lesson(lesson_id)) for name in course_ids if name in found
    ]
    return next((each for each in spots if each.lesson), spots[0] if spots else None)
