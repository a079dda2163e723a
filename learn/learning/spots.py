"""The spot of a note or bookmark: a lesson or one of its headings (content.md section 3, „Anchors“)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from learn.courses.library import CourseRelease, LessonText
from learn.markup.model import Heading

LENGTH = 200  # characters kept of a slug and of a heading's words


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stood when it was written; `slug` and `heading` are empty at the lesson itself."""

    course_id: str
    lesson_id: str
    edition: int
    slug: str = ""
    heading: str = ""

    def columns(self) -> dict[str, Any]:
        """The same for a row."""
        return {name: getattr(self, name) for name in self.__slots__}


def spot(release: CourseRelease, text: LessonText, heading: Heading | None = None) -> Spot:
    """A spot in this version of a lesson."""
    words = (heading.slug[:LENGTH], heading.text[:LENGTH]) if heading else ("", "")
    return Spot(release.course_id, text.lesson_id, text.edition, *words)


def index(headings: Sequence[Heading], slug: str, words: str) -> int | None:
    """Which of these headings bears the slug, else the same words; None where none is like it."""
    bearing = (number for number, each in enumerate(headings) if slug and each.slug[:LENGTH] == slug)
    saying = (number for number, each in enumerate(headings) if words and each.text[:LENGTH] == words)
    return next(bearing, next(saying, None))


def heading(headings: Sequence[Heading], slug: str, words: str) -> Heading | None:
    """The same as the heading."""
    number = index(headings, slug, words)
    return None if number is None else headings[number]
