"""Closes lines of somebody's Mitteilungen; a later event opens them again."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, true, update
from sqlalchemy.orm import Session

from learn.notices.models import Notice


def close(session: Session, person_id: int, subject: str) -> None:
    """Close the line of a subject, as when its question has been read."""
    _close(session, Notice.person_id == person_id, Notice.subject == subject, ~Notice.done)


def settle(session: Session, subject: str, kinds: Collection[str] = ()) -> None:
    """Close everybody's line of a subject: what it tells is over. With `kinds` only lines that tell those."""
    told = Notice.kind.in_(sorted(kinds)) if kinds else true()
    _close(session, Notice.subject == subject, ~Notice.done, told)


def finish(session: Session, person_id: int, notice_id: int, event_id: int) -> None:
    """„Erledigt“: close a line as it stood; what happened after that event stays open."""
    mine = (Notice.id == notice_id, Notice.person_id == person_id)
    _close(session, *mine, Notice.event_id <= event_id)


def finish_all(session: Session, person_id: int, event_id: int) -> None:
    """„Alle erledigt“: close the lines up to the newest one that was shown."""
    _close(session, Notice.person_id == person_id, ~Notice.done, Notice.event_id <= event_id)


def _close(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(
        update(Notice).where(*which).values(done=True).execution_options(synchronize_session=False)
    )
