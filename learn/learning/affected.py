"""How many learners will notice a new release, for the publishing report; numbers only, never persons."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.courses.manifest import LessonEntry, Manifest
from learn.courses.report import Learners
from learn.learning.models import Enrolment, ProgressEntry
from learn.learning.progress import Row, progress

MARKS = {"changed", "new"}
AT_ONCE = 1000


def affected(session: Session, before: Manifest, after: Manifest) -> Learners:
    """Count who notices the step from one release to the next: exact figures, masked by the report.

    Notified are those who see a new mark („neu gefasst“, „Neu im Kurs“), `repeat` those for whom a finished
    lesson opens again. Both come from `progress`, as everything that is shown.
    """
    enrolled = select(func.count()).select_from(Enrolment).where(Enrolment.course_id == after.course_id)
    total = session.scalar(enrolled) or 0
    touched = _touched(before, after)
    if not total or not touched:
        return Learners(total)
    known = {entry.id for entry in before.lessons()}
    fresh = any(entry.id not in known for entry in after.lessons())
    notified = repeat = others = 0
    for rows in _logs(session, after.course_id, touched):
        marked, again = _notices(before, after, rows)
        notified += marked
        repeat += again
        others += 1
    return Learners(total, notified + (total - others if fresh else 0), repeat)


def _touched(before: Manifest, after: Manifest) -> set[str]:
    """Lessons whose values differ, and all they replace: nobody else's log can matter."""
    old = {entry.id: _values(entry) for entry in before.lessons()}
    entries = {entry.id: entry for entry in (*after.retired, *after.lessons())}
    waiting = [entry.id for entry in after.lessons() if old.get(entry.id) != _values(entry)]
    found: set[str] = set()
    while waiting:
        lesson_id = waiting.pop()
        if lesson_id not in found:
            found.add(lesson_id)
            waiting.extend(entries[lesson_id].replaces if lesson_id in entries else ())
    return found


def _values(entry: LessonEntry) -> tuple[object, ...]:
    return entry.edition, entry.redo_from, entry.replaces


def _notices(before: Manifest, after: Manifest, rows: list[Row]) -> tuple[bool, bool]:
    """Whether one person sees a new mark, and whether she has something to repeat."""
    old = progress(before, rows, before, None).lessons
    new = progress(after, rows, before, None).lessons
    marked = any(
        state.state in MARKS and (key not in old or old[key].state != state.state)
        for key, state in new.items()
    )
    again = any(key in old and old[key].done and not state.done for key, state in new.items())
    return marked, again


def _logs(session: Session, course_id: str, lessons: set[str]) -> Iterator[list[Row]]:
    """The log of each enrolment that names one of the lessons, as far as it does."""
    columns = (
        ProgressEntry.enrolment_id,
        ProgressEntry.object_id,
        ProgressEntry.edition,
        ProgressEntry.event,
        ProgressEntry.pass_,
        ProgressEntry.day,
    )
    statement = (
        select(*columns)
        .join(Enrolment, Enrolment.id == ProgressEntry.enrolment_id)
        .where(Enrolment.course_id == course_id, ProgressEntry.object_id.in_(sorted(lessons)))
        .order_by(ProgressEntry.enrolment_id)
        .execution_options(yield_per=AT_ONCE)
    )
    for _enrolment, lines in groupby(session.execute(statement), key=itemgetter(0)):
        yield [Row(*line[1:]) for line in lines]
