"""What the pages on which a Kommune adapts courses show: courses, what each asks for, what was added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core.paging import slice_of
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease, LessonText
from learn.courses.models import Course, LessonSlug
from learn.markup.sanitise import bare_text
from learn.workshop import anchoring, supplements
from learn.workshop.anchoring import Standing
from learn.workshop.models import LocalValue, Supplement
from learn.workshop.occurrences import Occurrence, occurrences

EXCERPT = 160  # characters
MOVED = frozenset({anchoring.LESSON, anchoring.COURSE})
LEVELS = range(2, 5)  # of headings that a supplement may stand at


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A published course: values asked for and entered, the Kommune's supplements, those moved."""

    slug: str
    title: str
    asked: int
    entered: int
    supplements: int
    moved: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A local value; `words`: what stands there without one. `explanation` may be empty."""

    name: str
    explanation: str
    value: str
    words: str
    places: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A supplement and where it stands; `now` is None while its course is not published.

    `lesson`: course and lesson as addresses name them, of a retired lesson its last address.
    """

    row: Supplement
    now: Standing | None
    excerpt: str
    lesson: tuple[str, str]

    @property
    def moved(self) -> bool:
        return self.now is not None and self.now.place in MOVED


def courses(session: Session, municipality_id: int, after: str | None) -> tuple[list[CourseRow], str]:
    """The published courses by title, 25 at a time, and the cursor of the next ones."""
    published = select(Course).where(Course.kind == "kurs", Course.release_id.is_not(None))
    found = slice_of(session, published, [Course.title, Course.id], after)
    ids = [course.id for course in found.rows]
    releases = shelf.current_by_id(session, ids)
    names = _names(session, municipality_id, ids)
    extra = _counted(session, municipality_id, ids)
    rows = [
        _row(releases[course.id], names.get(course.id, set()), extra.get(course.id, (0, 0)))
        for course in found.rows
    ]
    return rows, found.after


def _row(release: CourseRelease, entered: set[str], extra: tuple[int, int]) -> CourseRow:
    asked = {name for name, _explanation in release.sheet.values}
    return CourseRow(
        release.manifest.slug, release.manifest.title, len(asked), len(asked & entered), extra[0], extra[1]
    )


def _names(session: Session, municipality_id: int, course_ids: Sequence[str]) -> dict[str, set[str]]:
    mine = (LocalValue.municipality_id == municipality_id, LocalValue.course_id.in_(course_ids))
    found: dict[str, set[str]] = {}
    for course_id, name in session.execute(select(LocalValue.course_id, LocalValue.name).where(*mine)):
        found.setdefault(course_id, set()).add(name)
    return found


def _counted(session: Session, municipality_id: int, course_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    mine = (Supplement.municipality_id == municipality_id, Supplement.course_id.in_(course_ids))
    moved = func.count().filter(Supplement.place.in_(MOVED))
    statement = select(Supplement.course_id, func.count(), moved).where(*mine).group_by(Supplement.course_id)
    return {row[0]: (row[1], row[2]) for row in session.execute(statement)}


def asked(session: Session, release: CourseRelease, values: Mapping[str, str]) -> list[Asked]:
    """What a course asks for, in its order; then what only lessons name, and what was entered before."""
    found: dict[str, list[Occurrence]] = {}
    for each in occurrences(release, shelf.lessons(session, release)):
        found.setdefault(each.name, []).append(each)
    explained = dict(release.sheet.values)
    return [
        Asked(
            name=name,
            explanation=explained.get(name, ""),
            value=values.get(name, ""),
            words=found[name][0].words if name in found else "",
            places=tuple(found.get(name, ())),
        )
        for name in dict.fromkeys([*explained, *found, *sorted(values)])
    ]


def placed(session: Session, municipality_id: int, release: CourseRelease) -> list[Placed]:
    """A Kommune's supplements in a course, those that lost their place first."""
    rows = supplements.of_course(session, municipality_id, release.course_id)
    found = [_placed(session, row, release) for row in rows]
    return sorted(found, key=lambda each: (not each.moved, each.row.id))


def _placed(session: Session, row: Supplement, release: CourseRelease) -> Placed:
    now = anchoring.standing(session, row, release)
    course = now.release.manifest.slug if now else ""
    slug = now.lesson.slug if now and now.lesson else _former(session, row)
    return Placed(row, now, excerpt(row.html), (course, slug))


def _former(session: Session, row: Supplement) -> str:
    """The last part of an address that a retired lesson has borne."""
    mine = (LessonSlug.course_id == row.course_id, LessonSlug.lesson_id == row.lesson_id)
    return session.scalar(select(LessonSlug.slug).where(*mine).order_by(LessonSlug.slug).limit(1)) or ""


def excerpt(html: str) -> str:
    """The beginning of a supplement on one line."""
    line = " ".join(bare_text(html).split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1].rstrip()}…"


def headings(text: LessonText) -> list[tuple[str, str]]:
    """Slug and words of the headings that a supplement may stand at, in order."""
    return [(each.slug, each.text) for each in text.headings if each.level in LEVELS and each.slug]
