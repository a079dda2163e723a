"""Stored states of a text: noted with every change, listed, brought back."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock
from learn.core.access import Actor
from learn.core.paging import Slice, slice_of
from learn.courses.published import chunks
from learn.workshop.models import WorkCourse, WorkRevision

KEPT = 200  # states of one text
YEAR = timedelta(days=365)
READ_IN = ("eingelesen", "angelegt")  # causes of states that came as files or with a new course


@dataclass(frozen=True, slots=True)
class State:
    """A line of the history. `who`: a name, empty for what was published and for people who have left."""

    number: int
    cause: str
    who: str
    saved_at: datetime


def states(session: Session, key: str, after: str | None) -> Slice[State]:
    """The stored states, the latest first, 25 at a time."""
    found = slice_of(
        session,
        select(WorkRevision).where(WorkRevision.key == key),
        [WorkRevision.number],
        after,
        descending=True,
    )
    people = {row.saved_by for row in found.rows} - {None}
    named = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names: dict[int | None, str] = {row.id: row.name for row in named}
    rows = [State(row.number, row.cause, names.get(row.saved_by, ""), row.saved_at) for row in found.rows]
    return Slice(rows, found.after)


def state(session: Session, key: str, number: int) -> State | None:
    """One of them."""
    query = select(WorkRevision, Person.name).outerjoin(Person, Person.id == WorkRevision.saved_by)
    row = session.execute(query.where(WorkRevision.key == key, WorkRevision.number == number)).one_or_none()
    if row is None:
        return None
    return State(row[0].number, row[0].cause, row[1] or "", row[0].saved_at)


def text_of(session: Session, key: str, number: int) -> str | None:
    """The whole text of a state."""
    query = select(WorkRevision.packed).where(WorkRevision.key == key, WorkRevision.number == number)
    data = session.scalar(query)
    return None if data is None else unpacked(data)


def next_number(session: Session, key: str) -> int:
    """The number of the next state; numbers only grow."""
    last = session.scalar(select(func.max(WorkRevision.number)).where(WorkRevision.key == key))
    return (last or 0) + 1


def note(
    session: Session, actor: Actor | None, work: WorkCourse, key: str, path: str, text: str, cause: str
) -> int:
    """Store a state; its number. The oldest beyond 200 go."""
    number = next_number(session, key)
    session.add(
        WorkRevision(
            key=key,
            number=number,
            course_id=work.id,
            path=path,
            packed=packed(text),
            cause=cause,
            saved_by=actor.owner if actor else None,
            saved_at=clock.now(),
        )
    )
    session.flush()
    old = (WorkRevision.key == key) & (WorkRevision.number <= number - KEPT)
    session.execute(delete(WorkRevision).where(old))
    return number


def as_read(session: Session, numbers: Mapping[str, int]) -> set[str]:
    """Keys of texts whose state of this number came as a file."""
    found: set[str] = set()
    columns = (WorkRevision.key, WorkRevision.number)
    for some in chunks(numbers):
        wanted = WorkRevision.key.in_(some) & WorkRevision.cause.in_(READ_IN)
        rows = session.execute(select(*columns).where(wanted))
        found |= {row.key for row in rows if numbers[row.key] == row.number}
    return found


def note_published(session: Session, work: WorkCourse, key: str, path: str, text: str) -> None:
    """Store the published state a change begins from, unless it is the latest already."""
    query = select(WorkRevision.packed).where(WorkRevision.key == key).order_by(WorkRevision.number.desc())
    last = session.scalar(query.limit(1))
    if last is None or unpacked(last) != text:
        note(session, None, work, key, path, text, f"Veröffentlichung {work.base}")


def packed(text: str) -> bytes:
    return zlib.compress(text.encode(), 6)


def unpacked(data: bytes) -> str:
    return zlib.decompress(data).decode()
