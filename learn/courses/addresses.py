"""What is published, as lists of addresses: for the site map and the feed of courses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.courses.models import Course, Release, Term
from learn.search.circles import PUBLIC
from learn.search.models import SearchDocument

PUBLISHED = (Course.kind == "kurs", Course.release_id.is_not(None))
PATHS_TOO = (Course.kind.in_(("kurs", "pfad")), Course.release_id.is_not(None))
LESSONS = (SearchDocument.kind == "lektion", SearchDocument.circle == PUBLIC)


@dataclass(frozen=True, slots=True)
class Address:
    """A page and the day of what stands on it; None where no day is known."""

    path: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class News:
    """A course whose current state was published at this instant."""

    course_id: str
    slug: str
    title: str
    outcome: str
    published: datetime


def numbers(session: Session) -> tuple[int, int, int]:
    """How many courses with Lernpfade, lessons and terms are published: one statement."""
    counts = (
        select(func.count()).select_from(Course).where(*PATHS_TOO).scalar_subquery(),
        select(func.count()).select_from(SearchDocument).where(*LESSONS).scalar_subquery(),
        select(func.count(Term.slug.distinct())).scalar_subquery(),
    )
    courses, lessons, terms = session.execute(select(*counts)).one()
    return courses, lessons, terms


def courses(session: Session, start: int, count: int) -> list[Address]:
    """Published courses and Lernpfade in the order of first publication: one statement."""
    rows = select(Course.kind, Course.slug, Course.published_on).where(*PATHS_TOO)
    part = rows.order_by(Course.position, Course.id).offset(start).limit(count)
    return [
        Address(f"/kurse/{slug}" if kind == "kurs" else f"/{slug}", day)
        for kind, slug, day in session.execute(part)
    ]


def lessons(session: Session, start: int, count: int) -> list[Address]:
    """Their lessons, as the index knows them: two statements, however many there are."""
    published = session.execute(select(Course.id, Course.published_on).where(*PUBLISHED))
    days = {course_id: day for course_id, day in published}  # noqa: C416 - rows are no pairs for mypy
    rows = select(SearchDocument.detail).where(*LESSONS).order_by(SearchDocument.id)
    found = session.scalars(rows.offset(start).limit(count))
    return [
        Address(f"/kurse/{each['course']}/{each['lesson']}", days[each["id"]])
        for each in found
        if each["id"] in days
    ]


def terms(session: Session, start: int, count: int) -> list[Address]:
    """Terms of the Vokabelheft, each once: one statement."""
    rows = select(Term.slug).distinct().order_by(Term.slug).offset(start).limit(count)
    return [Address(f"/vokabelheft/{slug}") for slug in session.scalars(rows)]


def newest(session: Session, limit: int) -> Sequence[News]:
    """The courses published last, the newest first: one statement."""
    rows = (
        select(Course.id, Course.slug, Course.title, Course.outcome, Release.created_at)
        .join(Release, Release.id == Course.release_id)
        .where(*PUBLISHED)
        .order_by(Course.published_on.desc(), Course.id.desc())
        .limit(limit)
    )
    found = [News(*row) for row in session.execute(rows)]
    return sorted(found, key=lambda news: news.published, reverse=True)
