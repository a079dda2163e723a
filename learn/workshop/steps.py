"""The steps of a course through review and publishing: taken, and read back for its history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock
from learn.workshop.models import CourseStep

SUBMITTED, RETURNED, APPROVED = "eingereicht", "zurueckgegeben", "freigegeben"
PLANNED, CANCELLED, PUBLISHED = "geplant", "abgesagt", "veroeffentlicht"
ROLLED_BACK, FAILED = "zurueckgenommen", "gescheitert"
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Step:
    """A step as a page tells it. `by` is empty once the person is gone."""

    id: int
    step: str
    note: str
    release: int | None
    by: str
    by_id: int | None
    day: date


def take(
    session: Session,
    course_id: str,
    step: str,
    person_id: int | None,
    *,
    note: str = "",
    release: int | None = None,
) -> CourseStep:
    """Write a step in the transaction of what it tells."""
    made = CourseStep(
        course_id=course_id,
        step=step,
        note=note,
        release=release,
        person_id=person_id,
        taken_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made


def last(session: Session, course_id: str, kinds: Collection[str]) -> CourseStep | None:
    """The latest step of these kinds."""
    statement = select(CourseStep).where(CourseStep.course_id == course_id, CourseStep.step.in_(kinds))
    return session.scalars(statement.order_by(CourseStep.id.desc()).limit(1)).first()


def returned(session: Session, course_id: str) -> Step | None:
    """The step that sent the course back, while nothing followed it. One statement."""
    newest = _told(course_id).limit(1)
    found = [_step(row, name or "") for row, name in session.execute(newest)]
    return found[0] if found and found[0].step == RETURNED else None


def latest(session: Session, course_id: str) -> Sequence[Step]:
    """The latest steps of a course, the newest first. One statement."""
    statement = _told(course_id).limit(SHOWN)
    return [_step(row, name or "") for row, name in session.execute(statement)]


def of_releases(session: Session, course_id: str, numbers: Collection[int]) -> dict[int, Step]:
    """Which step of the Werkstatt made a release, by its number. One statement."""
    statement = (
        select(CourseStep, Person.name)
        .outerjoin(Person, Person.id == CourseStep.person_id)
        .where(CourseStep.course_id == course_id, CourseStep.step == PUBLISHED)
        .where(CourseStep.release.in_(numbers))
        .order_by(CourseStep.id)
    )
    return {row.release: _step(row, name or "") for row, name in session.execute(statement) if row.release}


def _told(course_id: str) -> Select[CourseStep, str]:
    """Steps with the names of who took them, the newest first."""
    named = select(CourseStep, Person.name).outerjoin(Person, Person.id == CourseStep.person_id)
    return named.where(CourseStep.course_id == course_id).order_by(CourseStep.id.desc())


def _step(row: CourseStep, name: str) -> Step:
    day = clock.local(row.taken_at).date()
    return Step(row.id, row.step, row.note, row.release, name, row.person_id, day)
