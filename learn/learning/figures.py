"""The figures trainers see of a course: the one module that counts learners for people.

What is shown of a course, on any day, in any figure, is one of its public numbers: from five up, and any two
of them at least five apart. So whoever subtracts gets zero or five and more people, never a few. A figure
shows a public number as long as it is less than five away from it; when it is not, it takes the nearest
public number that is („rund“), and only where none is near its own, which is public from then on. A part
never shows more than its whole.

All that was ever shown would read the same had every figure been exactly what it showed and „weniger als 5“
nobody: no page, and no comparison of pages, can prove that one to four people make a difference.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.courses.manifest import Manifest
from learn.courses.models import Course
from learn.learning import log
from learn.learning.models import CourseFigures, Enrolment, ProgressEntry, UnclearMark
from learn.learning.progress import Row, newest_completion, progress

FEW = 5  # fewer people are no number, and no difference of numbers
AT_ONCE = 1000  # rows
ENROLLED, COMPLETED = "enrolled", "completed"


@dataclass(frozen=True, slots=True)
class Figure:
    """What is shown: a public number, None for „weniger als 5“. `about`: „rund“, it came from elsewhere."""

    number: int | None = None
    about: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """All figures of a course, those below five left out, and its public numbers in ascending order."""

    public: tuple[int, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    counted_on: date | None = None

    def of(self, name: str) -> Figure:
        return self.figures.get(name, NOBODY)


NOBODY = Figure()


def done(lesson_id: str) -> str:
    """Name of the figure: who has done the lesson."""
    return f"done:{lesson_id}"


def unclear(lesson_id: str, edition: int) -> str:
    """Name of the figure: to whom this edition of the lesson is unclear."""
    return f"unclear:{lesson_id}:{edition}"


def asked(lesson_id: str) -> str:
    """Name of the figure: who has asked about the lesson."""
    return f"asked:{lesson_id}"


def settle(before: Shown, counts: Mapping[str, int]) -> Shown:
    """What is shown after a count. Pure; the most important figures come first in `counts`.

    Figures that are no longer counted leave; their numbers stay public, as people may remember them.
    """
    public = before.public
    figures: dict[str, Figure] = {}
    for name, count in counts.items():
        figure = _settled(before.of(name), public, count)
        if _within_enrolled(name):
            figure = _at_most(figure, figures.get(ENROLLED, NOBODY))
        if figure.number is not None:
            figures[name] = figure
            public = tuple(sorted({*public, figure.number}))
    return Shown(public, figures)


def _settled(standing: Figure, public: tuple[int, ...], count: int) -> Figure:
    if standing.number is not None and abs(count - standing.number) < FEW:
        return standing
    if count < FEW:
        return NOBODY
    near = nearest(public, count)
    return Figure(count) if near is None else Figure(near, about=True)


def _within_enrolled(name: str) -> bool:
    return name == COMPLETED or name.startswith("done:")


def _at_most(part: Figure, whole: Figure) -> Figure:
    """A part above its whole would tell that it stands still; then the whole is less than five away, too."""
    return replace(whole, about=True) if (part.number or 0) > (whole.number or 0) else part


def nearest(public: Iterable[int], count: int) -> int | None:
    """The public number that stands for a count, the nearest that is less than five away."""
    close = [number for number in public if abs(number - count) < FEW]
    return min(close, key=lambda number: (abs(number - count), number), default=None)


def count(session: Session, tree: Manifest, askers: Mapping[str, int]) -> dict[str, int]:
    """How many people there are by figure, the most important first; exact, to be settled before it is shown.

    `askers`: people who have asked in the forum, by lesson. Reads each row of the course's log once.
    """
    enrolled = select(func.count()).select_from(Enrolment).where(Enrolment.course_id == tree.course_id)
    found = {ENROLLED: session.scalar(enrolled) or 0, COMPLETED: 0}
    lessons = list(tree.lessons())
    found |= {done(entry.id): 0 for entry in lessons}
    for rows in _logs(session, tree.course_id):
        found[COMPLETED] += newest_completion(rows, tree.course_id) is not None
        for lesson_id, state in progress(tree, rows, None, None).lessons.items():
            found[done(lesson_id)] += state.done
    marks = _marks(session, tree.course_id)
    found |= {unclear(each.id, each.edition): marks[each.id, each.edition] for each in lessons}
    return found | {asked(each.id): askers.get(each.id, 0) for each in lessons}


def shown(session: Session, course_id: str) -> Shown:
    """The figures as counted last; empty before the first count."""
    row = session.get(CourseFigures, course_id)
    return _loaded(row) if row is not None else Shown()


def waiting(session: Session) -> list[str]:
    """Published courses that were not counted today."""
    today = select(CourseFigures.course_id).where(CourseFigures.counted_on >= clock.today())
    published = select(Course.id).where(Course.kind == "kurs", Course.release_id.is_not(None))
    return list(session.scalars(published.where(Course.id.not_in(today)).order_by(Course.id)))


def store(session: Session, course_id: str, counts: Mapping[str, int]) -> None:
    """Show a count of today; a second one on the same day changes nothing."""
    locked = select(CourseFigures).where(CourseFigures.course_id == course_id).with_for_update()
    row = session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        first = _dumped(settle(Shown(), counts))
        values = {"course_id": course_id, "counted_on": clock.today(), "shown": first}
        log.insert_new(session, CourseFigures, values)
    elif row.counted_on < clock.today():
        row.shown = _dumped(settle(_loaded(row), counts))
        row.counted_on = clock.today()


def forget(session: Session) -> None:
    """Remove the figures of courses that are published no more."""
    published = select(Course.id).where(Course.release_id.is_not(None))
    session.execute(delete(CourseFigures).where(CourseFigures.course_id.not_in(published)))


def _logs(session: Session, course_id: str) -> Iterator[list[Row]]:
    """The logs of all who have begun the course, one after the other."""
    columns = (ProgressEntry.object_id, ProgressEntry.edition, ProgressEntry.event, ProgressEntry.pass_)
    statement = (
        select(Enrolment.id, *columns, ProgressEntry.day)
        .join(ProgressEntry, ProgressEntry.enrolment_id == Enrolment.id)
        .where(Enrolment.course_id == course_id)
        .order_by(Enrolment.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for _enrolment, lines in groupby(session.execute(statement), key=itemgetter(0)):
        yield [Row(*line[1:]) for line in lines]


def _marks(session: Session, course_id: str) -> Counter[tuple[str, int]]:
    """„Unklar“ by lesson and edition; a person marks an edition once."""
    place = (UnclearMark.lesson_id, UnclearMark.edition)
    found = session.execute(
        select(*place, func.count()).where(UnclearMark.course_id == course_id).group_by(*place)
    )
    return Counter({(lesson_id, edition): number for lesson_id, edition, number in found})


def _dumped(found: Shown) -> dict[str, Any]:
    figures = {name: [figure.number, figure.about] for name, figure in found.figures.items()}
    return {"public": list(found.public), "figures": figures}


def _loaded(row: CourseFigures) -> Shown:
    figures = {name: Figure(number, about) for name, (number, about) in row.shown["figures"].items()}
    return Shown(tuple(row.shown["public"]), figures, row.counted_on)
