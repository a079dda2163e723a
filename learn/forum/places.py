"""The place in a course under which a question stands: its words and addresses as they are today."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses import queries as shelf
from learn.courses.models import LessonVersion
from learn.forum.asking import Anchor


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson of a published course; `heading` is the slug of one of its headings or empty."""

    anchor: Anchor
    title: str
    course: str
    href: str
    heading_text: str = ""


def lesson(session: Session, lesson_id: str, heading: str = "") -> Place | None:
    """Where this lesson is read today; None for one that no current release holds."""
    if not lesson_id:
        return None
    course_id = session.scalar(
        select(LessonVersion.course_id).where(LessonVersion.lesson_id == lesson_id).limit(1)
    )
    release = shelf.current_by_id(session, [course_id]).get(course_id) if course_id else None
    entry = release.manifest.lesson(lesson_id) if release else None
    if release is None or entry is None or course_id is None:
        return None
    text = shelf.version(session, release, entry.version) if heading else None
    words = next((each.text for each in text.headings if each.slug == heading), "") if text else ""
    href = f"/kurse/{release.manifest.slug}/{entry.slug}"
    anchor = Anchor(lesson_id, course_id, heading if words else "", entry.edition)
    return Place(
        anchor, entry.title, release.manifest.title, href + (f"#s-{heading}" if words else ""), words
    )
