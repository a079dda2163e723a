"""All courses of the network as the Werkstatt lists them: in work, waiting for release, published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock
from learn.core.access import Actor
from learn.core.folding import fold
from learn.core.paging import ROWS, Slice, read
from learn.core.paging import write as cursor
from learn.courses.models import Course, Release, ReleaseFile
from learn.workshop.holding import revision_of
from learn.workshop.models import WorkCourse, WorkPicture, WorkText

GLOSSARY = "glo_"
SHOWN = 50  # courses of one state that a page lists; a word of the title leads to the others


@dataclass(frozen=True, slots=True)
class Work:
    """A course that differs from its release. `changes`: how many of its texts do; `mine`: she was the last.

    `by` is empty once the person is gone. `release`: whether there is one.
    """

    id: str
    title: str
    state: str
    changes: int
    publish_at: datetime | None
    day: date
    by: str
    mine: bool
    release: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A course without changes."""

    id: str
    slug: str
    title: str
    day: date


def work(session: Session, actor: Actor, words: str = "") -> Sequence[Work]:
    """Courses with changes, with these words in their titles, hers first, then the latest. One statement."""
    texts = select(WorkText.course_id, func.count().label("count")).group_by(WorkText.course_id).subquery()
    released = (ReleaseFile.release_id == Course.release_id) & (ReleaseFile.path == WorkPicture.path)
    shown = (
        select(WorkPicture.course_id)
        .join(ReleaseFile, released)
        .where(WorkPicture.course_id == WorkCourse.id)
        .where(WorkPicture.removed | (WorkPicture.sha != ReleaseFile.sha))
        .correlate(WorkCourse, Course)
        .exists()
    )
    statement = (
        select(WorkCourse, texts.c.count, Person.name, Release.number)
        .outerjoin(texts, texts.c.course_id == WorkCourse.id)
        .outerjoin(Person, Person.id == WorkCourse.changed_by)
        .outerjoin(Course, Course.id == WorkCourse.id)
        .outerjoin(Release, Release.id == Course.release_id)
        .where(
            texts.c.count.is_not(None)
            | shown
            | (WorkCourse.state != "entwurf")
            | (Course.slug != WorkCourse.slug)
        )
        .where(WorkCourse.id.like("kur\\_%", escape="\\"))
        .order_by(WorkCourse.changed_at.desc(), WorkCourse.id)
    )
    rows = [
        Work(
            id=row.id,
            title=row.title,
            state=row.stand(revision_of(number or 0, row)),
            changes=count or 0,
            publish_at=row.publish_at,
            day=clock.local(row.changed_at).date(),
            by=name or "",
            mine=row.changed_by == actor.person_id,
            release=number is not None,
        )
        for row, count, name, number in session.execute(statement)
    ]
    found = [row for row in rows if fold(words) in fold(row.title)]
    return sorted(found, key=lambda row: not row.mine)


def published(session: Session, after: str | None, words: str = "") -> Slice[Published]:
    """Published courses by title, 25 at a time; those with changes stand here too. One statement.

    `words`: what a course says of itself has to contain them.
    """
    keys = (func.lower(Course.title), Course.id)
    position = read(after, 2)
    statement = select(Course.id, Course.slug, Course.title, Course.published_on).where(
        Course.kind == "kurs", Course.release_id.is_not(None)
    )
    if words:
        statement = statement.where(Course.words.contains(fold(words), autoescape=True))
    if position is not None:
        title, identity = position
        beyond = (keys[0] > title) | ((keys[0] == title) & (Course.id > identity))
        statement = statement.where(beyond)
    rows = session.execute(statement.add_columns(keys[0].label("sort")).order_by(*keys).limit(ROWS + 1)).all()
    shown = [Published(row.id, row.slug, row.title, row.published_on) for row in rows[:ROWS]]
    more = len(rows) > ROWS
    return Slice(shown, cursor([rows[ROWS - 1].sort, rows[ROWS - 1].id]) if more else "")
