"""Closes lines of somebody's Mitteilungen; a later event opens them again."""

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from learn.notices.models import Notice


def close(session: Session, person_id: int, subject: str) -> None:
    """Close the line of a subject, as when its question has been read."""
    _close(session, Notice.person_id == person_id, Notice.subject == subject, ~Notice.done)


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
