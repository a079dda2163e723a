"""What waits for the Koordination: questions without an Antwort for five working days, and the rest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from learn.core import clock, paging, workdays
from learn.core.paging import Slice
from learn.forum import acts, counting, reporting
from learn.forum.models import Moderation, Question, Report
from learn.network.models import Municipality, Topic

WORKDAYS = 5
LOOK = 200  # rows of the list „Offen“ that a page examines at most
MOST = 20  # are counted
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BEFORE = timedelta(days=WORKDAYS)  # no five working days take fewer


@dataclass(frozen=True, slots=True)
class Overdue:
    """A question nobody has answered. `days`: whole days since it was asked."""

    id: int
    title: str
    slug: str
    topic: str
    town: str
    ags: str
    asked_on: date
    me_too: int
    days: int


@dataclass(frozen=True, slots=True)
class Pending:
    """How much waits at the desk, each counted to MOST."""

    reports: int
    objections: int
    proposals: int


def overdue(session: Session, after: str | None, closed: Collection[date]) -> Slice[Overdue]:
    """Open questions without an Antwort for five working days of their Land, by waiting need.

    `closed`: further days off. A page may hold fewer rows than others and still go on.
    """
    rows = session.execute(_open(_place(after))).all()
    found: list[Overdue] = []
    for row in rows[:LOOK]:
        if _waits(row, closed):
            found.append(_described(row))
            if len(found) == paging.ROWS:
                return Slice(found, _cursor(row) if row is not rows[-1] else "")
    return Slice(found, _cursor(rows[LOOK - 1]) if len(rows) > LOOK else "")


def pending(session: Session) -> Pending:
    """What waits beside them: one statement."""
    reports = select(Report.post_id).where(Report.state == reporting.OPEN).distinct().limit(MOST)
    objections = select(Moderation.id).where(Moderation.objection_state == acts.OPEN).limit(MOST)
    proposals = select(Topic.slug).where(~Topic.accepted).limit(MOST)
    parts = (_counted(part) for part in (reports, objections, proposals))
    return Pending(*session.execute(select(*parts)).one())


def _counted(some: Select[Any]) -> Any:
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def _open(place: tuple[datetime, int] | None) -> Any:
    """The list „Offen“ of all circles from a place on."""
    statement = (
        select(
            Question.id,
            Question.title,
            Question.slug,
            Question.topic,
            Question.asked_at,
            Question.waits_since,
            Question.me_too,
            Question.answers,
            Question.listed,
            Question.locked,
            Municipality.name,
            Municipality.ags,
        )
        .outerjoin(Municipality, Municipality.id == Question.municipality_id)
        .where(Question.state == counting.OPEN)
        .order_by(Question.waits_since, Question.id)
        .limit(LOOK + 1)
    )
    if place is not None:
        statement = statement.where(tuple_(Question.waits_since, Question.id) > place)
    return statement


def _waits(row: Row[Any], closed: Collection[date]) -> bool:
    if row.answers or row.locked or not row.listed or row.asked_at > clock.now() - BEFORE:
        return False
    asked = clock.local(row.asked_at).date()
    return workdays.after(asked, WORKDAYS, row.ags or "", closed) <= clock.today()


def _described(row: Row[Any]) -> Overdue:
    asked = clock.local(row.asked_at).date()
    days = (clock.today() - asked).days
    return Overdue(
        row.id, row.title, row.slug, row.topic, row.name or "", row.ags or "", asked, row.me_too, days
    )


def _place(after: str | None) -> tuple[datetime, int] | None:
    found: Sequence[Any] | None = paging.read(after, 2)
    if found is None or [type(part) for part in found] != [int, int]:
        return None
    try:
        return EPOCH + found[0] * MICROSECOND, found[1]
    except OverflowError:
        return None


def _cursor(row: Row[Any]) -> str:
    return paging.write([(row.waits_since - EPOCH) // MICROSECOND, row.id])
