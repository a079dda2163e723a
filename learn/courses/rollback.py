"""Rolling back: a course points to an earlier (or later) release; numbers only grow, nothing is deleted."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.courses import switch
from learn.courses.models import Course, CourseSlug, Release


def course_named(session: Session, name: str) -> Course:
    """The course with this slug, id or former slug; `glossar` is the network's. Raises Refused."""
    former = select(CourseSlug.course_id).where(CourseSlug.slug == name).scalar_subquery()
    query = select(Course).where(or_(Course.slug == name, Course.id == name, Course.id == former))
    query = query.order_by(Course.slug != name, Course.id != name)
    found = session.scalars(query).first()
    if found is None or found.release_id is None:
        raise Refused(f"Einen veröffentlichten Kurs „{name}“ gibt es nicht.")
    return found


def roll_back(session: Session, name: str, to: int | None = None) -> tuple[str, int]:
    """Point the course to release `to`, by default one back; its slug and the release's number.

    Raises Refused when there is no such release or another course bears its address today.
    """
    return roll_back_all(session, [name], to)[0]


def roll_back_all(session: Session, names: Iterable[str], to: int | None = None) -> list[tuple[str, int]]:
    """The same for several courses at once, so that those that swapped their addresses swap them back."""
    wanted = list(dict.fromkeys(course_named(session, name).id for name in names))
    locked = select(Course).where(Course.id.in_(wanted)).order_by(Course.id).with_for_update()
    courses = {course.id: course for course in session.scalars(locked)}
    pairs = [(courses[identity], _target(session, courses[identity], to)) for identity in wanted]
    moved = [(course, release) for course, release in pairs if release.id != course.release_id]
    _free(session, dict(moved))
    for course, release in moved:
        switch.point(session, course, release)
    return [(course.slug, release.number) for course, release in pairs]


def _target(session: Session, course: Course, to: int | None) -> Release:
    current = session.get_one(Release, course.release_id)
    number = to if to is not None else _before(session, current)
    query = select(Release).where(Release.course_id == course.id, Release.number == number)
    release = session.scalars(query).one_or_none()
    if release is None:
        raise Refused(f"Eine Veröffentlichung {number} von „{course.slug}“ gibt es nicht.")
    return release


def _free(session: Session, moved: Mapping[Course, Release]) -> None:
    """Take the courses from their addresses, so that each may take another's; name who else bears one."""
    today = {course.id: course.slug for course in moved}
    for course in moved:
        course.slug = course.id
    session.flush()
    for course, release in moved.items():
        bearer = session.scalar(select(Course.slug).where(Course.slug == release.manifest["slug"]))
        if bearer is not None:
            both = f"learn content rollback {today[course.id]} {bearer}"
            raise Refused(
                f"Die Adresse „{bearer}“ gehört inzwischen einem anderen Kurs. Versuchen Sie „{both}“."
            )


def _before(session: Session, current: Release) -> int:
    earlier = select(func.max(Release.number)).where(
        Release.course_id == current.course_id, Release.number < current.number
    )
    number = session.scalar(earlier)
    if number is None:
        raise Refused(f"Vor Veröffentlichung {current.number} gibt es keine.")
    return number
