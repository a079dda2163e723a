"""Rolling back: a course points to an earlier (or later) release; numbers only grow, nothing is deleted."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.courses import switch
from learn.courses.models import Course, CourseSlug, Release


def course_named(session: Session, name: str, *, lock: bool = False) -> Course:
    """The course with this slug, id or former slug; `glossar` is the network's. Raises Refused."""
    former = select(CourseSlug.course_id).where(CourseSlug.slug == name).scalar_subquery()
    query = select(Course).where(or_(Course.slug == name, Course.id == name, Course.id == former))
    query = query.order_by(Course.slug != name, Course.id != name)
    found = session.scalars(query.with_for_update() if lock else query).first()
    if found is None or found.release_id is None:
        raise Refused(f"Einen veröffentlichten Kurs „{name}“ gibt es nicht.")
    return found


def roll_back(session: Session, name: str, to: int | None = None) -> tuple[str, int]:
    """Point the course to release `to`, by default one back; its slug and the release's number.

    Raises Refused when there is no such release or another course bears its address today.
    """
    course = course_named(session, name, lock=True)
    current = session.get_one(Release, course.release_id)
    number = to if to is not None else _before(session, current)
    query = select(Release).where(Release.course_id == course.id, Release.number == number)
    release = session.scalars(query).one_or_none()
    if release is None:
        raise Refused(f"Eine Veröffentlichung {number} von „{course.slug}“ gibt es nicht.")
    if release.id != current.id:
        switch.point(session, course, release)
    return course.slug, release.number


def _before(session: Session, current: Release) -> int:
    earlier = select(func.max(Release.number)).where(
        Release.course_id == current.course_id, Release.number < current.number
    )
    number = session.scalar(earlier)
    if number is None:
        raise Refused(f"Vor Veröffentlichung {current.number} gibt es keine.")
    return number
