"""Stored states of a text: noted with every change, compared word by word, brought back."""

import zlib
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor
from learn.workshop.models import WorkCourse, WorkRevision

KEPT = 200  # states of one text
YEAR = timedelta(days=365)


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
