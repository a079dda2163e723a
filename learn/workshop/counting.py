"""Once a day each published course is counted: its learners, and who has asked about it in the forum."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from learn.core import cleaning, jobs
from learn.core.db import Database
from learn.courses import queries as shelf
from learn.courses import report
from learn.courses.report import Learners
from learn.forum import askers
from learn.learning import figures
from learn.learning.figures import Figure, Shown


@jobs.job("count_courses", every=cleaning.DAY)
def count_courses(work: jobs.Work) -> None:
    """One course after the other, each in transactions of its own; what was counted today is left out."""
    with work.database.reading() as session:
        waiting = figures.waiting(session)
    for course_id in waiting:
        count_course(work.database, course_id)
    with work.database.writing() as session:
        figures.forget(session)


def count_course(database: Database, course_id: str) -> None:
    """Reads without a lock, then writes one row."""
    with database.reading() as session:
        release = shelf.current_by_id(session, [course_id]).get(course_id)
        if release is None:
            return
        counts = figures.count(session, release.manifest, askers.by_lesson(session, course_id))
    with database.writing() as session:
        figures.store(session, course_id, counts)


@dataclass(frozen=True, slots=True)
class LessonFigures:
    """A lesson with its place in the course, from 1, and how many people did what."""

    place: int
    id: str
    title: str
    unclear: Figure
    done: Figure
    asked: Figure


@dataclass(frozen=True, slots=True)
class Sheet:
    """A published course in figures; `counted_on` is None before its first count."""

    course_id: str
    title: str
    counted_on: date | None
    enrolled: Figure
    completed: Figure
    lessons: tuple[LessonFigures, ...]

    @property
    def puzzling(self) -> list[LessonFigures]:
        """Lessons that are unclear to five people or more, those of most people first."""
        found = [each for each in self.lessons if each.unclear.number]
        return sorted(found, key=lambda each: -(each.unclear.number or 0))

    @property
    def most(self) -> int:
        """The largest number of a lesson, from 1."""
        return max((each.number or 1 for one in self.lessons for each in (one.unclear, one.done)), default=1)


def sheet(session: Session, course_id: str) -> Sheet | None:
    """The figures of the lessons as they are published today; None for a course that is not published."""
    release = shelf.current_by_id(session, [course_id]).get(course_id)
    if release is None:
        return None
    found = figures.shown(session, course_id)
    lessons = tuple(
        LessonFigures(
            place=place,
            id=entry.id,
            title=entry.title,
            unclear=found.of(figures.unclear(entry.id, entry.edition)),
            done=found.of(figures.done(entry.id)),
            asked=found.of(figures.asked(entry.id)),
        )
        for place, entry in enumerate(release.manifest.lessons(), 1)
    )
    return Sheet(
        course_id=course_id,
        title=release.manifest.title,
        counted_on=found.counted_on,
        enrolled=found.of(figures.ENROLLED),
        completed=found.of(figures.COMPLETED),
        lessons=lessons,
    )


def told(found: Shown, people: Learners) -> str:
    """What learners will notice of a change, in public numbers of the course.

    The command line is exact from five on; whoever opened a page often would see single people come.
    """
    enrolled = found.of(figures.ENROLLED)
    if enrolled.number is None:
        return report.sentences(*[f"weniger als {figures.FEW}"] * 3)
    whole = f"{'rund ' * enrolled.about}{enrolled.number}"
    return report.sentences(whole, _words(found, people.notified), _words(found, people.repeat))


def _words(found: Shown, count: int) -> str:
    if count < figures.FEW:
        return f"weniger als {figures.FEW}" if count else "0"
    near = figures.nearest(found.public, count)
    below = max((number for number in found.public if number < count), default=figures.FEW)
    return f"mindestens {below}" if near is None else f"rund {near}"
