"""Which courses wait for approval or for their planned time, for the Koordination's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from learn.workshop.models import WorkCourse

MOST = 50  # courses


@dataclass(frozen=True, slots=True)
class Waiting:
    """A course under review. `planned`: when it will be published, if somebody has set a time."""

    course_id: str
    title: str
    planned: datetime | None


def courses(session: Session) -> Sequence[Waiting]:
    """Courses that were handed in, approved or planned, by title. One statement."""
    columns = (WorkCourse.id, WorkCourse.title, WorkCourse.publish_at)
    statement = select(*columns).where(_waits()).order_by(WorkCourse.title, WorkCourse.id).limit(MOST)
    return [Waiting(*row) for row in session.execute(statement)]


def number(session: Session) -> int:
    """How many courses wait for approval."""
    handed_in = select(func.count()).select_from(WorkCourse).where(WorkCourse.state == "freigabe")
    return session.scalar(handed_in) or 0


def _waits() -> ColumnElement[bool]:
    return or_(WorkCourse.state != "entwurf", WorkCourse.publish_at.is_not(None))
