"""The catalogue's cards: filtered, sorted, paged by key on indexes: 1,000 courses cost what ten do."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from learn.core.folding import fold
from learn.core.prepared import ask
from learn.courses.models import Course, CourseTopic


@dataclass(frozen=True, slots=True)
class Card:
    """What the catalogue shows of a course. `minutes` are those of required lessons."""

    id: str
    slug: str
    title: str
    outcome: str
    minutes: int
    lessons: int
    plain: bool
    municipality: str
    image: str
    topics: tuple[str, ...]
    published_on: date


@dataclass(frozen=True, slots=True)
class Page:
    """Cards of one page; `next_cursor` is empty on the last."""

    items: tuple[Card, ...]
    next_cursor: str = ""


Statement = Select[*tuple[Any, ...]]
COLUMNS = (
    Course.id,
    Course.slug,
    Course.title,
    Course.outcome,
    Course.minutes,
    Course.lessons,
    Course.plain,
    Course.municipality,
    Course.image,
    Course.topics,
    Course.published_on,
    Course.position,
)
DURATIONS: dict[str, ColumnElement[bool]] = {
    "30": Course.minutes <= 30,
    "90": Course.minutes <= 90,
    "mehr": Course.minutes > 90,
}


def cards(
    session: Session,
    *,
    q: str = "",
    topic: str = "",
    duration: str = "",
    plain: bool = False,
    sort: str = "",
    after: str | None = None,
    limit: int = 24,
) -> Page:
    """One page of published courses in one statement.

    `duration`: `30`, `90` (up to), `mehr` (over 90 minutes). `sort`: `neu`, `kurz`, anything else
    the order of first publication. `after` is a `next_cursor`; one that fits nothing starts anew.
    """
    sort = sort if sort in {"neu", "kurz"} else ""
    query = _query(fold(q), topic, duration, plain, sort, _read(after, sort), limit)
    rows = ask(session, query).all()
    more = len(rows) > limit
    items = tuple(_card(row) for row in rows[:limit])
    return Page(items, _write(rows[limit - 1], sort) if more else "")


def of_ids(session: Session, ids: Sequence[str]) -> tuple[Card, ...]:
    """These courses in this order, as far as they are published: one statement, none for no ids."""
    if not ids:
        return ()
    published: Statement = select(*COLUMNS).where(
        Course.id.in_(ids), Course.kind == "kurs", Course.release_id.is_not(None)
    )
    found = {row.id: _card(row) for row in session.execute(published)}
    return tuple(found[key] for key in ids if key in found)


def of_town(session: Session, name: str, limit: int = 24) -> tuple[Card, ...]:
    """Courses that come from the town of this name, in the order of first publication."""
    published: Statement = select(*COLUMNS)
    published = published.where(Course.municipality == name, Course.release_id.is_not(None))
    rows = session.execute(published.order_by(Course.position, Course.id).limit(limit))
    return tuple(_card(row) for row in rows)


@lru_cache(maxsize=64)  # building a statement costs more than asking it
def _query(
    words: str, topic: str, duration: str, plain: bool, sort: str, key: tuple[Any, str] | None, limit: int
) -> Statement:
    query = _filtered(select(*COLUMNS), words=words, topic=topic, duration=duration, plain=plain)
    column, descending = _order(sort)
    if key is not None:
        query = query.where(_beyond(column, key, descending=descending))
    order = column.desc() if descending else column
    return query.order_by(order, _identity(descending=descending)).limit(limit + 1)


def _filtered(query: Statement, *, words: str, topic: str, duration: str, plain: bool) -> Statement:
    query = query.where(Course.kind == "kurs", Course.release_id.is_not(None))
    for word in words.split()[:10]:
        query = query.where(Course.words.contains(word, autoescape=True))
    if topic:
        query = query.join(CourseTopic, CourseTopic.course_id == Course.id).where(CourseTopic.topic == topic)
    if duration in DURATIONS:
        query = query.where(DURATIONS[duration])
    return query.where(Course.plain) if plain else query


def _order(sort: str) -> tuple[Any, bool]:
    """The column that sorts, and whether it falls."""
    columns: dict[str, tuple[Any, bool]] = {
        "": (Course.position, False),
        "neu": (Course.published_on, True),
        "kurz": (Course.minutes, False),
    }
    return columns[sort]


def _identity(*, descending: bool) -> Any:
    return Course.id.desc() if descending else Course.id


def _beyond(column: Any, key: tuple[Any, str], *, descending: bool) -> ColumnElement[bool]:
    value, identity = key
    if descending:
        return or_(column < value, and_(column == value, Course.id < identity))
    return or_(column > value, and_(column == value, Course.id > identity))


def _write(row: Row[Any], sort: str) -> str:
    value = {"": row.position, "neu": row.published_on.isoformat(), "kurz": row.minutes}[sort]
    return urlsafe_b64encode(json.dumps([sort, value, row.id]).encode()).decode().rstrip("=")


def _read(cursor: str | None, sort: str) -> tuple[Any, str] | None:
    if not cursor:
        return None
    try:
        written, value, identity = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if sort == "neu":
            value = date.fromisoformat(value)
    except (ValueError, TypeError, binascii.Error):
        return None
    fits = isinstance(value, date if sort == "neu" else int) and isinstance(identity, str)
    return (value, identity) if fits and written == sort else None


def _card(row: Row[Any]) -> Card:
    return Card(
        id=row.id,
        slug=row.slug,
        title=row.title,
        outcome=row.outcome,
        minutes=row.minutes,
        lessons=row.lessons,
        plain=row.plain,
        municipality=row.municipality,
        image=row.image,
        topics=tuple(row.topics),
        published_on=row.published_on,
    )
