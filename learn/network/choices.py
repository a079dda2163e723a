"""The courses a Klasse has chosen, in its order. Each change leaves one entry in the audit log."""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.core import audit
from learn.network.cohorts import subject
from learn.network.models import Cohort, CohortCourse


def chosen(session: Session, cohort_id: int) -> list[str]:
    """Ids of the courses in their order."""
    statement = (
        select(CohortCourse.course_id)
        .where(CohortCourse.cohort_id == cohort_id)
        .order_by(CohortCourse.position, CohortCourse.course_id)
    )
    return list(session.scalars(statement))


def choose(session: Session, cohort: Cohort, course_id: str, *, by: str) -> bool:
    """Add a course at the end; False when it is chosen already, or there is none of this id."""
    _lock(session, cohort)
    last = len(chosen(session, cohort.id))
    try:
        with session.begin_nested():
            session.add(CohortCourse(cohort_id=cohort.id, course_id=course_id, position=last))
    except IntegrityError:
        return False
    audit.record(session, by, "klasse.kurs_gewaehlt", subject(cohort.id), course_id)
    return True


def move(session: Session, cohort: Cohort, course_id: str, step: int, *, by: str) -> bool:
    """Move a course by one place: -1 up, 1 down; False where it cannot go."""
    _lock(session, cohort)
    order = chosen(session, cohort.id)
    place = order.index(course_id) + step if course_id in order else -1
    if not 0 <= place < len(order):
        return False
    order.remove(course_id)
    order.insert(place, course_id)
    _number(session, cohort, order)
    audit.record(session, by, "klasse.kurse_geordnet", subject(cohort.id))
    return True


def drop(session: Session, cohort: Cohort, course_id: str, *, by: str) -> bool:
    """Take a course from the choice; False when it was not chosen. Nobody's progress changes."""
    _lock(session, cohort)
    mine = CohortCourse.cohort_id == cohort.id, CohortCourse.course_id == course_id
    gone = session.execute(delete(CohortCourse).where(*mine).returning(CohortCourse.course_id)).first()
    if gone is None:
        return False
    _number(session, cohort, chosen(session, cohort.id))
    audit.record(session, by, "klasse.kurs_entfernt", subject(cohort.id), course_id)
    return True


def _lock(session: Session, cohort: Cohort) -> None:
    """One change of the order at a time."""
    session.execute(select(Cohort.id).where(Cohort.id == cohort.id).with_for_update())


def _number(session: Session, cohort: Cohort, order: list[str]) -> None:
    mine = select(CohortCourse).where(CohortCourse.cohort_id == cohort.id)
    for row in session.scalars(mine):
        row.position = order.index(row.course_id)
    session.flush()
