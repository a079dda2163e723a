"""Events: what happened, written with it and told by the worker afterwards."""

from typing import Any

from sqlalchemy.orm import Session

from learn.core import clock
from learn.notices.models import Event


def record(session: Session, kind: str, subject: str, **data: Any) -> Event:
    """Note what happened in the caller's transaction; `data` holds ids only, `subject` is like `frage:12`."""
    event = Event(kind=kind, subject=subject, data=data, at=clock.now())
    session.add(event)
    session.flush()
    return event
