"""The place in a course under which a question stands: its words and addresses as they are today."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from learn.courses import anchors
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
    found = anchors.spot(session, lesson_id, heading=heading) if lesson_id else None
    if found is None or found.lesson is None:
        return None
    slug, words = (found.heading.slug, found.heading.text) if found.heading else ("", "")
    anchor = Anchor(lesson_id, found.release.course_id, slug, found.lesson.edition)
    return Place(anchor, found.title, found.release.manifest.title, found.href, words)
