"""Events: what happened, written with it and told by the worker afterwards."""

from typing import Any

from sqlalchemy.orm import Session

from learn.core import clock, jobs
from learn.notices.models import Event
from learn.notices.resolving import RESOLVE


def record(session: Session, kind: str, subject: str, **data: Any) -> Event:
    """Note what happened in the caller's transaction; `data` holds ids only, `subject` is like `frage:12`.

    The worker is asked in the same transaction to find out whom it concerns.
    """
    event = Event(kind=kind, subject=subject, data=data, at=clock.now())
    session.add(event)
    session.flush()
    jobs.enqueue(session, RESOLVE, dedupe=f"{RESOLVE}:{event.id}", event_id=event.id)
    return event
